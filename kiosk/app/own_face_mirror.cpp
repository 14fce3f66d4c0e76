#include "kiosk/app/own_face_mirror.hpp"

#include "face/quality.hpp"
#include "kiosk/app/face_picture.hpp"
#include "kiosk/base/secret.hpp"

namespace app {
namespace {

constexpr base::Milliseconds mirror_frame_limit{1000};
// Chosen: about a second at 25 frames a second; what is shown does not jump.
constexpr std::size_t frames_for_rate = 26;

double per_second(const std::deque<base::MonotonicTime>& moments) {
    if (moments.size() < 2) return 0;
    const std::chrono::duration<double> span = moments.back() - moments.front();
    return span.count() > 0 ? double(moments.size() - 1) / span.count() : 0;
}

} // namespace

present::MirrorFacts MirrorGauge::read(const base::Picture& frame, base::MonotonicTime at) {
    moments_.push_back(at);
    if (moments_.size() > frames_for_rate) moments_.pop_front();
    present::MirrorFacts facts;
    facts.live = mirror_of(frame);
    facts.width = frame.width;
    facts.height = frame.height;
    facts.frames_per_second = per_second(moments_);
    const auto aspects =
        face::aspects_of_place(bgr_of(frame.pixels.data(), frame.width, frame.height));
    for (const auto& aspect : aspects)
        facts.measures.push_back({std::string(face::to_string(aspect.reason)), aspect.value,
                                  aspect.lowest, aspect.highest, aspect.is_good()});
    return facts;
}

base::Result<void> OwnFaceMirror::open() {
    if (!camera_.is_open()) gauge_.begin();
    return camera_.open();
}

base::Result<present::MirrorFacts> OwnFaceMirror::look() {
    const auto frame = TRY(camera_.next_frame(mirror_frame_limit));
    return gauge_.read(frame, clock_.now());
}

void OwnFaceMirror::close() {
    camera_.close();
    base::wipe_stack_below();
}

} // namespace app
