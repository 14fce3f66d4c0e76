// The sound that goes out, on SDL's own output without a loudspeaker ("dummy"), which plays in real
// time and forgets what it plays.
#include "kiosk/app/sound.hpp"

#include <catch2/catch.hpp>

#include <SDL.h>
#include <cstdlib>
#include <vector>

namespace {

// `driver`: what SDL plays through; a name that it does not know: no output opens.
void use_output(const char* driver) {
    SDL_QuitSubSystem(SDL_INIT_AUDIO);
    ::setenv("SDL_AUDIODRIVER", driver, 1);
    ::setenv("PULSE_SERVER", "none", 1); // there may be something to hear with: try it
}

const std::vector<std::int16_t> samples(4800, 1000);

} // namespace

TEST_CASE("the chime holds an output open only while it sounds", "[device][sound]") {
    use_output("dummy");
    app::Chime chime;
    CHECK_FALSE(chime.is_open());
    CHECK(SDL_WasInit(SDL_INIT_AUDIO) == 0); // nothing at all yet
    chime.ring();
    chime.ring();
    chime.wait_for_silence();
    CHECK(SDL_WasInit(SDL_INIT_AUDIO) != 0);
    CHECK_FALSE(chime.is_open());
    chime.ring(); // and ends with the kiosk, in the middle of its tone
}

TEST_CASE("a chime without an output is silent and waits for nothing", "[device][sound]") {
    use_output("no such output");
    app::Chime chime;
    chime.ring();
    chime.wait_for_silence();
    CHECK_FALSE(chime.is_open());
}

TEST_CASE("what the voice says is queued, taken back, and closed", "[device][sound]") {
    use_output("dummy");
    app::SpeechSound sound;
    CHECK(sound.queued().count() == 0);
    REQUIRE(sound.play(samples, 16'000));
    CHECK(sound.queued().count() > 0);
    sound.clear();
    CHECK(sound.queued().count() == 0);
    REQUIRE(sound.play(samples, 22'050));
    sound.rest();
    CHECK(sound.queued().count() == 0);
    REQUIRE(sound.play(samples, 22'050)); // opens again
}

TEST_CASE("an output that does not open is told, not passed over", "[device][sound]") {
    use_output("no such output");
    app::SpeechSound sound;
    const auto played = sound.play(samples, 16'000);
    REQUIRE_FALSE(played);
    CHECK(played.error().code == base::Errc::device);
}
