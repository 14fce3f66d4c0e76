#include "tests/support/vhci_sockets.hpp"

#include "drivers/wait.hpp"
#include "kiosk/base/check.hpp"

#include <arpa/inet.h>
#include <array>
#include <atomic>
#include <cerrno>
#include <fstream>
#include <list>
#include <poll.h>
#include <sstream>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace test_support {

using base::Bytes;
using drivers::SimulatedUsbDevice;
using drivers::UsbAnswer;

namespace {

const std::string host_controller = "/sys/devices/platform/vhci_hcd.0/";

// usbip_header, 48 bytes, big endian (usbip_protocol.rst).
struct Header {
    std::uint32_t command, sequence, device, direction, endpoint;
    // A request: flags, length, ... An answer: status, actual length, ...
    std::int32_t first, length, third, fourth, fifth;
    std::array<std::uint8_t, 8> setup;
};
static_assert(sizeof(Header) == 48);
constexpr std::uint32_t command_submit = 1, command_unlink = 2, answer_submit = 3,
                        answer_unlink = 4;

bool read_all(int from, void* into, std::size_t size) {
    for (auto* at = static_cast<char*>(into); size > 0;) {
        const auto count = ::read(from, at, size);
        if (count <= 0) return false;
        at += count;
        size -= std::size_t(count);
    }
    return true;
}

bool write_all(int to, const void* from, std::size_t size) {
    for (const auto* at = static_cast<const char*>(from); size > 0;) {
        const auto count = ::send(to, at, size, MSG_NOSIGNAL);
        if (count <= 0) return false;
        at += count;
        size -= std::size_t(count);
    }
    return true;
}

// One line of the controller's status file: hub, port, state, speed, device, socket, busid.
struct PortLine {
    std::string hub, busid;
    int port = 0, state = 0;
};

std::list<PortLine> port_lines() {
    std::list<PortLine> lines;
    std::ifstream file(host_controller + "status");
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        PortLine each;
        std::string speed, device, socket;
        if (words >> each.hub >> each.port >> each.state >> speed >> device >> socket >> each.busid)
            lines.push_back(each);
    }
    return lines;
}
constexpr int port_is_free = 4, port_is_used = 6;

int free_port() {
    for (const auto& line : port_lines())
        if (line.hub == "hs" && line.state == port_is_free) return line.port;
    return -1;
}

} // namespace

// The far end of one cable: answers what the kernel asks of the device.
class VhciSockets::Cable {
public:
    Cable(SimulatedUsbDevice& device, int socket) : device_(device), socket_(socket) {
        thread_ = std::jthread([this](std::stop_token stop) { serve(stop); });
    }
    ~Cable() {
        thread_.request_stop();
        if (thread_.joinable()) thread_.join();
    }
    Cable(const Cable&) = delete;
    Cable& operator=(const Cable&) = delete;

    void pull_after(std::size_t bytes) { bytes_left_ = std::int64_t(bytes); }

private:
    struct Waiting {
        std::uint32_t sequence;
        std::uint8_t endpoint;
        std::size_t capacity;
    };
    struct Offered {
        std::uint32_t sequence;
        std::uint8_t endpoint;
        Bytes bytes;
        std::size_t taken = 0;
    };

    // Closing the socket is pulling the plug.
    void serve(std::stop_token stop) {
        while (!stop.stop_requested() && turn()) continue;
        ::close(socket_);
    }

    bool turn() {
        pollfd input{socket_, POLLIN, 0};
        if (::poll(&input, 1, 5) > 0 && !take_message()) return false;
        return offer_what_is_left() && give_what_is_ready();
    }

    bool take_message() {
        Header header{};
        if (!read_all(socket_, &header, sizeof header)) return false;
        const auto sequence = ntohl(header.sequence);
        if (ntohl(header.command) == command_unlink)
            return forget(sequence, ntohl(std::uint32_t(header.first)));
        if (ntohl(header.command) != command_submit) return false;
        const bool is_in = ntohl(header.direction) != 0;
        const auto length = std::size_t(ntohl(std::uint32_t(header.length)));
        Bytes out(is_in ? 0 : length);
        if (!out.empty() && !read_all(socket_, out.data(), out.size())) return false;
        const auto endpoint = ntohl(header.endpoint);
        if (endpoint == 0) return answer_control(sequence, header.setup, out, is_in);
        if (is_in) {
            waiting_.push_back({sequence, std::uint8_t(endpoint | 0x80), length});
            return true;
        }
        offered_.push_back({sequence, std::uint8_t(endpoint), std::move(out)});
        return true;
    }

    // In their order; what a device has no room for waits for it.
    bool offer_what_is_left() {
        while (!offered_.empty()) {
            auto& each = offered_.front();
            std::size_t count = 0;
            const auto rest = base::ByteView(each.bytes).subspan(each.taken);
            const auto answer = device_.out(each.endpoint, rest, count);
            each.taken += count;
            if (answer == UsbAnswer::nak) return true;
            if (!reply(each.sequence, answer, {}, each.taken)) return false;
            offered_.pop_front();
        }
        return true;
    }

