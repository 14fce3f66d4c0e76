#include "screens/input/rime_pinyin.hpp"

#include "kiosk/base/bytes.hpp"
#include "kiosk/base/digest.hpp"

#include <atomic>
#include <cstring>
#include <optional>
#include <rime_api.h>

namespace input {
namespace {

using base::Errc;
using base::Error;

// X11's numbers (keysymdef.h), which librime takes for keys.
constexpr int key_down = 0xff54;
constexpr int key_delete = 0xffff;

// No syllable begins with it: what follows it is not looked up.
constexpr char blocker = 'i';

constexpr const char* advice = "; install the kiosk's Pinyin data again (build target pinyin_data, "
                               "made from the package rime-data-luna-pinyin)";

std::atomic<bool> is_open{false};

// What is typed into librime, and how many of the given letters stand before each place in it.
struct Typed {
    base::SecretText letters;
    std::vector<std::size_t> given{0};
};

std::optional<Typed> clean(std::string_view letters) {
    if (letters.size() > pinyin_letter_limit) return std::nullopt;
    Typed typed;
    for (std::size_t i = 0; i < letters.size(); ++i) {
        const char c = letters[i];
        const auto so_far = typed.letters.view();
        if (c == '\'') {
            if (so_far.empty() || so_far.back() == '\'') {
                typed.given.back() = i + 1;
                continue;
            }
        } else if (c < 'a' || c > 'z') {
            return std::nullopt;
        }
        typed.letters.append({&c, 1});
        typed.given.push_back(i + 1);
    }
    return typed;
}

// One session of librime, destroyed with what was typed into it.
class Session {
public:
    Session() : id_(api().create_session()) {}
    ~Session() { api().destroy_session(id_); }
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    static RimeApi& api() { return *rime_get_api(); }

    // librime looks up at every key all that stands before its caret. Only the last look-up is
    // wanted, so the letters go in behind one that no syllable begins with; it is taken away at the
    // end. Measured for 80 letters: 1 ms in place of 70 ms.
    void type(std::string_view letters) {
        press(blocker);
        for (const char c : letters) press(c);
        api().set_caret_pos(id_, 0);
        press(key_delete);
        api().set_caret_pos(id_, letters.size());
    }
    void next_candidate() { press(key_down); }
    std::string_view input() const {
        const char* text = api().get_input(id_);
        return text == nullptr ? std::string_view() : text;
    }
    RimeSessionId id() const { return id_; }

private:
    void press(int key) { api().process_key(id_, key, 0); }

    RimeSessionId id_;
};

// What a session shows now. The schema has pages of one candidate, the highlighted one: only for
// that one does the C interface say which letters it stands for.
class Shown {
public:
    explicit Shown(const Session& session) {
        RIME_STRUCT_INIT(RimeContext, context_);
        is_there_ = Session::api().get_context(session.id(), &context_) != 0;
    }
    ~Shown() {
        if (!is_there_) return;
        wipe(context_.composition.preedit);
        wipe(context_.commit_text_preview);
        for (int i = 0; i < context_.menu.num_candidates; ++i)
            wipe(context_.menu.candidates[i].text);
        Session::api().free_context(&context_);
    }
    Shown(const Shown&) = delete;
    Shown& operator=(const Shown&) = delete;

    bool has_candidate() const { return is_there_ && context_.menu.num_candidates > 0; }
    bool is_last() const { return context_.menu.is_last_page != 0; }
    std::string_view candidate() const { return context_.menu.candidates[0].text; }
    // The letters of the highlighted candidate cut into syllables, then all others as they are.
    std::string_view letters() const {
        const char* text = is_there_ ? context_.composition.preedit : nullptr;
        return text == nullptr ? std::string_view() : text;
    }
    std::size_t letters_after_candidate() const {
        return letters().size() - std::size_t(context_.composition.sel_end);
    }

private:
    static void wipe(char* text) {
        if (text != nullptr) base::wipe(text, std::strlen(text));
    }

