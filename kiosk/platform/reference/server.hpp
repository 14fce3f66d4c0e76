// The reference platform on loopback HTTPS: client certificate required, TLS 1.2 or later. Beside
// it a plain HTTP page for people, which shows numbers, matters, times and states.
#pragma once

#include "kiosk/platform/reference/reference_platform.hpp"

#include <memory>
#include <string>

namespace platform {

class ReferenceServer {
public:
    // Listens on 127.0.0.1; port 0 takes any free one. Returns when both ports answer.
    // Errors: conflict (the port is in use: the context says which), corrupt (keys), io.
    static base::Result<std::unique_ptr<ReferenceServer>>
    start(ReferencePlatform& platform, const KeyFiles& keys, int port = 0, int page_port = 0);
    ~ReferenceServer(); // stops and waits

    // A third port, without client certificates, for POST /enrolment alone. Once. Errors: as
    // start().
    base::Result<void> open_enrolment(int port = 0);

    int port() const;
    int page_port() const;
    std::string url() const;           // "https://127.0.0.1:PORT"
    std::string enrolment_url() const; // after open_enrolment()
    std::string page_url() const;      // "http://127.0.0.1:PORT/"
    // The cable between kiosk and platform: while off, connections are closed unanswered.
    void set_connected(bool yes);
    // A line so slow: the bodies of answers come at this pace; 0: as fast as it goes.
    void set_pace(int bytes_per_second);

private:
    struct State;
    explicit ReferenceServer(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace platform