    bool answer_control(std::uint32_t sequence, const std::array<std::uint8_t, 8>& setup,
                        const Bytes& out, bool is_in) {
        const drivers::UsbRequest request{{setup[0], setup[1],
                                           std::uint16_t(setup[2] | setup[3] << 8),
                                           std::uint16_t(setup[4] | setup[5] << 8)},
                                          std::uint16_t(setup[6] | setup[7] << 8)};
        Bytes in;
        auto answer = device_.control(request, out, in);
        if (answer == UsbAnswer::nak) answer = UsbAnswer::stall;
        return reply(sequence, answer, is_in ? in : Bytes(), is_in ? in.size() : out.size());
    }

    bool give_what_is_ready() {
        for (auto each = waiting_.begin(); each != waiting_.end();) {
            Bytes bytes;
            const auto answer = device_.in(each->endpoint, each->capacity, bytes);
            if (answer == UsbAnswer::nak) {
                ++each;
                continue;
            }
            if (!reply(each->sequence, answer, bytes, bytes.size())) return false;
            if (bytes_left_ >= 0 && (bytes_left_ -= std::int64_t(bytes.size())) < 0) return false;
            each = waiting_.erase(each);
        }
        return true;
    }

    bool reply(std::uint32_t sequence, UsbAnswer answer, const Bytes& bytes, std::size_t actual) {
        const int status = answer == UsbAnswer::ok      ? 0
                           : answer == UsbAnswer::stall ? -EPIPE
                                                        : -EPROTO;
        if (answer == UsbAnswer::stall) actual = 0;
        Header header{};
        header.command = htonl(answer_submit);
        header.sequence = htonl(sequence);
        header.first = std::int32_t(htonl(std::uint32_t(status)));
        header.length = std::int32_t(htonl(std::uint32_t(actual)));
        return write_all(socket_, &header, sizeof header) &&
               (answer != UsbAnswer::ok || bytes.empty() ||
                write_all(socket_, bytes.data(), bytes.size()));
    }

    bool forget(std::uint32_t sequence, std::uint32_t victim) {
        auto count = std::erase_if(
            waiting_, [victim](const Waiting& each) { return each.sequence == victim; });
        for (auto each = offered_.begin(); each != offered_.end(); ++each) {
            if (each->sequence != victim) continue;
            // An answer to an unlink has no room for what went: the transfer is answered itself.
            if (each->taken > 0 && !reply(victim, UsbAnswer::ok, {}, each->taken)) return false;
            count += each->taken > 0 ? 0 : 1;
            offered_.erase(each);
            break;
        }
        Header header{};
        header.command = htonl(answer_unlink);
        header.sequence = htonl(sequence);
        header.first = std::int32_t(htonl(std::uint32_t(count > 0 ? -ECONNRESET : 0)));
        return write_all(socket_, &header, sizeof header);
    }

    SimulatedUsbDevice& device_;
    int socket_;
    std::list<Waiting> waiting_;
    std::list<Offered> offered_;
    std::atomic<std::int64_t> bytes_left_{-1};
    std::jthread thread_; // last: it uses the others
};

VhciSockets::VhciSockets() = default;
VhciSockets::~VhciSockets() = default;

std::string VhciSockets::plug(SimulatedUsbDevice& device) {
    const int port = free_port();
    CHECK(port >= 0);
    std::array<int, 2> ends{};
    CHECK(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
    auto cable = std::make_unique<Cable>(device, ends[0]);
    {
        constexpr int full_speed = 2;
        std::ofstream attach(host_controller + "attach");
        attach << port << ' ' << ends[1] << ' ' << (1 << 16 | (port + 1)) << ' ' << full_speed;
        attach.flush();
        CHECK(bool(attach));
    }
    ::close(ends[1]); // the kernel has its own
    const auto wait = drivers::real_wait();
    for (int i = 0; i < 3000; ++i) { // emulation is slow; then something is wrong
        for (const auto& line : port_lines())
            if (line.hub == "hs" && line.port == port && line.state == port_is_used &&
                line.busid != "0-0") {
                cables_[line.busid] = std::move(cable);
                return line.busid;
            }
        wait(base::Milliseconds(10), {});
    }
    CHECK(false);
}

void VhciSockets::unplug(const std::string& port) {
    cables_.erase(port);
    const auto wait = drivers::real_wait();
    for (int i = 0; i < 3000; ++i) {
        bool is_there = false;
        for (const auto& line : port_lines()) is_there = is_there || line.busid == port;
        if (!is_there) return;
        wait(base::Milliseconds(10), {});
    }
    CHECK(false);
}

void VhciSockets::unplug_after(const std::string& port, std::size_t bytes) {
    cables_.at(port)->pull_after(bytes);
}

} // namespace test_support