    RimeContext context_{};
    bool is_there_ = false;
};

RimeTraits traits(const std::string& data_folder, const std::string& user_folder) {
    RimeTraits traits{};
    RIME_STRUCT_INIT(RimeTraits, traits);
    traits.shared_data_dir = data_folder.c_str();
    traits.user_data_dir = user_folder.c_str();
    traits.prebuilt_data_dir = data_folder.c_str();
    traits.staging_dir = user_folder.c_str();
    traits.distribution_name = "kiosk";
    traits.distribution_code_name = "kiosk";
    traits.distribution_version = KIOSK_VERSION;
    traits.app_name = "rime.kiosk";
    // Neither deployment nor plug-ins, which would be whatever lies on the machine.
    static const char* modules[] = {"core", "dict", "gears", nullptr};
    traits.modules = modules;
    traits.min_log_level = 3; // nothing but what ends the program: its log would name letters
    traits.log_dir = user_folder.c_str();
    return traits;
}

// The logging of librime aborts when it is set up twice.
void set_up_once(RimeTraits given) {
    static const bool done = (Session::api().setup(&given), true);
    (void)done;
}

base::Result<void> check_digests(const std::string& folder) {
    const auto in_folder = [&folder](std::string_view name) {
        return folder + "/" + std::string(name);
    };
    const auto list = base::read_file(in_folder(pinyin_digest_file), 4096);
    if (!list) return Error{Errc::not_found, "no Pinyin data in \"" + folder + "\"" + advice};
    for (const auto name : pinyin_files) {
        const auto bytes = base::read_file(in_folder(name));
        if (!bytes) return Error{Errc::not_found, in_folder(name) + " is missing" + advice};
        const auto line = base::sha256_hex(*bytes) + "  " + std::string(name) + "\n";
        if (base::as_text(*list).find(line) == std::string_view::npos)
            return Error{Errc::corrupt, in_folder(name) + " is damaged" + advice};
    }
    return {};
}

} // namespace

base::Result<std::unique_ptr<RimePinyin>> RimePinyin::open(const std::string& data_folder,
                                                           const std::string& user_folder) {
    TRY(check_digests(data_folder));
    if (is_open.exchange(true))
        return Error{Errc::locked, "Pinyin is already open in this program"};
    std::unique_ptr<RimePinyin> pinyin(new RimePinyin);
    try {
        auto given = traits(data_folder, user_folder);
        set_up_once(given);
        Session::api().initialize(&given);
        pinyin->is_started_ = true;
        pinyin->anchor_ = Session::api().create_session();
    } catch (const std::exception&) {
        return Error{Errc::corrupt, "librime cannot be started with " + data_folder + advice};
    }
    TRY(pinyin->check_itself());
    return pinyin;
}

RimePinyin::~RimePinyin() {
    if (anchor_ != 0) Session::api().destroy_session(anchor_);
    if (is_started_) Session::api().finalize();
    is_open = false;
}

// Without its conversion to simplified characters librime works all the same, and wrongly.
base::Result<void> RimePinyin::check_itself() {
    const auto answer = look_up("guojia", 0, 1); // country, in simplified characters
    if (answer.candidates.empty() || answer.candidates.front().text.view() != "\u56fd\u5bb6")
        return Error{Errc::corrupt, std::string("librime does not find a common word") + advice +
                                        " and see that the package libopencc-data is there"};
    return {};
}

PinyinAnswer RimePinyin::look_up(std::string_view letters, std::size_t first, std::size_t most) {
    PinyinAnswer answer;
    const auto typed = clean(letters);
    if (!typed || typed->letters.empty() || most == 0) return answer;
    try {
        Session session;
        session.type(typed->letters.view());
        if (session.input() != typed->letters.view()) return answer;
        for (std::size_t i = 0; i < first + most; ++i) {
            const Shown shown(session);
            if (i == 0) answer.shown = base::SecretText(shown.letters());
            if (!shown.has_candidate()) break;
            const auto used = typed->letters.size() - shown.letters_after_candidate();
            if (i >= first)
                answer.candidates.push_back(
                    {base::SecretText(shown.candidate()), typed->given[used]});
            answer.has_more = !shown.is_last();
            if (!answer.has_more) break;
            session.next_candidate();
        }
    } catch (const std::exception&) {
        answer = {}; // not handled: telling a library at its end from letters that are no Pinyin
    }
    return answer;
}

} // namespace input
