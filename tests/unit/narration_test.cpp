// What is said for people who do not see the screen (design README §3), from real frames of real
// screens: entering, moving, pressing, listening, and messages that come by themselves.
#include "screens/narration.hpp"
#include "screens/screen.hpp"
#include "tests/support/sample_models.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace screens;
using namespace std::chrono_literals;
using base::Language;
using Event = Moment::Event;

// A panel and somebody who listens in front of it.
class Listener {
public:
    Listener()
        : fonts_(*text::FontSet::open("/usr/share/fonts")),
          stage_({1080, 1920, 4.03f}, fonts_, *Theme::open("assets/theme/tokens.json"),
                 *IconSet::open("assets/icons")) {}

    const Frame& show(const ScreenModel& model, const Input& input = {}) {
        auto& canvas = stage_.begin(input, {.language = language});
        (void)draw(model, canvas);
        frame_ = stage_.end();
        return frame_;
    }
    std::vector<std::string> hear(const ScreenModel& model, std::string_view focus = {},
                                  Event event = Event::none, const std::string& press = {}) {
        Input input;
        input.focus = focus;
        input.activate = press;
        show(model, input);
        heard = narrator.follow({frame_, page, language, focus, event, headphones, now});
        std::vector<std::string> texts;
        for (const auto& phrase : heard.phrases) texts.emplace_back(phrase.text.view());
        return texts;
    }

    Language language = Language::en;
    std::string page = "page";
    bool headphones = true;
    base::MonotonicTime now{};
    Narrator narrator;
    Narration heard;

private:
    text::FontSet fonts_;
    Stage stage_;
    Frame frame_;
};

ScreenModel sample(std::string_view name, Language language = Language::en) {
    for (auto& each : samples::all(language, "assets/content"))
        if (each.name == name) return std::move(each.model);
    FAIL("no sample " << name);
    std::abort();
}

bool holds(const std::vector<std::string>& texts, std::string_view text) {
    return std::find(texts.begin(), texts.end(), text) != texts.end();
}

using Texts = std::vector<std::string>;

} // namespace

TEST_CASE("entering a page says its title, the sentence under it and the first choice",
          "[unit][narration]") {
    Listener person;
    auto model = std::get<QuestionChoiceModel>(sample("question_choice"));
    model.title = "Where do you live now?";
    model.why = "For the letter.";
    model.note.reset();
    model.frame.step = "Step 3 of 9";
    model.options = {{"home", "At home", "", "", true}, {"away", "Elsewhere", "", "", false}};
    const auto heard = person.hear(model);
    CHECK(heard == Texts{"Where do you live now?", "For the letter.", "Step 3 of 9", "At home",
                         "chosen", "1 of 2"});
    CHECK(person.heard.is_answer);

    SECTION("once") {
        CHECK(person.hear(model).empty());
    }
    SECTION("again where another page is shown, and the step only when it is another") {
        person.page = "other";
        CHECK_FALSE(holds(person.hear(model), "Step 3 of 9"));
        person.page = "third";
        model.frame.step = "Step 4 of 9";
        CHECK(holds(person.hear(model), "Step 4 of 9"));
    }
    SECTION("again in another language") {
        person.language = Language::zh;
        CHECK(person.hear(model).front() == "Where do you live now?");
        CHECK(person.heard.phrases.front().language == Language::zh);
    }
    SECTION("what is focused then is said instead of the first choice") {
        person.narrator.forget_page();
        const auto again = person.hear(model, "question/option/away");
        CHECK(again.back() == "2 of 2");
        CHECK(holds(again, "Elsewhere"));
        CHECK_FALSE(holds(again, "At home"));
    }
}

TEST_CASE("moving says label, detail, state and position", "[unit][narration]") {
    Listener person;
    auto model = std::get<QuestionChoiceModel>(sample("question_choice"));
    model.options = {{"a", "First", "with a detail", "", false}, {"b", "Second", "", "", true}};
    person.hear(model);
    CHECK(person.hear(model, "question/option/a") == Texts{"First", "with a detail", "1 of 2"});
    CHECK(person.hear(model, "question/option/b") == Texts{"Second", "chosen", "2 of 2"});
    CHECK(person.hear(model, "question/option/b").empty());
    CHECK(person.hear(model, "question/option/b", Event::end_of_page) == Texts{"End of page"});
}

