// The voice: order, headphones, interruption, broken programs and broken clips, on a simulated
// loudspeaker and a clock that is moved by hand; and espeak-ng itself where it is installed.
#include "drivers/voice/espeak.hpp"
#include "drivers/voice/recorder_voice.hpp"
#include "drivers/voice/simulated_sound.hpp"
#include "drivers/voice/speaking_voice.hpp"
#include "kiosk/base/bytes.hpp"

#include <catch2/catch.hpp>

#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <optional>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using base::Errc;
using base::Language;
using drivers::Utterance;

Utterance said(std::string_view text, bool is_private = false, Language language = Language::en) {
    Utterance utterance;
    utterance.text = base::SecretText(text);
    utterance.language = language;
    utterance.is_private = is_private;
    return utterance;
}

// A speaker in a room: time passes in steps, and what is heard is known.
struct Room {
    base::ManualClock clock{base::WallTime{}};
    drivers::SimulatedSound sound{clock};
    drivers::SimulatedHeadphones jack;
    drivers::SimulatedSynthesiser synthesiser;
    drivers::ClipBook clips;
    std::vector<Errc> faults;
    drivers::Speaker speaker{{synthesiser, sound, jack, clock, nullptr, &clips,
                              [this](Errc code) { faults.push_back(code); }}};

    void pass(base::Milliseconds time) {
        for (base::Milliseconds t{}; t < time; t += 10ms) {
            is_busy = speaker.step(0ms);
            clock.advance(10ms);
        }
    }
    std::vector<std::string> asked() const {
        std::vector<std::string> texts;
        for (const auto& part : synthesiser.asked()) texts.emplace_back(part.text.view());
        return texts;
    }
    bool is_busy = false;
};

using Texts = std::vector<std::string>;

class Folder {
public:
    Folder() {
        char name[] = "/tmp/kiosk-voice-XXXXXX";
        REQUIRE(::mkdtemp(name) != nullptr);
        path_ = name;
    }
    ~Folder() { fs::remove_all(path_); }
    std::string operator/(const std::string& name) const { return (path_ / name).string(); }

private:
    fs::path path_;
};

bool is_installed(const char* program) {
    return std::system((std::string("command -v ") + program + " >/dev/null 2>&1").c_str()) == 0;
}

// Waits until another thread says so. A deadline only ends a test that has failed.
class Signal {
public:
    void raise() {
        {
            const std::lock_guard lock(mutex_);
            ++raised_;
        }
        changed_.notify_all();
    }
    // The next one.
    bool wait() {
        std::unique_lock lock(mutex_);
        const bool came = changed_.wait_for(lock, 20s, [this] { return raised_ > seen_; });
        ++seen_;
        return came;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int raised_ = 0, seen_ = 0;
};

// What several devices of a jack share: how the switch stands, and whether the device is there.
struct JackOfTest {
    std::atomic<bool> is_in{true}, is_gone{false};
    // Outlives the devices: a test may tell of a change while one is being closed.
    const int event = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

    ~JackOfTest() { ::close(event); }

    class Device final : public drivers::JackDevice {
    public:
        explicit Device(JackOfTest& jack) : jack_(jack) {}
        int descriptor() const override { return jack_.event; }
        base::Result<bool> read() override {
            std::uint64_t count = 0;
            (void)!::read(jack_.event, &count, sizeof count);
            if (jack_.is_gone) return base::Error{Errc::device, "gone"};
            return jack_.is_in.load();
        }

    private:
        JackOfTest& jack_;
    };

    drivers::EvdevJack::Open opening() {
        return [this]() -> base::Result<std::unique_ptr<drivers::JackDevice>> {
            if (is_gone) return base::Error{Errc::not_found, "no jack"};
            return std::unique_ptr<drivers::JackDevice>(std::make_unique<Device>(*this));
        };
    }
    void tell() const {
        const std::uint64_t one = 1;
        REQUIRE(::write(event, &one, sizeof one) == sizeof one);
    }
};

// A program that stands for espeak-ng.
std::string make_program(const Folder& folder, const std::string& script) {
    const auto file = folder / "program";
    std::ofstream(file) << "#!/bin/sh\n" << script << "\n";
    ::chmod(file.c_str(), 0700);
    return file;
}

} // namespace

