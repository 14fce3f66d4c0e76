// What systemd hears from the kiosk, on a real datagram socket and a clock that the test moves.
#include "kiosk/app/service_notice.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <vector>

namespace {

using app::ServiceNotice;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

// The service manager's end of the wire.
class Listener {
public:
    explicit Listener(bool abstract) {
        const auto unique = "kiosk-notice-" + std::to_string(::getpid());
        name_ = abstract ? "@" + unique : (fs::temp_directory_path() / unique).string();
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, name_.data(), name_.size());
        if (abstract) address.sun_path[0] = '\0';
        fd_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
        const auto size = socklen_t(offsetof(sockaddr_un, sun_path) + name_.size());
        REQUIRE(::bind(fd_, reinterpret_cast<const sockaddr*>(&address), size) == 0);
    }
    ~Listener() {
        ::close(fd_);
        if (name_.front() != '@') fs::remove(name_);
    }
    const std::string& name() const { return name_; }
    std::vector<std::string> heard() {
        std::vector<std::string> messages;
        char text[256];
        for (ssize_t size = 0; (size = ::recv(fd_, text, sizeof text, 0)) >= 0;)
            messages.emplace_back(text, std::size_t(size));
        return messages;
    }

private:
    std::string name_;
    int fd_ = -1;
};

using Heard = std::vector<std::string>;

base::MonotonicTime at(base::Milliseconds time) {
    return base::MonotonicTime(time);
}

// Sets a variable of the environment and takes it away again.
struct Variable {
    const char* name;
    Variable(const char* which, const std::string& value) : name(which) {
        ::setenv(name, value.c_str(), 1);
    }
    ~Variable() { ::unsetenv(name); }
};

} // namespace

TEST_CASE("the service manager hears that the kiosk is ready, lives and stops", "[unit][service]") {
    const bool abstract = GENERATE(false, true);
    Listener listener(abstract);
    ServiceNotice notice(listener.name(), 10s);
    notice.ready();
    notice.beat(at(0s), {at(0s)});
    notice.stopping();
    CHECK(listener.heard() == Heard{"READY=1", "WATCHDOG=1", "STOPPING=1"});
}

TEST_CASE("beats are four to a span and no more", "[unit][service]") {
    Listener listener(true);
    ServiceNotice notice(listener.name(), 10s);
    REQUIRE(notice.interval() == 2500ms);
    for (auto time = 0ms; time < 20s; time += 100ms) notice.beat(at(time), {at(time)});
    CHECK(listener.heard().size() == 8);
}

TEST_CASE("a loop that hangs holds the beat back until it reports again", "[unit][service]") {
    Listener listener(true);
    ServiceNotice notice(listener.name(), 10s);
    notice.beat(at(10s), {at(10s), at(5s)});
    CHECK(listener.heard().size() == 1);
    notice.beat(at(20s), {at(20s), at(14'999ms)}); // the second has hung for longer than 5 s
    notice.beat(at(21s), {at(15s), at(21s)});      // the first has
    CHECK(listener.heard().empty());
    notice.beat(at(22s), {at(22s), at(21s)});
    CHECK(listener.heard() == Heard{"WATCHDOG=1"});
}

TEST_CASE("a beat that could not be sent is tried at the next turn", "[unit][service]") {
    auto listener = std::make_unique<Listener>(true);
    ServiceNotice notice(listener->name(), 10s);
    listener.reset();
    notice.beat(at(0s), {at(0s)});
    listener = std::make_unique<Listener>(true);
    notice.beat(at(100ms), {at(100ms)});
    CHECK(listener->heard().size() == 1);
}

TEST_CASE("without a service manager nothing is sent and nothing fails", "[unit][service]") {
    const auto notice = ServiceNotice::from_environment();
    CHECK_FALSE(notice.interval().has_value());
    for (const auto& nobody :
         {std::string(), std::string("@nobody-listens"), std::string(200, 'x')}) {
        ServiceNotice silent(nobody, 10s);
        silent.ready();
        silent.beat(at(0s), {});
    }
}

TEST_CASE("socket and span come from the service manager's variables", "[unit][service]") {
    Listener listener(true);
    const Variable socket("NOTIFY_SOCKET", listener.name());
    const Variable span("WATCHDOG_USEC", "10000000");
    CHECK(ServiceNotice::from_environment().interval() == 2500ms);
    ServiceNotice::from_environment().ready();
    CHECK(listener.heard() == Heard{"READY=1"});
    {
        const Variable ours("WATCHDOG_PID", std::to_string(::getpid()));
        CHECK(ServiceNotice::from_environment().interval().has_value());
    }
    const Variable another("WATCHDOG_PID", "1");
    CHECK_FALSE(ServiceNotice::from_environment().interval().has_value());
    const Variable nonsense("WATCHDOG_USEC", "soon");
    CHECK_FALSE(ServiceNotice::from_environment().interval().has_value());
}