TEST_CASE("pressing says what it changed, or why it changed nothing", "[unit][narration]") {
    Listener person;
    auto model = std::get<QuestionChoiceModel>(sample("question_choice"));
    model.options = {{"a", "First", "", "", false}, {"b", "Second", "", "", false}};
    model.actions.go = "Choose one";
    model.actions.go_ready = false;
    person.hear(model, "question/option/a");
    CHECK(person.hear(model, "question/option/a", Event::none, "question/option/a").empty());
    model.options[0].chosen = true;
    CHECK(person.hear(model, "question/option/a") == Texts{"First", "chosen"});
    model.options[0].chosen = false;
    CHECK(person.hear(model, "question/option/a") == Texts{"First", "not chosen"});
    CHECK(person.hear(model, "question/option/a", Event::none, "actions/go") ==
          Texts{"Choose one", "not yet"});
}

TEST_CASE("a press that changes nothing on the page is answered all the same",
          "[unit][narration]") {
    Listener person;
    auto model = std::get<QuestionChoiceModel>(sample("question_choice"));
    model.options = {{"a", "First", "", "", true}, {"b", "Second", "", "", false}};
    person.hear(model, "question/option/a");
    CHECK(person.hear(model, "question/option/a", Event::none, "question/option/a").empty());
    CHECK(person.hear(model, "question/option/a").empty());
    const auto answer = person.hear(model, "question/option/a");
    CHECK(holds(answer, "First"));
    CHECK(holds(answer, "chosen"));
    CHECK(person.hear(model, "question/option/a").empty()); // once
    // What the eye sees at once.
    model.frame.spoken.text_size = "Text size: 2 of 4";
    person.hear(model, "rail/text_size");
    model.frame.spoken.text_size = "Text size: 3 of 4";
    CHECK(person.hear(model, "rail/text_size") == Texts{"Text size: 3 of 4"});
    CHECK(person.hear(model, "rail/text_size").empty());
}

TEST_CASE("what cannot be chosen now says so, and why", "[unit][narration]") {
    Listener person;
    auto model = std::get<OtherwayModel>(sample("otherway"));
    person.hear(model);
    const auto& frame = person.show(model);
    bool found = false;
    for (const auto& item : *frame.items) {
        if (!item.state.disabled) continue;
        found = true;
        const auto heard = spoken_item(frame, item, Language::en);
        const auto words = [&](std::string_view text) {
            return std::any_of(heard.begin(), heard.end(),
                               [&](const Phrase& phrase) { return phrase.text.view() == text; });
        };
        CHECK(words("not possible now"));
        CHECK(item.spoken.size() >= 1);
    }
    CHECK(found);
}

TEST_CASE("Listen says the whole page in reading order, and nothing of the rail",
          "[unit][narration]") {
    Listener person;
    auto model = std::get<QuestionChoiceModel>(sample("question_choice"));
    model.title = "Title";
    model.why = "Why";
    model.note = NoteModel{NoteModel::Kind::info, "", "Note", "and its text"};
    model.options = {{"a", "First", "detail", "", false}, {"b", "Second", "", "", true}};
    model.actions = {"Back", "Continue"};
    person.hear(model);
    const auto heard = person.hear(model, {}, Event::listen);
    Texts wanted{"Title", "Why"};
    CHECK(Texts(heard.begin(), heard.begin() + 2) == wanted);
    const Texts end{"Note",   "and its text", "First",    "detail",
                    "Second", "chosen",       "Continue", "Back"};
    REQUIRE(heard.size() >= end.size());
    CHECK(Texts(heard.end() - std::ptrdiff_t(end.size()), heard.end()) == end);
    CHECK_FALSE(holds(heard, model.frame.rail.leave));
}

TEST_CASE("Listen on a page that is just entered says all of it, and once more says its title",
          "[unit][narration]") {
    Listener person;
    const auto model = std::get<QuestionChoiceModel>(sample("question_choice"));
    const auto all = person.hear(model, {}, Event::listen);
    CHECK(holds(all, model.options.back().label));
    CHECK(person.hear(model, {}, Event::again) == Texts{model.title});
    const auto id = "question/option/" + model.options[1].id;
    person.hear(model, id);
    CHECK(person.hear(model, id, Event::again).front() == model.options[1].label);
}