TEST_CASE("what is to be said is said in order, then there is silence", "[device][voice]") {
    Room room;
    room.speaker.begin({said("one"), said("two")}, {});
    room.pass(3s);
    CHECK(room.asked() == Texts{"one", "two"});
    CHECK(room.sound.heard() == 300ms); // six letters of 50 ms
    CHECK_FALSE(room.is_busy);
    CHECK(room.faults.empty());
}

TEST_CASE("something new is said instead of the rest, and stopping is silence at once",
          "[device][voice]") {
    Room room;
    room.speaker.begin({said("a long sentence that nobody wants to hear"), said("nor this")}, {});
    room.pass(200ms);
    REQUIRE(room.sound.is_audible());
    room.speaker.begin({said("new")}, {});
    CHECK_FALSE(room.sound.is_audible());
    room.pass(2s);
    CHECK(room.asked() == Texts{"a long sentence that nobody wants to hear", "new"});

    room.speaker.begin({said("another long sentence")}, {});
    room.pass(200ms);
    room.speaker.stop();
    CHECK_FALSE(room.sound.is_audible());
    room.pass(1s);
    CHECK_FALSE(room.is_busy);
}

TEST_CASE("what is about a person is said with headphones alone", "[device][voice][refusal][G23]") {
    Room room;
    SECTION("without them it is left out, and the rest is said") {
        room.speaker.begin({said("Name"), said("Zhang", true), said("Continue")}, {});
        room.pass(3s);
        CHECK(room.asked() == Texts{"Name", "Continue"});
    }
    SECTION("with them it is said, in its place") {
        room.jack.plug();
        room.speaker.begin({said("Name"), said("Zhang", true), said("Continue")}, {});
        room.pass(4s);
        CHECK(room.asked() == Texts{"Name", "Zhang", "Continue"});
        CHECK(room.sound.heard() == 850ms);
    }
    SECTION("plugged in later they change nothing that was left out before") {
        room.speaker.begin({said("Zhang", true), said("Continue")}, {});
        room.pass(100ms);
        room.jack.plug();
        room.pass(3s);
        CHECK(room.asked() == Texts{"Continue"});
    }
}

TEST_CASE(
    "headphones pulled out in the middle of a word: silent within 100 ms, wherever it strikes",
    "[device][voice][refusal][G23]") {
    // At each moment of a private sentence between two public ones.
    for (base::Milliseconds at{10}; at < 3s; at += 30ms) {
        INFO("pulled after " << at.count() << " ms");
        Room room;
        room.jack.plug();
        room.speaker.begin({said("before"), said("six five nine nine", true), said("after")}, {});
        room.pass(at);
        const auto asked_before = room.asked();
        const bool is_in_private = asked_before.size() == 2;
        room.jack.unplug();
        room.pass(100ms);
        const auto heard = room.sound.heard();
        room.pass(4s);
        CHECK_FALSE(room.is_busy);
        if (is_in_private) {
            // Nothing but the public sentence behind it (5 letters) was heard after that.
            CHECK(room.sound.heard() - heard <= 250ms);
            CHECK(room.asked().back() == "after");
        }
        // A private sentence is never begun after they were pulled.
        const auto asked = room.asked();
        const std::string secret = "six five nine nine";
        CHECK(std::count(asked.begin(), asked.end(), secret) ==
              std::count(asked_before.begin(), asked_before.end(), secret));
    }
}

TEST_CASE("pulled headphones silence what is already on its way to the loudspeaker",
          "[device][voice][refusal][G23]") {
    Room room;
    room.jack.plug();
    room.speaker.begin({said("six five nine nine nine nine", true)}, {});
    room.pass(300ms);
    REQUIRE(room.sound.is_audible());
    REQUIRE(room.sound.queued() > 100ms); // a plain stop of the synthesiser would be too late
    room.jack.unplug();
    room.pass(10ms);
    CHECK_FALSE(room.sound.is_audible());
    CHECK(room.sound.queued() == 0ms);
}

