#include "kiosk/present/receipt.hpp"

#include "kiosk/forms/field_types.hpp"
#include "kiosk/forms/masks.hpp"
#include "kiosk/present/scene.hpp"

#include <algorithm>

namespace present {
namespace {

using base::Language;
using printer::Align;
using printer::Size;

printer::Text text_in(std::string_view words, Language language) {
    return {base::SecretText(words), language};
}

// Puts blocks under each other; the words come finished, in one language or in two.
class Slip {
public:
    Slip(const content::ContentSet& content, Language language)
        : content_(content), language_(language) {}

    void line(std::string_view words, Size size = Size::normal, bool is_bold = false,
              Align align = Align::start) {
        put(printer::Paragraph{text_in(words, language_), size, is_bold, align});
    }
    // In the resident's language, and in Chinese for the counter.
    void heading(const forms::LocalText& words, Size size) {
        line(words.in(language_), size, true, Align::centre);
        if (language_ != Language::zh)
            put(printer::Paragraph{text_in(words.in(Language::zh), Language::zh), Size::normal,
                                   false, Align::centre});
    }
    void pair(std::string_view key, base::SecretText value) {
        put(printer::Pair{base::SecretText(say(key)), std::move(value), language_});
    }
    // White on black, and in Chinese for the counter.
    void banner(std::string_view key, const content::ContentSet::Values& values = {}) {
        printer::Banner banner{{text_in(say(key, values), language_)}};
        if (language_ != Language::zh)
            banner.texts.push_back(text_in(content_.text(key, Language::zh, values), Language::zh));
        put(std::move(banner));
    }
    void number(std::string_view receipt_number) {
        line(say("receipt.number"), Size::normal, false, Align::centre);
        plain(receipt_number);
        put(printer::Qr{base::SecretText(plain_number(receipt_number))});
    }
    void plain(std::string_view receipt_number) {
        const auto plain = plain_number(receipt_number);
        // A number has no language; set as English, it runs from left to right everywhere.
        put(printer::Paragraph{
            {printer::in_groups_of_four(plain), Language::en}, Size::huge, true, Align::centre});
    }
    void office() {
        const auto& office = content_.office();
        heading(office.name, Size::large);
        line(say("receipt.phone", {{"phone", office.phone}}), Size::normal, false, Align::centre);
    }
    void how_to_ask() {
        const auto& office = content_.office();
        line(say("receipt.ask",
                 {{"phone", office.phone}, {"hours", std::string(office.hours.in(language_))}}));
    }
    std::string say(std::string_view key, const content::ContentSet::Values& values = {}) const {
        return content_.text(key, language_, values);
    }
    void rule() { put(printer::Rule{}); }
    void put(printer::Block block) { document_.blocks.push_back(std::move(block)); }
    printer::Document finish() && { return std::move(document_); }

private:
    const content::ContentSet& content_;
    Language language_;
    printer::Document document_;
};

std::string_view state_key(session::Delivery delivery, bool is_supplement = false) {
    if (is_supplement && delivery == session::Delivery::accepted) return "result.papers";
    return delivery == session::Delivery::accepted ? "receipt.accepted" : "receipt.stored";
}

// The name of the person the matter is for, masked to its first character. Nobody at L0 (G12).
base::SecretText masked_name(const session::Visit& visit) {
    if (visit.form->identity == forms::IdentityLevel::l0) return {};
    for (const auto& step : visit.form->steps)
        for (const auto& field : step.fields) {
            if (field.term != "person.name") continue;
            const auto* answer = visit.answers.find(field.id);
            const auto* name = answer ? std::get_if<base::SecretText>(&answer->value) : nullptr;
            if (name != nullptr) return forms::mask_name(*name);
        }
    return {};
}

std::size_t count_pages(const Scene& scene) {
    const auto& visit = scene.visit();
    std::size_t count = 0;
    for (const auto& step : visit.form->steps)
        for (const auto& field : step.fields)
            if (forms::row_of(field.type).print == forms::Print::count)
                count += session::pages_of(visit, field.id).size();
    return count;
}

bool is_shown(const forms::Form& form, const forms::Field& field) {
    if (forms::row_of(field.type).print != forms::Print::label) return false;
    if (field.sensitivity != forms::Sensitivity::s0) return false;
    const auto name = field.id.substr(field.id.rfind('.') + 1);
    const auto& show = form.receipt.show;
    return std::find(show.begin(), show.end(), name) != show.end();
}

// Choices that say nothing about a person, where the form's receipt names them: kind, place.
void put_choices(const Scene& scene, Slip& slip) {
    const auto& visit = scene.visit();
    for (const auto& step : visit.form->steps)
        for (const auto& field : step.fields) {
            const auto* answer = visit.answers.find(field.id);
            if (answer == nullptr || !is_shown(*visit.form, field)) continue;
            slip.put(printer::Pair{base::SecretText(scene.say.of(field.label)),
                                   forms::shown(field, *answer, scene.language()),
                                   scene.language()});
        }
}

void put_next_steps(const Scene& scene, Slip& slip) {
    slip.line(scene.say("receipt.next"), Size::normal, true);
    if (scene.visit().delivery != session::Delivery::accepted)
        slip.line(scene.say("receipt.stored.next"));
    if (session::ends_at_counter(scene.visit())) slip.line(scene.say("result.counter.next"));
    for (const auto& line : scene.visit().matter->next) slip.line(scene.say.of(line));
}

template <class Kind> bool holds(const forms::Answer* answer) {
    return answer != nullptr && std::holds_alternative<Kind>(answer->value);
}

} // namespace

std::string plain_number(std::string_view receipt_number) {
    std::string plain;
    std::copy_if(receipt_number.begin(), receipt_number.end(), std::back_inserter(plain),
                 [](char c) { return c != '-' && c != ' '; });
    return plain;
}

std::vector<std::string> left_open(const Scene& scene) {
    const auto& visit = scene.visit();
    bool signs_at_counter = false;
    bool is_contested = false;
    for (const auto& step : visit.form->steps)
        for (const auto& field : step.fields) {
            const auto* answer = visit.answers.find(field.id);
            is_contested = is_contested || (answer != nullptr && answer->contested);
            if (holds<forms::Signature>(answer))
                signs_at_counter = !std::get<forms::Signature>(answer->value).picture;
        }
    std::vector<std::string> lines;
    if (signs_at_counter) lines.push_back(scene.say("receipt.missing.sign"));
    if (is_contested) lines.push_back(scene.say("receipt.missing.contested"));
    return lines;
}

printer::Document receipt(const session::Session& session, const Facts& facts) {
    const View view;
    const Scene scene(session, view, facts);
    const auto& visit = scene.visit();
    CHECK(visit.delivery != session::Delivery::none && !visit.receipt.empty());
    Slip slip(scene.say.content(), scene.language());
    slip.office();
    slip.rule();
    slip.heading(visit.matter->title, Size::large);
    slip.banner(state_key(visit.delivery, visit.supplement.has_value()));
    slip.number(visit.receipt);
    slip.pair("receipt.time", base::SecretText(base::to_local_minutes(visit.received_at)));
    if (auto name = masked_name(visit); !name.empty()) slip.pair("receipt.name", std::move(name));
    put_choices(scene, slip);
    if (const auto pages = count_pages(scene); pages > 0)
        slip.pair("receipt.papers", base::SecretText(scene.say.counted("common.pages", "count",
                                                                       std::int64_t(pages))));
    if (session::ends_at_counter(visit))
        slip.pair("receipt.missing", base::SecretText(scene.say("receipt.missing.identity")));
    for (const auto& line : left_open(scene)) slip.pair("receipt.missing", base::SecretText(line));
    slip.rule();
    put_next_steps(scene, slip);
    slip.how_to_ask();
    slip.line(scene.say("receipt.form", {{"form", visit.form->id},
                                         {"version", std::to_string(visit.form->version)}}));
    return std::move(slip).finish();
}

printer::Document receipt_copy(const JournalEntry& entry, const content::ContentSet& content,
                               Language language, int copy) {
    Slip slip(content, language);
    slip.office();
    slip.banner("receipt.copy", {{"copy", std::to_string(copy)}});
    slip.rule();
    if (const auto* matter = content.matter(entry.matter)) slip.heading(matter->title, Size::large);
    slip.banner(entry.state ? "state." + std::string(to_string(*entry.state))
                            : std::string(state_key(entry.delivery)));
    slip.number(entry.number);
    if (entry.at != base::WallTime{})
        slip.pair("receipt.time", base::SecretText(base::to_local_minutes(entry.at)));
    slip.rule();
    slip.how_to_ask();
    if (entry.form_version > 0)
        slip.line(slip.say("receipt.form", {{"form", entry.matter},
                                            {"version", std::to_string(entry.form_version)}}));
    return std::move(slip).finish();
}

std::function<printer::Document(int copy)> enquiry_copy(const session::Session& session) {
    CHECK(session.enquiry && session.enquiry->status && session.content);
    const auto& status = *session.enquiry->status;
    JournalEntry entry;
    entry.number = session.enquiry->number.view();
    entry.matter = status.matter;
    entry.state = status.now().state;
    return [entry = std::move(entry), content = session.content, language = session.language](
               int copy) { return receipt_copy(entry, *content, language, copy); };
}

printer::Document void_note(std::string_view receipt_number, const content::ContentSet& content) {
    Slip slip(content, Language::zh);
    slip.rule();
    for (const auto language : base::all_languages)
        slip.put(printer::Paragraph{text_in(content.text("receipt.void.title", language), language),
                                    Size::large, true, Align::centre});
    slip.plain(receipt_number);
    for (const auto language : base::all_languages)
        slip.put(printer::Paragraph{text_in(content.text("receipt.void", language), language),
                                    Size::normal, false, Align::start});
    slip.rule();
    return std::move(slip).finish();
}

namespace {

// Beyond what most printers have of their own: GBK, GB 18030 with four bytes (spec receipt-printer
// §9). They come out as pictures.
constexpr std::string_view rare_characters = "龘 䶮 㐂 𠮷 𬸪";

// Bars of 48 dots: black, half, a quarter, an eighth, and upright lines of one dot in four. A
// worn head shows white stripes in the first, a weak one pale dots in the last.
printer::Logo shades() {
    constexpr int bar = 48, bars = 5, height = 64;
    printer::Logo logo{bar * bars, height, {}};
    for (int y = 0; y < height; ++y)
        for (int byte = 0; byte < logo.width / 8; ++byte) {
            constexpr std::array<std::array<std::uint8_t, 4>, bars> rows{
                {{0xFF, 0xFF, 0xFF, 0xFF},
                 {0xAA, 0x55, 0xAA, 0x55},
                 {0x88, 0x22, 0x88, 0x22},
                 {0x80, 0x00, 0x08, 0x00},
                 {0x88, 0x88, 0x88, 0x88}}};
            logo.rows.push_back(rows[std::size_t(byte * 8 / bar)][std::size_t(y % 4)]);
        }
    return logo;
}

} // namespace

printer::Document test_slip(const content::ContentSet& content, base::WallTime now) {
    Slip slip(content, Language::zh);
    for (const auto language : base::all_languages)
        slip.put(
            printer::Paragraph{text_in(content.text("receipt.printer-test", language), language),
                               Size::large, true, Align::centre});
    slip.rule();
    slip.put(shades());
    for (const auto language : base::all_languages)
        slip.put(printer::Paragraph{
            text_in(content.text("receipt.printer-test.line", language), language)});
    slip.line(rare_characters);
    slip.put(printer::Rule{printer::RuleStyle::dashed});
    slip.put(printer::Qr{base::SecretText("TEST")});
    slip.line(base::to_local_minutes(now), Size::normal, false, Align::centre);
    return std::move(slip).finish();
}

} // namespace present