TEST_CASE("a message that changes by itself is said once, and not before 3 s have passed",
          "[unit][narration]") {
    Listener person;
    auto model = std::get<ScanModel>(sample("scan"));
    const auto status = [&](const std::string& text) {
        model.status = NoteModel{NoteModel::Kind::info, "", "", text};
    };
    status("Lay the page flat");
    person.hear(model);
    person.now += 10s;
    status("Hold still");
    CHECK(person.hear(model) == Texts{"Hold still"});
    CHECK_FALSE(person.heard.is_answer); // nobody's doing: keeps no session open (G24)
    person.now += 1s;
    status("Too dark");
    CHECK(person.hear(model).empty());
    REQUIRE(person.narrator.next_wake());
    CHECK(*person.narrator.next_wake() - person.now == 2s);
    person.now += 1s;
    status("Bright spot"); // the newest is what counts
    CHECK(person.hear(model).empty());
    person.now += 1s;
    CHECK(person.hear(model) == Texts{"Bright spot"});
    CHECK_FALSE(person.narrator.next_wake());
    person.now += 10s;
    CHECK(person.hear(model).empty());

    // Gone and back: news again, in its time.
    model.status.reset();
    CHECK(person.hear(model).empty());
    status("Bright spot");
    CHECK(person.hear(model) == Texts{"Bright spot"});
    model.status.reset();
    person.hear(model);
    status("Bright spot");
    CHECK(person.hear(model).empty());
}

TEST_CASE("a message that answers a press is said at once, with its sound", "[unit][narration]") {
    Listener person;
    auto model = std::get<QuestionChoiceModel>(sample("question_choice"));
    model.note = NoteModel{NoteModel::Kind::info, "", "", "One answer"};
    person.hear(model);
    person.hear(model, {}, Event::none, "question/option/" + model.options[0].id);
    model.note = NoteModel{NoteModel::Kind::error, "", "", "Only one"};
    CHECK(person.hear(model) == Texts{"Only one"});
    CHECK(person.heard.phrases[0].sound == Said::Sound::error);
    CHECK(person.heard.is_answer);
}

TEST_CASE("values about a person are private, their labels are not",
          "[unit][narration][refusal][G23]") {
    Listener person;
    auto model = std::get<PrefilledModel>(sample("prefilled"));
    const auto& frame = person.show(model);
    int values = 0;
    for (const auto& phrase : whole_page(frame, Language::en)) {
        for (const auto& row : model.rows) {
            if (phrase.text.view() == row.value.view()) {
                CHECK(phrase.is_private);
                ++values;
            }
            if (phrase.text.view() == row.label) CHECK_FALSE(phrase.is_private);
        }
    }
    CHECK(values > 0);
    person.headphones = false;
    CHECK(person.hear(model).back().find("headphones") != std::string::npos);
    CHECK_FALSE(holds(person.hear(model, {}, Event::listen),
                      "Plug in headphones to hear what is about you."));
}

TEST_CASE("all of a thing to do is private: its name, its day, and how many there are",
          "[unit][narration][refusal][G23]") {
    Listener person;
    auto model = std::get<OtherwayModel>(sample("otherway"));
    model.ways = {{"a", "person", "Prove that you live", "by 13 December", true, ""},
                  {"b", "person", "Renew the pass", "by 20 December", false, "The day has passed"}};
    model.is_private = true;
    person.headphones = false;
    const Texts own{"Prove that you live", "by 13 December", "Renew the pass", "by 20 December",
                    "The day has passed",  "1 of 2",         "2 of 2",         "not possible now"};
    const auto check = [&](const std::vector<Phrase>& phrases) {
        for (const auto& phrase : phrases) {
            INFO(phrase.text.view());
            CHECK(phrase.is_private == holds(own, phrase.text.view()));
        }
    };
    check(whole_page(person.show(model), Language::en));
    // Nothing of it is heard without headphones, and no move is silence for all that.
    for (const auto focus : {"otherway/a", "otherway/b", "otherway/a"}) {
        const auto heard = person.hear(model, focus);
        CHECK(heard.back() == "Plug in headphones to hear what is about you.");
        const auto own_count =
            std::count_if(person.heard.phrases.begin(), person.heard.phrases.end(),
                          [&](const Phrase& phrase) { return holds(own, phrase.text.view()); });
        CHECK(own_count >= 3);
    }
}

