#include "tests/support/virtual_card.hpp"

#include <catch2/catch.hpp>

#include <arpa/inet.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace tests {
namespace {

using base::Errc;
using base::Error;
using base::Result;

constexpr const char* daemon_path = "/usr/sbin/pcscd";
// Where Debian's package vsmartcard-vpcd puts it.
constexpr const char* driver_path = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}
bool can_bind(std::uint16_t port) {
    const int handle = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto address = loopback(port);
    const bool can = bind(handle, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    close(handle);
    return can;
}
// Two free ports in a row, one per reader. Begins where no other process of this test begins.
std::uint16_t free_ports(std::uint16_t after) {
    const auto first = after ? after + 2 : 20000 + getpid() % 10000 * 4;
    for (int port = first; port < 65000; port += 2)
        if (can_bind(std::uint16_t(port)) && can_bind(std::uint16_t(port + 1)))
            return std::uint16_t(port);
    return 0;
}

// One for all daemons of this process: libpcsclite asks for the name of the socket once.
const std::string& folder_of_this_process() {
    struct Folder {
        std::string name;
        Folder() : name((std::filesystem::temp_directory_path() / "kiosk-pcscd-XXXXXX").string()) {
            REQUIRE(mkdtemp(name.data()) != nullptr);
        }
        ~Folder() {
            std::error_code ignored;
            std::filesystem::remove_all(name, ignored);
        }
    };
    static const Folder folder;
    return folder.name;
}

// In the child, between fork and exec: only calls into the kernel.
void write_to(const char* path, const char* text) {
    const int file = open(path, O_WRONLY | O_CLOEXEC);
    (void)!write(file, text, strlen(text));
    close(file);
}
void become_daemon(int socket, const char* log, const char* folder, const char* user,
                   const char* group, char* const environment[]) {
    // A /run of its own. A user who is not root needs a namespace of users for that; where there is
    // none, the daemon says itself whether it can live with the machine's /run.
    const bool is_root = geteuid() == 0;
    if (unshare(CLONE_NEWNS | (is_root ? 0 : CLONE_NEWUSER)) == 0) {
        if (!is_root) {
            write_to("/proc/self/uid_map", user);
            write_to("/proc/self/setgroups", "deny"); // user_namespaces(7): before gid_map
            write_to("/proc/self/gid_map", group);
        }
        mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr);
        mount("none", "/run", "tmpfs", 0, nullptr);
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int output = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    if (socket == 3)
        fcntl(socket, F_SETFD, 0);
    else
        dup2(socket, 3); // the first handed-over socket: sd_listen_fds(3)
    const char* const arguments[] = {"pcscd", "--foreground", "--config", folder, nullptr};
    execve(daemon_path, const_cast<char* const*>(arguments), environment);
    _exit(127);
}

int listen_at(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    const int handle = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(handle, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
        listen(handle, 8) == 0)
        return handle;
    close(handle);
    return -1;
}

bool read_whole(int handle, std::uint8_t* at, std::size_t size) {
    while (size > 0) {
        const auto got = recv(handle, at, size, 0);
        if (got <= 0) return false;
        at += got;
        size -= std::size_t(got);
    }
    return true;
}
void send_message(int handle, base::ByteView message) {
    base::Bytes bytes = {std::uint8_t(message.size() >> 8), std::uint8_t(message.size())};
    bytes.insert(bytes.end(), message.begin(), message.end());
    (void)!send(handle, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

} // namespace

PrivatePcscd::PrivatePcscd() : folder_(folder_of_this_process()) {
    setenv("PCSCLITE_CSOCK_NAME", (folder_ + "/socket").c_str(), 1);
}
PrivatePcscd::~PrivatePcscd() {
    stop();
}

Result<void> PrivatePcscd::start() {
    for (const auto* path : {daemon_path, driver_path})
        if (!std::filesystem::exists(path))
            return Error{Errc::unsupported, std::string("no ") + path};
    port_ = free_ports(port_);
    std::filesystem::create_directories(folder_ + "/readers");
    std::ofstream(folder_ + "/readers/vpcd")
        << "FRIENDLYNAME \"Virtual PCD\"\nDEVICENAME /dev/null:" << port_ << "\nLIBPATH "
        << driver_path << "\nCHANNELID " << port_ << "\n";
    const int socket = listen_at(folder_ + "/socket");
    if (socket < 0) return Error{Errc::unsupported, "no socket"};

    const auto log = folder_ + "/log";
    const auto readers = folder_ + "/readers";
    const auto user = "0 " + std::to_string(geteuid()) + " 1"; // root inside, this user outside
    const auto group = "0 " + std::to_string(getegid()) + " 1";
    child_ = fork();
    if (child_ == 0) {
        // sd_listen_fds() wants the number of the process itself, known only here.
        char pid[32] = "LISTEN_PID=";
        char* at = pid + 11;
        char digits[16];
        int count = 0;
        for (auto left = getpid(); left > 0; left /= 10) digits[count++] = char('0' + left % 10);
        while (count > 0) *at++ = digits[--count];
        char fds[] = "LISTEN_FDS=1";
        char* const environment[] = {pid, fds, nullptr};
        become_daemon(socket, log.c_str(), readers.c_str(), user.c_str(), group.c_str(),
                      environment);
    }
    close(socket); // the child's alone: when it dies, nobody listens
    if (child_ < 0) return Error{Errc::unsupported, "no process"};
    return {};
}

void PrivatePcscd::hang() {
    kill(child_, SIGSTOP);
    siginfo_t stopped{};
    waitid(P_PID, id_t(child_), &stopped, WSTOPPED); // it stands still from here on
}

void PrivatePcscd::go_on() {
    kill(child_, SIGCONT);
}

bool PrivatePcscd::is_running() {
    if (child_ > 0 && waitpid(child_, nullptr, WNOHANG) == child_) child_ = -1;
    return child_ > 0;
}

std::string PrivatePcscd::log() const {
    std::ifstream file(folder_ + "/log");
    return {std::istreambuf_iterator<char>(file), {}};
}

void PrivatePcscd::stop() {
    if (child_ > 0) {
        kill(child_, SIGKILL);
        waitpid(child_, nullptr, 0);
        child_ = -1;
    }
    unlink((folder_ + "/socket").c_str());
}

VirtualCard::VirtualCard(drivers::SimulatedStaffCard card, std::uint16_t port, Fate fate)
    : card_(std::move(card)), fate_(std::move(fate)) {
    socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto address = loopback(port);
    REQUIRE(connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    thread_ = std::thread([this] { serve(); });
}
VirtualCard::~VirtualCard() {
    shutdown(socket_, SHUT_RDWR); // pulled: wakes the thread, and the driver sees the card go
    thread_.join();
    close(socket_);
}

void VirtualCard::serve() {
    std::size_t commands = 0;
    for (;;) {
        std::array<std::uint8_t, 2> head{};
        if (!read_whole(socket_, head.data(), head.size())) return;
        base::Bytes message(std::size_t(head[0] << 8 | head[1]));
        if (!read_whole(socket_, message.data(), message.size())) return;
        if (message.size() == 1) {
            if (message[0] <= 2) card_.power_up();
            if (message[0] == 4) send_message(socket_, card_.answer_to_reset());
            continue;
        }
        if (fate_ && fate_(commands++)) {
            shutdown(socket_, SHUT_RDWR);
            return;
        }
        if (const auto answer = card_.answer(message)) send_message(socket_, *answer);
    }
}

} // namespace tests
