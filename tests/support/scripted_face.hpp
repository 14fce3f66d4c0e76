// Face checks that end as a test says, without a camera and without models.
#pragma once

#include "kiosk/app/face_checks.hpp"

#include <functional>

namespace support {

class ScriptedFace final : public app::FaceChecks {
public:
    bool ready = true;
    int tries = 3;                   // of the whole program: tests have one session
    std::optional<base::Errc> fault; // of begin()
    // What the next looks bring; the last one again and again.
    app::FaceLook next;

    int begun = 0;
    int looks = 0;
    bool is_open = false;
    std::optional<int> age; // of the last subject

    bool is_ready() const override { return ready; }
    bool has_tries(session::Ticket) const override { return tries > 0; }
    std::uint64_t frames_taken() const override { return std::uint64_t(looks); }
    std::string_view model() const override { return "scripted"; }
    base::Result<void> begin(const app::FaceSubject& subject, std::stop_token) override {
        end();
        ++begun;
        CHECK(subject.chip_photo != nullptr);
        if (fault) return base::Error{*fault, "as the test says"};
        --tries;
        age = subject.age;
        is_open = true;
        return {};
    }
    app::FaceLook look() override {
        CHECK(is_open);
        ++looks;
        return next;
    }
    void end() override { is_open = false; }
};

} // namespace support