TEST_CASE("which answer a person chose is private, what may be answered is not",
          "[unit][narration][refusal][G23]") {
    Listener person;
    auto model = std::get<QuestionChoiceModel>(sample("question_choice"));
    model.options = {{"a", "Myself", "", "", false}, {"b", "My child", "", "", false}};
    model.actions.go = "Next";
    person.headphones = false;
    const auto publicly = [&] {
        Texts texts;
        for (const auto& phrase : person.heard.phrases)
            if (!phrase.is_private) texts.emplace_back(phrase.text.view());
        return texts;
    };
    person.hear(model, "question/option/a");
    CHECK(holds(publicly(), "Myself")); // may be answered
    person.hear(model, "question/option/a", Event::none, "question/option/a");
    model.options[0].chosen = true;
    CHECK(holds(person.hear(model, "question/option/a"), "chosen"));
    CHECK(publicly() == Texts{"Next", "Plug in headphones to hear what is about you."});
    CHECK(person.heard.phrases[2].sound == Said::Sound::success);
    // Pressed once more it changes nothing, and the answer does not tell either.
    person.hear(model, "question/option/a", Event::none, "question/option/a");
    person.hear(model, "question/option/a");
    person.hear(model, "question/option/a");
    CHECK(publicly() == Texts{"Next"});
    for (const auto& phrase : whole_page(person.show(model), Language::en))
        CHECK(phrase.is_private == (phrase.text.view() == "chosen"));
    // In headphones as before, without the sound.
    person.headphones = true;
    model.options[0].chosen = false;
    CHECK(person.hear(model, "question/option/a") == Texts{"Myself", "not chosen"});
}

TEST_CASE("the number of a request is private wherever it stands",
          "[unit][narration][refusal][G23]") {
    Listener person;
    const auto is_private = [&](const ScreenModel& model, std::string_view text) {
        int found = 0;
        for (const auto& phrase : whole_page(person.show(model), Language::en)) {
            if (phrase.text.view() != text) continue;
            ++found;
            CHECK(phrase.is_private);
        }
        CHECK(found == 1);
    };
    for (const auto name : {"result-accepted", "result-stored", "result-no-paper"}) {
        const auto model = std::get<ResultModel>(sample(name));
        is_private(model, model.number);
        is_private(model, model.time);
    }
    for (auto& each : samples::all(Language::en, "assets/content"))
        if (const auto* model = std::get_if<ProgressModel>(&each.model))
            is_private(each.model, model->number);
}

TEST_CASE("a typed letter is heard by who types it alone", "[unit][narration][refusal][G23]") {
    Listener person;
    const auto model = sample("question_digits-phone");
    person.hear(model);
    CHECK(person.hear(model, {}, Event::none, "pad/5") == Texts{"5"});
    CHECK(person.heard.phrases[0].is_private);
}

TEST_CASE("nothing of a person stays in the narrator after the session", "[unit][narration]") {
    Listener person;
    person.hear(sample("prefilled"));
    person.narrator.wipe();
    CHECK(person.hear(sample("prefilled")).size() > 2); // a page like any other
}

TEST_CASE("every item of every screen can be said in the letters of its language",
          "[unit][narration]") {
    Listener person;
    for (const auto language : base::all_languages) {
        person.language = language;
        for (const auto& each : samples::all(language, "assets/content")) {
            INFO(to_string(language) << " " << each.name);
            CHECK(spoken_faults(person.show(each.model), language) == Texts{});
        }
    }
}

TEST_CASE("a label without words, or in another script, is found", "[unit][narration]") {
    Listener person;
    auto model = std::get<QuestionChoiceModel>(sample("question_choice"));
    model.options = {{"a", "\xE2\x86\x92", "", "", false}, {"b", "选这个", "", "", false}};
    const auto faults = spoken_faults(person.show(model), Language::en);
    CHECK(holds(faults, "question/option/a: its label says nothing"));
    CHECK(holds(faults, "question/option/b: its label is in another script"));

    // A sign between numbers is no letter of any script.
    model.options = {{"a", "1920 × 1080", "", "", false}, {"b", "Öl", "", "", false}};
    CHECK_FALSE(holds(spoken_faults(person.show(model), Language::zh),
                      "question/option/a: its label is in another script"));
    CHECK(holds(spoken_faults(person.show(model), Language::zh),
                "question/option/b: its label is in another script"));
}