TEST_CASE("volume and rate follow their steps", "[device][voice]") {
    int before = 0;
    for (int volume = 0; volume < drivers::voice_steps; ++volume) {
        Room room;
        room.speaker.begin({said("word")}, {volume, volume});
        room.pass(1s);
        CHECK(room.sound.loudest() > before);
        CHECK(room.synthesiser.rate() == volume);
        before = room.sound.loudest();
    }
    for (int step = 1; step < drivers::voice_steps; ++step)
        CHECK(drivers::espeak_rate(step) > drivers::espeak_rate(step - 1));
}

TEST_CASE("a sound for success and one for an error come before the words, never alone",
          "[device][voice]") {
    Room room;
    auto done = said("Done");
    done.sound = Utterance::Sound::success;
    room.speaker.begin({done}, {});
    room.pass(2s);
    CHECK(room.asked() == Texts{"Done"});
    CHECK(room.sound.heard() == 500ms); // 300 ms of tones, four letters
    const auto up = drivers::sound_of(Utterance::Sound::success, 16'000);
    CHECK(up != drivers::sound_of(Utterance::Sound::error, 16'000));
    CHECK(drivers::sound_of(Utterance::Sound::none, 16'000).empty());
}

TEST_CASE("a voice that is missing, hangs or breaks is silence and one fault, until it works again",
          "[device][voice]") {
    Room room;
    const auto speak = [&] {
        room.speaker.begin({said("one"), said("two"), said("three")}, {});
        room.pass(drivers::Speaker::patience + 2s);
        CHECK_FALSE(room.is_busy);
    };
    SECTION("missing") {
        room.synthesiser.be_missing();
        speak();
        speak();
        CHECK(room.faults == std::vector{Errc::not_found});
    }
    SECTION("hanging") {
        room.synthesiser.hang();
        speak();
        speak();
        CHECK(room.faults == std::vector{Errc::timed_out});
        CHECK(room.asked() == Texts{"one", "one"}); // it is not waited for once per sentence
    }
    SECTION("without a sound") {
        room.synthesiser.end_without_sound();
        speak();
        CHECK(room.faults == std::vector{Errc::device});
    }
    SECTION("broken off anywhere") {
        for (int letters = 1; letters < 4; ++letters) {
            room.synthesiser.break_off_after(letters);
            speak();
        }
        CHECK_FALSE(room.faults.empty());
    }
    room.synthesiser.work_again();
    const auto before = room.faults.size();
    room.speaker.begin({said("again")}, {});
    room.pass(2s);
    CHECK(room.asked().back() == "again");
    CHECK(room.faults.size() == before);
    room.synthesiser.hang();
    speak();
    CHECK(room.faults.size() == before + 1); // a new fault is news
}

TEST_CASE("Chinese without a dictionary is silence, and letters that nobody read are counted",
          "[device][voice]") {
    Room room;
    room.speaker.begin({said("您好", false, Language::zh), said("Hello")}, {});
    room.pass(2s);
    CHECK(room.asked() == Texts{"Hello"});
    CHECK(room.speaker.unknown_letters() == 2);
}

TEST_CASE(
    "a recorded clip is heard instead of the synthesiser; a broken one costs nothing but a fault",
    "[device][voice][clip]") {
    if (!is_installed("opusenc")) {
        WARN("skipped: no opusenc (package opus-tools)");
        return;
    }
    const Folder folder;
    // Half a second of a tone as WAVE, encoded by opusenc.
    {
        std::ofstream wave(folder / "tone.wav", std::ios::binary);
        const std::uint32_t rate = 48'000, bytes = rate; // 2 bytes a sample, half a second
        const auto number = [&](std::uint32_t value, int size) {
            for (int i = 0; i < size; ++i) wave.put(char(value >> (8 * i)));
        };
        wave << "RIFF";
        number(36 + bytes, 4);
        wave << "WAVEfmt ";
        number(16, 4), number(1, 2), number(1, 2), number(rate, 4), number(rate * 2, 4);
        number(2, 2), number(16, 2);
        wave << "data";
        number(bytes, 4);
        for (std::uint32_t i = 0; i < bytes / 2; ++i)
            number(std::uint32_t(std::int16_t(i / 50 % 2 == 0 ? 8000 : -8000)), 2);
    }
    const auto made = std::system(("opusenc --quiet " + (folder / "tone.wav") + " " +
                                   (folder / "tone.opus") + " >/dev/null 2>&1")
                                      .c_str());
    REQUIRE(made == 0);
    Room room;
    room.clips.add(Language::en, "Lay the card flat.", folder / "tone.opus");
    room.clips.add(Language::en, "Missing", folder / "missing.opus");
    room.clips.add(Language::en, "Broken", folder / "tone.wav");

    SECTION("whole") {
        room.speaker.begin({said("Lay the card flat.")}, {});
        room.pass(2s);
        CHECK(room.asked().empty());
        CHECK(room.sound.heard() >= 400ms);
        CHECK(room.faults.empty());
    }
    SECTION("another language, another text, another speed: no clip") {
        room.speaker.begin(
            {said("Lay the card flat.", false, Language::ug), said("Lay the card flat")}, {});
        room.pass(5s);
        CHECK(room.asked().size() == 2);
        room.speaker.begin({said("Lay the card flat.")}, {2, 4});
        room.pass(3s);
        CHECK(room.asked().size() == 3);
    }
    SECTION("missing and broken: said by the synthesiser, one fault") {
        room.speaker.begin({said("Missing"), said("Broken"), said("Missing")}, {});
        room.pass(5s);
        CHECK(room.asked() == Texts{"Missing", "Broken", "Missing"});
        CHECK(room.faults.size() == 1);
    }
    SECTION(
        "cut off or altered anywhere: heard so far, or said by the synthesiser, never a crash") {
        const auto whole = *base::read_file(folder / "tone.opus");
        for (std::size_t at = 0; at < whole.size(); at += 61) {
            auto bytes = whole;
            if (at % 2 == 0)
                bytes.resize(at);
            else
                bytes[at] ^= 0x55;
            std::ofstream(folder / "cut.opus", std::ios::binary)
                .write(reinterpret_cast<const char*>(bytes.data()), std::streamsize(bytes.size()));
            Room other;
            other.clips.add(Language::en, "Cut", folder / "cut.opus");
            other.speaker.begin({said("Cut"), said("After")}, {});
            other.pass(4s);
            CHECK_FALSE(other.is_busy);
            REQUIRE_FALSE(other.asked().empty());
            CHECK(other.asked().back() == "After");
        }
    }
}

TEST_CASE("espeak-ng hears a text on its standard input alone and gives sound", "[device][voice]") {
    if (!is_installed("espeak-ng")) {
        WARN("skipped: no espeak-ng");
        return;
    }
    drivers::EspeakSynthesiser espeak;
    for (const auto& [voice, text] : {std::pair(Language::zh, "yin2 hang2"),
                                      {Language::ug, "سالام"},
                                      {Language::en, "Hello"}}) {
        INFO(to_string(voice));
        auto begun = espeak.begin({voice, base::SecretText(text)}, 2);
        REQUIRE(begun);
        std::size_t samples = 0;
        int per_second = 0;
        for (int i = 0; i < 400; ++i) {
            auto got = (*begun)->read(50ms);
            REQUIRE(got);
            samples += got->pcm.size();
            per_second = got->per_second;
            if (got->ended) break;
        }
        CHECK(per_second > 0);
        CHECK(samples > std::size_t(per_second) / 4); // a quarter of a second at least
    }
}

TEST_CASE("a text about a person never stands on a command line", "[device][voice][refusal][G23]") {
    const Folder folder;
    drivers::EspeakSynthesiser program(
        make_program(folder, "echo \"$@\" > " + (folder / "arguments") + "; cat > " +
                                 (folder / "input") + "; echo done >> " + (folder / "arguments")));
    auto begun = program.begin({Language::en, base::SecretText("Zhang secret")}, 2);
    REQUIRE(begun);
    // It gives no sound and ends: then it has read everything.
    for (int i = 0; i < 200 && (*begun)->read(50ms); ++i) {
    }
    const auto arguments = base::read_file(folder / "arguments");
    const auto input = base::read_file(folder / "input");
    REQUIRE(arguments);
    REQUIRE(input);
    CHECK(base::as_text(*arguments).find("secret") == std::string_view::npos);
    CHECK(base::as_text(*arguments).find("--stdin") != std::string_view::npos);
    CHECK(base::as_text(*input) == "Zhang secret\n");
}

TEST_CASE("a program that hangs, ends or talks nonsense is an error or nothing, never a wait",
          "[device][voice]") {
    const Folder folder;
    const auto read_all = [](drivers::EspeakSynthesiser program) {
        auto begun = program.begin({Language::en, base::SecretText("text")}, 2);
        REQUIRE(begun);
        for (int i = 0; i < 100; ++i) {
            auto got = (*begun)->read(20ms);
            if (!got) return got.error().code;
            if (got->ended) return Errc::cancelled;
        }
        return Errc::timed_out; // its destructor ends it
    };
    CHECK(drivers::EspeakSynthesiser("/no/such/program")
              .begin({Language::en, base::SecretText("x")}, 2)
              .error()
              .code == Errc::not_found);
    CHECK(read_all(drivers::EspeakSynthesiser(make_program(folder, "exit 1"))) == Errc::device);
    CHECK(read_all(drivers::EspeakSynthesiser(
              make_program(folder, "echo this is no sound at all, not at all"))) == Errc::device);
    CHECK(read_all(drivers::EspeakSynthesiser(make_program(folder, "printf RIFF"))) ==
          Errc::device);
    CHECK(read_all(drivers::EspeakSynthesiser(
              make_program(folder, "trap '' TERM; exec sleep 60"))) == Errc::timed_out);
}

TEST_CASE("the speaking voice answers at once, falls silent when told, and forgets when wiped",
          "[device][voice]") {
    base::SystemClock clock;
    drivers::SimulatedSound sound(clock);
    drivers::SimulatedHeadphones jack;
    drivers::SimulatedSynthesiser synthesiser;
    synthesiser.hang(); // the worst: nothing of it may be felt here
    const auto in_use = base::SessionArena::instance().in_use();
    {
        drivers::SpeakingVoice voice({synthesiser, sound, jack, clock}, jack);
        CHECK_FALSE(voice.is_speaking());
        voice.say({said("a text about a person", true), said("another")}, {});
        CHECK(voice.is_speaking());
        CHECK_FALSE(voice.has_headphones());
        jack.plug();
        CHECK(voice.has_headphones());
        voice.say({said("a text about a person", true)}, {});
        voice.wipe();
        CHECK_FALSE(voice.is_speaking());
    }
    // What the simulator remembers is not the voice's.
    std::size_t kept = 0;
    for (const auto& part : synthesiser.asked()) kept += part.text.size();
    CHECK(base::SessionArena::instance().in_use() <=
          in_use + 64 * synthesiser.asked().size() + kept);
}

TEST_CASE("the output is closed whenever the voice falls silent, also when it was interrupted",
          "[device][voice]") {
    base::SystemClock clock;
    drivers::SimulatedSound sound(clock);
    drivers::SimulatedHeadphones jack;
    drivers::SimulatedSynthesiser synthesiser;
    Signal played;
    // Tells when the first sample has come.
    class Telling final : public drivers::SoundSink {
    public:
        Telling(drivers::SimulatedSound& sound, Signal& played) : sound_(sound), played_(played) {}
        base::Result<void> play(std::span<const std::int16_t> samples, int rate) override {
            const bool is_first = sound_.is_resting();
            TRY(sound_.play(samples, rate));
            if (is_first) played_.raise();
            return {};
        }
        base::Milliseconds queued() const override { return sound_.queued(); }
        void clear() override { sound_.clear(); }
        void rest() override { sound_.rest(); }

    private:
        drivers::SimulatedSound& sound_;
        Signal& played_;
    } sink(sound, played);
    {
        Signal ended;
        drivers::SpeakingVoice voice({synthesiser, sink, jack, clock}, jack);
        voice.on_change.set([&] { ended.raise(); });
        voice.say({said("a long sentence that is broken off by a wipe")}, {});
        REQUIRE(played.wait());
        CHECK_FALSE(sound.is_resting());
        voice.wipe();
        CHECK(sound.is_resting());

        voice.say({said("a long sentence that is broken off")}, {});
        REQUIRE(played.wait());
        voice.stop();
        voice.wipe(); // comes back when the order before it has been obeyed too
        CHECK(sound.is_resting());

        voice.say({said("end")}, {});
        REQUIRE(played.wait());
        REQUIRE(ended.wait());
        CHECK(sound.is_resting());

        voice.say({said("a long sentence that is broken off by the end of the kiosk")}, {});
        REQUIRE(played.wait());
    }
    CHECK(sound.is_resting());
}

TEST_CASE("whoever listens to the voice may change while headphones come and go",
          "[device][voice]") {
    base::SystemClock clock;
    drivers::SimulatedSound sound(clock);
    drivers::SimulatedHeadphones jack;
    drivers::SimulatedSynthesiser synthesiser;
    std::atomic<bool> is_over{false};
    std::jthread hand([&] {
        while (!is_over) {
            jack.plug();
            jack.unplug();
        }
    });
    for (int i = 0; i < 20; ++i) {
        drivers::SpeakingVoice voice({synthesiser, sound, jack, clock}, jack);
        auto gone = std::make_unique<std::atomic<int>>(0);
        voice.on_change.set([&told = *gone] { ++told; });
        voice.on_change.set({});
        gone.reset(); // nobody calls what was set before
    }
    is_over = true;
    hand.join();
    jack.plug(); // nobody listens any more
    CHECK(jack.is_plugged());
}

TEST_CASE("a jack that is gone counts as empty and is looked for again",
          "[device][voice][refusal][G23]") {
    JackOfTest model;
    auto opened = drivers::EvdevJack::open(model.opening(), 1ms);
    REQUIRE(opened);
    auto& jack = **opened;
    CHECK(jack.is_plugged()); // before anything has happened
    Signal changed;
    jack.on_change.set([&] { changed.raise(); });
    model.is_in = false;
    model.tell();
    REQUIRE(changed.wait());
    CHECK_FALSE(jack.is_plugged());
    model.is_in = true;
    model.tell();
    REQUIRE(changed.wait());
    CHECK(jack.is_plugged());

    model.is_gone = true;
    model.tell();
    REQUIRE(changed.wait());
    CHECK_FALSE(jack.is_plugged());
    model.is_gone = false; // the headphones are in it still
    REQUIRE(changed.wait());
    CHECK(jack.is_plugged());
    jack.on_change.set({});
}

TEST_CASE("a jack that cannot be waited for counts as empty", "[device][voice][refusal][G23]") {
    JackOfTest model;
    auto opened = drivers::EvdevJack::open(model.opening(), 1h);
    REQUIRE(opened);
    auto& jack = **opened;
    Signal changed;
    jack.on_change.set([&] { changed.raise(); });
    // poll() refuses more descriptors than the process may have: EINVAL.
    ::rlimit limit{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
    const ::rlimit none{1, limit.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
    model.tell();
    const bool came = changed.wait();
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &limit) == 0);
    REQUIRE(came);
    CHECK_FALSE(jack.is_plugged());
    jack.on_change.set({});
}

TEST_CASE("without any jack there is nothing to wait for", "[device][voice][refusal][G23]") {
    const Folder folder;
    const auto opened = drivers::EvdevJack::open(folder / "input");
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == Errc::not_found);
}

TEST_CASE("an output that does not open is one fault, and nothing more is tried",
          "[device][voice]") {
    Room room;
    room.sound.lose();
    room.speaker.begin({said("one"), said("two")}, {});
    room.pass(3s);
    CHECK(room.faults == std::vector{Errc::device});
    CHECK(room.asked() == Texts{"one"}); // not the rest as well
    CHECK_FALSE(room.is_busy);
    room.speaker.begin({said("three")}, {});
    room.pass(1s);
    CHECK(room.faults.size() == 1); // told already
    room.sound.be_there_again();
    room.speaker.begin({said("four")}, {});
    room.pass(2s);
    CHECK(room.sound.heard() == 200ms);
    room.sound.lose();
    Utterance sign = said("five");
    sign.sound = Utterance::Sound::success;
    room.speaker.begin({sign}, {});
    room.pass(1s);
    CHECK(room.faults.size() == 2); // it had worked meanwhile
}

TEST_CASE("the recorder keeps what would be heard", "[device][voice]") {
    base::ManualClock clock{base::WallTime{}};
    drivers::RecorderVoice voice(clock);
    voice.say({said("Name"), said("Zhang", true)}, {});
    CHECK(voice.last() == "Name");
    CHECK(voice.is_speaking());
    voice.plug_headphones();
    voice.say({said("Zhang", true)}, {});
    CHECK(voice.has_heard("Zhang"));
    voice.pull_headphones();
    CHECK_FALSE(voice.is_speaking());
    voice.wipe();
    CHECK_FALSE(voice.has_heard("Zhang"));
}

TEST_CASE("how soon speech begins and ends", "[.bench][voice]") {
    // The yardstick is the limit: 300 ms to the first sound, 100 ms to silence (spec ui-text §6).
    // Wakes who waits for the first sample, or for the silence.
    class Counting final : public drivers::SoundSink {
    public:
        explicit Counting(const base::Clock& clock) : clock_(clock) {}
        base::Result<void> play(std::span<const std::int16_t> samples, int) override {
            if (!samples.empty()) note(first_);
            return {};
        }
        base::Milliseconds queued() const override { return 0ms; }
        void clear() override { note(cleared_); }
        void forget() {
            const std::lock_guard lock(mutex_);
            first_.reset();
            cleared_.reset();
        }
        base::MonotonicTime wait_for_sound() { return wait(first_); }
        base::MonotonicTime wait_for_silence() { return wait(cleared_); }

    private:
        void note(std::optional<base::MonotonicTime>& what) {
            {
                const std::lock_guard lock(mutex_);
                if (!what) what = clock_.now();
            }
            changed_.notify_all();
        }
        base::MonotonicTime wait(const std::optional<base::MonotonicTime>& what) {
            std::unique_lock lock(mutex_);
            REQUIRE(changed_.wait_for(lock, 5s, [&] { return what.has_value(); }));
            return *what;
        }
        const base::Clock& clock_;
        std::mutex mutex_;
        std::condition_variable changed_;
        std::optional<base::MonotonicTime> first_, cleared_;
    };
    base::SystemClock clock;
    Counting sink(clock);
    drivers::NoHeadphones jack;
    drivers::EspeakSynthesiser espeak;
    drivers::SpeakingVoice voice({espeak, sink, jack, clock}, jack);
    std::vector<std::int64_t> starts, stops;
    for (int round = 0; round < 20; ++round) {
        sink.forget();
        const auto from = clock.now();
        voice.say({said("Please lay the card flat on the reader and wait.")}, {});
        starts.push_back((sink.wait_for_sound() - from).count());
        sink.forget();
        const auto told = clock.now();
        voice.stop();
        stops.push_back((sink.wait_for_silence() - told).count());
    }
    std::sort(starts.begin(), starts.end());
    std::sort(stops.begin(), stops.end());
    std::printf("first sound after %ld ms (median), %ld ms (worst) of 300; silent after %ld ms "
                "(median), %ld ms (worst) of 100\n",
                long(starts[10]), long(starts.back()), long(stops[10]), long(stops.back()));
}
