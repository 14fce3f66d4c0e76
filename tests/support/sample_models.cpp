#include "tests/support/sample_models.hpp"

#include "tests/support/sample_words.hpp"

namespace samples {
namespace {

using namespace screens;
using base::Language;
using base::SecretText;
AttractModel attract(const Words& w) {
    AttractModel m;
    m.frame = frame(w);
    m.greeting = w.three("attract.greeting");
    m.pictures = {w.three("attract.picture.card"), w.three("attract.picture.answer"),
                  w.three("attract.picture.receipt")};
    m.touch = w.three("attract.touch");
    m.note = w.three("attract.note");
    return m;
}

AttractModel attract_notice(const Words& w) {
    auto m = attract(w);
    m.notice = w.three("local-notice.printer-repair");
    return m;
}

AttractModel attract_card_left(const Words& w) {
    auto m = attract(w);
    m.notice = w.three("attract.card-left");
    m.notice_icon = "card";
    return m;
}

LanguageModel language(const Words& w, Language now) {
    LanguageModel m;
    m.frame = frame(w, 3);
    m.title = w("language.title");
    m.lines = w.three("language.line");
    m.current = now;
    m.back = w("common.back");
    return m;
}

Tint tint_of(const std::string& name) {
    if (name == "catGreen") return Tint::green;
    if (name == "catClay") return Tint::clay;
    if (name == "catPlum") return Tint::plum;
    return name == "catSand" ? Tint::sand : Tint::blue;
}

HomeModel home(const Words& w, std::size_t count) {
    HomeModel m;
    m.frame = frame(w);
    m.title = w("home.title");
    m.sub = w("home.sub");
    for (std::size_t i = 0; i < count; ++i) {
        const auto& matter = w.matters().at(i % w.matters().size());
        m.matters.push_back({matter.at("id").get<std::string>() + (i < 3 ? "" : std::to_string(i)),
                             matter.at("icon"), tint_of(matter.at("tint")),
                             w.of(matter.at("title")), w.of(matter.at("line"))});
    }
    m.ways = {{HomePress::groups, "list", w("home.all"), {}},
              {HomePress::progress, "clock", w("home.progress"), {}},
              {HomePress::todos, "person", w("home.todos"), {}}};
    m.today = {
        {HomePress::hours, "calendar", w("home.hours"), w("home.hours.open", {{"time", "19:00"}})},
        {HomePress::notices, "megaphone", w("home.notices"), {}}};
    m.empty = {NoteModel::Kind::info, "counter", w("home.empty.title"), w("home.empty")};
    return m;
}

HomeModel home_notice(const Words& w) {
    auto m = home(w, 3);
    m.notice = NoteModel{NoteModel::Kind::info, "megaphone", {}, w("local-notice.printer-repair")};
    return m;
}

NoticeModel notice(const Words& w) {
    const auto& matter = w.matters().at(1);
    NoticeModel m;
    m.frame = frame(w);
    m.title = w.of(matter.at("title"));
    m.sub = w("notice.sub");
    m.facts = {{"clock", w("notice.time"), w.of(matter.at("time"))},
               {"calendar", w("notice.result"), w.of(matter.at("result"))},
               {"bank-card", w("notice.cost"), w.of(matter.at("cost"))}};
    m.who_title = w("notice.who");
    m.who = w.of(matter.at("who"));
    m.papers_title = w("notice.bring");
    for (const auto& paper : matter.at("bring")) {
        m.papers.push_back({paper.at("icon"), w.of(paper.at("name")), w.of(paper.at("note"))});
    }
    m.notes = {{NoteModel::Kind::info, "help", w("notice.no-staff.title"),
                w("notice.no-staff", {{"hours", "10:00-14:00, 15:30-19:00"}})}};
    m.foot = w("notice.foot");
    m.actions = {w("common.back"), w("notice.begin")};
    return m;
}

CardModel card(const Words& w, CardModel::State state) {
    CardModel m;
    m.frame = frame(w, 1);
    m.title = w("card.title");
    m.sub = w("card.sub.silent");
    m.state = state;
    m.status = w(state == CardModel::State::reading ? "card.reading" : "card.waiting");
    m.problem = {NoteModel::Kind::warning, "card", w("card.unreadable.title"),
                 w("card.unreadable")};
    m.reads_title = w("card.reads.title");
    m.reads = w("card.reads");
    m.back = w("common.back");
    m.other_way = w("card.other-way");
    m.other_way_detail = w("card.other-way.detail");
    return m;
}

std::vector<ValueRow> rows(const Words& w, const std::string& button) {
    // Spec matters §9: the long transliterated name and the applicant's number.
    return {{"name", w.pick("姓名", "ئىسىم-فامىلىسى", "Full name"),
             SecretText("阿卜杜热合曼·麦麦提图尔荪"), false, "card", w("source.card"), button},
            {"idNumber", w.pick("身份证号码", "كىملىك نومۇرى", "ID number"),
             SecretText("659999 ******** 0046"), true, "card", w("source.card.masked"), button},
            {"birth", w.pick("出生日期", "تۇغۇلغان ۋاقتى", "Date of birth"),
             SecretText(w.pick("1940 年 3 月 15 日", "1940-يىل 3-ئاينىڭ 15-كۈنى", "15 March 1940")),
             false, "card", w("source.card"), button},
            {"address", w.pick("户籍地址", "نوپۇستىكى ئادرېسى", "Registered address"),
             SecretText("新疆乌鲁木齐市新市区长春中路街道 ** 号"), false, "card", w("source.card"),
             button},
            {"phone", w.pick("手机号码", "يانفون نومۇرى", "Mobile number"),
             SecretText("138 **** 6021"), true, "folder", w("source.session"), w("common.change")},
            {"identity",
             w("review.identity"),
             SecretText(w("review.identity.counter-code")),
             false,
             {},
             {},
             {}}};
}

PrefilledModel prefilled(const Words& w) {
    PrefilledModel m;
    m.frame = frame(w, 2);
    m.title = w("prefilled.title.card");
    m.rows = rows(w, w("prefilled.wrong"));
    m.rows.pop_back();
    m.foot = w("prefilled.foot");
    m.actions = {w("common.back"), w("prefilled.go")};
    return m;
}

ReviewModel review(const Words& w) {
    ReviewModel m;
    m.frame = frame(w, 8);
    m.title = w("review.title");
    m.rows = rows(w, w("common.change"));
    for (auto extra : rows(w, w("common.change"))) {
        extra.id += "2";
        m.rows.push_back(std::move(extra));
    }
    m.foot = w("review.foot");
    m.actions = {w("common.back"), w("review.go")};
    return m;
}

ConsentModel consent(const Words& w, const Json& texts) {
    ConsentModel m;
    m.frame = frame(w, 3);
    m.title = w.of(texts.at("title"));
    for (const auto& statement : texts.at("statements")) {
        m.statements.push_back({"ok", w.of(statement), false});
    }
    m.choose = w("consent.choose");
    m.agree = {"ok", w.of(texts.at("agree")), {}};
    m.decline = {"counter", w.of(texts.at("decline")), {}};
    m.back = w("common.back");
    return m;
}

ConsentModel photo_consent(const Words& w, const Json& texts) {
    auto m = consent(w, texts);
    m.picture = ConsentModel::Picture::two_photos;
    m.statements.back().strong = true;
    m.agree = {"face", w.of(texts.at("agree")), {}};
    return m;
}

// The reason with the most words, before a grey wall.
FaceModel face(const Words& w, bool live) {
    FaceModel m;
    m.frame = frame(w, 3);
    m.title = w("face.title");
    m.waiting = w("face.waiting");
    m.now.kind = live ? NoteModel::Kind::warning : NoteModel::Kind::info;
    m.now.icon = "person";
    m.now.title = w(live ? "face.say.light_from_side" : "face.waiting");
    m.kept = w("face.kept");
    m.stop = w("face.stop");
    m.other_way = w("face.other-way");
    if (live) {
        base::Picture wall{480, 640, 3, {}};
        wall.pixels.assign(std::size_t(480) * 640 * 3, 0x50);
        m.live = std::make_shared<const base::Picture>(std::move(wall));
    }
    return m;
}

OtherwayModel otherway(const Words& w) {
    const std::string hours = "10:00-14:00, 15:30-19:00";
    OtherwayModel m;
    m.frame = frame(w, 7);
    m.title = w("identity.title");
    m.sub = w("identity.sub");
    m.ways = {{"face", "face", w("identity.face.title"), w("identity.face"), false,
               w("identity.face.unavailable")},
              {"staff-witness", "help", w("identity.staff-witness.title"),
               w("identity.staff-witness"), false,
               w("identity.staff-witness.unavailable", {{"hours", hours}})},
              {"counter-code",
               "counter",
               w("identity.counter-code.title"),
               w("identity.counter-code"),
               true,
               {}}};
    m.back = w("common.back");
    return m;
}

QuestionChoiceModel choice(const Words& w, std::size_t count, QuestionChoiceModel::Kind kind) {
    const char* const options[][3] = {
        {"本区", "مۇشۇ رايون", "In this district"},
        {"本市其他区", "مۇشۇ شەھەرنىڭ باشقا رايونى", "Elsewhere in this city"},
        {"其他省市", "باشقا ئۆلكە-شەھەر", "Another province or city"},
        {"境外", "چېگرا سىرتى", "Abroad"},
        {"消防通道", "ئوت ئۆچۈرۈش يولى", "Fire lane"},
        {"道路破损", "يول بۇزۇلۇش", "Damaged road"},
        {"漏水", "سۇ ئېقىش", "Water leak"},
        {"噪音", "شاۋقۇن", "Noise"}};
    QuestionChoiceModel m;
    m.frame = frame(w, 4);
    m.title = w.pick("您现在住在哪里？", "ھازىر قەيەردە تۇرىسىز؟", "Where do you live now?");
    m.why = w.pick("为了能联系到您。", "سىز بىلەن ئالاقىلىشىش ئۈچۈن.", "So that we can reach you.");
    m.kind = kind;
    for (std::size_t i = 0; i < count; ++i) {
        const auto& o = options[i];
        m.options.push_back({std::to_string(i), w.pick(o[0], o[1], o[2]), {}, {}, i == 0});
    }
    if (kind == QuestionChoiceModel::Kind::several) {
        m.note = NoteModel{NoteModel::Kind::info, "help", {}, w("question.choose-several")};
        m.options[2].chosen = true;
        m.options[3].icon = "drop";
        m.options[3].detail = w("common.kept");
    }
    m.actions = {w("common.back"), w("common.go")};
    return m;
}

QuestionDigitsModel phone(const Words& w) {
    QuestionDigitsModel m;
    m.frame = frame(w, 5);
    m.title = w.pick("留一个手机号码", "بىر يانفون نومۇرى قالدۇرۇڭ", "Leave a mobile number");
    m.why = w.pick("有结果时给您打电话或发短信。", "نەتىجە چىقسا تېلېفون قىلىمىز.",
                   "We call you when there is an answer.");
    m.digits = SecretText("138099160");
    m.groups = {3, 4, 4};
    m.hint = w("digits.missing", {{"missing", "2"}});
    m.clear = w("digits.clear");
    m.alternative = w("digits.landline");
    m.alternative_icon = "phone";
    m.actions = {w("common.back"), w("digits.press-more", {{"missing", "2"}}), false};
    return m;
}

QuestionDigitsModel id_number(const Words& w) {
    auto m = phone(w);
    m.title = w.pick("孩子的身份证号码", "بالىنىڭ كىملىك نومۇرى", "The child's ID number");
    m.digits = SecretText("659999201906300037");
    m.groups = {6, 4, 4, 4};
    m.marked_from = 14;
    m.hint.clear();
    m.problem = NoteModel{NoteModel::Kind::error, {}, w("fault.id-check"), w("digits.compare")};
    m.corner = QuestionDigitsModel::CornerKey::letter_x;
    m.alternative.clear();
    m.actions = {w("common.back"), w("digits.correct-first"), false};
    return m;
}

QuestionDigitsModel bank_card(const Words& w) {
    auto m = phone(w);
    m.title = w.pick("老人的银行卡号", "ياشانغان كىشىنىڭ بانكا كارتا نومۇرى",
                     "Bank card number of that person");
    m.digits = SecretText("9999990000000000121");
    m.groups = {4, 4, 4, 4, 3};
    m.hint = w("digits.compare");
    m.actions = {w("common.back"), w("common.go")};
    return m;
}

QuestionTextModel text_question(const Words& w, Board board, const std::string& written) {
    QuestionTextModel m;
    m.frame = frame(w, 3);
    m.title = w.pick("发生了什么事？", "نېمە ئىش بولدى؟", "What happened?");
    m.why =
        w.pick("写几句就可以。", "بىر نەچچە جۈملە يازسىڭىزلا بولىدۇ.", "A few words are enough.");
    m.text = SecretText(written);
    m.caret = written.size();
    m.counter = w("question.counter", {{"count", "33"}, {"max", "300"}});
    m.hint = w("board.no-chinese");
    m.board = board;
    m.boards = {Board::pinyin, Board::handwriting, Board::uyghur, Board::latin, Board::digits};
    m.labels.space = w("board.space");
    m.labels.latin = w("board.latin");
    m.labels.uyghur = w.three("language.name")[1];
    m.labels.digits = w("board.digits");
    m.labels.pinyin = w("board.pinyin");
    m.labels.handwriting = w("board.handwriting");
    m.labels.split = w("board.split");
    m.labels.undo_stroke = w("board.undo-stroke");
    m.labels.clear_ink = w("board.clear-ink");
    m.labels.backspace = w("digits.backspace");
    m.labels.more = w("common.more");
    m.labels.earlier = w("common.earlier");
    m.labels.box = w("board.box");
    m.labels.field = w("board.field");
    m.actions = {w("common.back"), w("question.write-more"), !written.empty()};
    return m;
}

QuestionTextModel uyghur_text(const Words& w) {
    return text_question(w, Board::uyghur, "شىنشى رايونلۇق خەلق دوختۇرخانىسى");
}

QuestionTextModel long_text(const Words& w) {
    std::string written;
    for (int i = 0; i < 6; ++i)
        written += "The lamp beside house no. 12 has been dark for three weeks. ";
    auto m = text_question(w, Board::latin, written);
    m.problem = NoteModel{NoteModel::Kind::error, {}, w("fault.text-long", {{"max", "300"}}), {}};
    return m;
}

QuestionTextModel pinyin(const Words& w, std::initializer_list<const char*> candidates,
                         bool later = false) {
    auto m = text_question(w, Board::pinyin, "蓝天小区");
    m.hint = w("board.hint.pinyin");
    m.letters = SecretText("er hao lou");
    for (const auto* each : candidates) m.candidates.push_back(SecretText(each));
    m.has_more = true;
    m.has_earlier = later;
    m.actions = {w("common.back"), w("question.choose-characters"), false};
    return m;
}

QuestionTextModel pinyin_name(const Words& w) {
    auto m = text_question(w, Board::pinyin, "");
    m.hint = w("board.hint.pinyin");
    m.is_name = true;
    m.boards = {Board::pinyin, Board::handwriting, Board::uyghur, Board::latin};
    return m;
}

// Strokes of 十, in millimetres of the box.
QuestionTextModel handwriting(const Words& w, bool written) {
    auto m = text_question(w, Board::handwriting, "长春中路");
    m.hint = w("board.hint.handwriting");
    if (!written) {
        m.problem =
            NoteModel{NoteModel::Kind::info, {}, w("board.advice.title"), w("board.advice")};
        return m;
    }
    m.ink = {{{12, 30}, {30, 29}, {48, 30}}, {{30, 10}, {30, 30}, {29, 52}}};
    for (const auto* each : {"十", "千", "干", "于", "土", "士", "木", "平", "寸", "丰"})
        m.candidates.push_back(SecretText(each));
    m.has_more = true;
    m.has_earlier = true;
    m.actions = {w("common.back"), w("question.choose-characters"), false};
    return m;
}

QuestionDateModel date(const Words& w, bool far, bool month_only) {
    QuestionDateModel m;
    m.frame = frame(w, 4);
    m.title =
        w.pick("最早哪一天能上班？", "ئەڭ بالدۇر قاچان ئىشلىيەلەيسىز؟", "When can you start?");
    m.why = w.pick("大概的日子就可以。", "تەخمىنەن بولسىمۇ بولىدۇ.", "A rough date will do.");
    const auto column = [&](DatePart part, const std::string& name, const char* value) {
        m.columns.push_back({part, value, w("calendar." + name), w("calendar." + name + ".more"),
                             w("calendar." + name + ".less"), true, part != DatePart::day});
    };
    column(DatePart::year, "year", far ? "1941" : "2026");
    column(DatePart::month, "month", "12");
    if (!month_only) column(DatePart::day, "day", "01");
    const std::string year = far ? "1941" : "2026", month = w("month.12");
    m.in_words =
        SecretText(month_only ? w("calendar.in-words.month", {{"year", year}, {"month", month}})
                              : w("calendar.in-words", {{"year", year},
                                                        {"month", month},
                                                        {"day", "1"},
                                                        {"weekday", w("calendar.weekday.2")}}));
    m.is_chosen = !month_only;
    if (far) {
        m.ten_more = w("calendar.ten-more");
        m.ten_less = w("calendar.ten-less");
    } else {
        m.quick = {{"today", w("calendar.today")}, {"next-month", w("calendar.next-month")}};
    }
    m.digits = w("calendar.digits");
    m.actions = {w("common.back"), w("common.go")};
    return m;
}

QuestionDigitsModel money(const Words& w) {
    auto m = phone(w);
    m.title = w.pick("希望每月工资多少？", "ئايلىق ئىش ھەققى قانچە؟", "What monthly pay?");
    m.digits = SecretText("4200.50");
    m.groups.clear();
    m.unit = w("unit.yuan");
    m.hint.clear();
    m.corner = QuestionDigitsModel::CornerKey::point;
    m.alternative.clear();
    m.actions = {w("common.back"), w("common.go")};
    return m;
}

ScanModel scan(const Words& w, bool live) {
    ScanModel m;
    m.frame = frame(w, 6);
    m.title = w("scan.title");
    m.sub = w("scan.sub");
    if (live) m.live = page_picture(968, 760);
    m.waiting = w("scan.waiting");
    m.longest_status =
        NoteModel{NoteModel::Kind::warning, {}, w("scan.flaw.glare.title"), w("scan.flaw.glare")};
    if (live) {
        m.outline = {{0.17f, 0.03f}, {0.83f, 0.03f}, {0.83f, 0.97f}, {0.17f, 0.97f}};
        m.held = 0.6f;
        m.status = NoteModel{NoteModel::Kind::success, {}, w("scan.see.still.title"), {}};
    }
    if (!live)
        m.status =
            NoteModel{NoteModel::Kind::warning, {}, w("scan.unplugged.title"), w("scan.unplugged")};
    m.page =
        w("scan.page",
          {{"page", "2"}, {"of", "2"}, {"label", w.pick("本人页", "ئۆزىنىڭ بېتى", "own page")}});
    m.hint = w("scan.hint");
    m.other_way = w("scan.no-paper");
    m.actions = {w("common.back"), w("scan.take"), true, "camera"};
    return m;
}

PageCheckModel page_check(const Words& w) {
    PageCheckModel m;
    m.frame = frame(w, 6);
    m.title = w("page-check.title");
    m.sub = w("page-check.sub");
    m.page = page_picture(1000, 1414);
    m.notes = {{NoteModel::Kind::info, "page", {}, w("page-check.as-sent")}};
    m.retake = w("page-check.retake");
    m.use = w("page-check.use");
    return m;
}

PagesModel pages(const Words& w, std::size_t count) {
    PagesModel m;
    m.frame = frame(w, 6);
    m.title = w("pages.title");
    m.sub = w("pages.sub", {{"count", std::to_string(count)}});
    for (std::size_t i = 0; i < count; ++i) {
        m.pages.push_back({std::to_string(i), w("pages.page", {{"page", std::to_string(i + 1)}}),
                           w("pages.clear"), NoteModel::Kind::success, page_picture(300, 424),
                           i == 1});
    }
    m.add = w("pages.add");
    m.earlier = w("pages.earlier");
    m.retake = w("pages.retake");
    m.remove = w("pages.remove");
    m.note = NoteModel{NoteModel::Kind::info, {}, {}, w("pages.full", {{"max", "4"}})};
    m.actions = {w("common.back"), w("pages.done")};
    return m;
}

SignatureModel signature(const Words& w) {
    SignatureModel m;
    m.frame = frame(w, 9);
    m.title = w("signature.title");
    m.sub = w("signature.sub");
    // A name as a hand would write it, and a tap beside it.
    m.strokes = {{{0.22f, 0.32f}, {0.3f, 0.3f}, {0.38f, 0.27f}},
                 {{0.24f, 0.47f}, {0.36f, 0.43f}},
                 {{0.3f, 0.3f}, {0.3f, 0.5f}, {0.29f, 0.64f}},
                 {{0.19f, 0.66f}, {0.3f, 0.63f}, {0.42f, 0.6f}},
                 {{0.54f, 0.3f}, {0.62f, 0.27f}, {0.69f, 0.24f}},
                 {{0.57f, 0.36f}, {0.59f, 0.43f}},
                 {{0.68f, 0.33f}, {0.66f, 0.42f}},
                 {{0.5f, 0.52f}, {0.63f, 0.48f}, {0.76f, 0.46f}},
                 {{0.63f, 0.27f}, {0.63f, 0.55f}, {0.62f, 0.76f}},
                 {{0.79f, 0.6f}}};
    m.board = w("signature.board");
    m.clear = w("signature.clear");
    m.counter = w("signature.counter");
    m.note = NoteModel{NoteModel::Kind::info, {}, {}, w("signature.note")};
    m.actions = {w("common.back"), w("submit.send")};
    return m;
}

SubmittingModel submitting(const Words& w) {
    using State = SubmittingLine::State;
    SubmittingModel m;
    m.frame = frame(w, 9);
    m.title = w("submitting.title");
    m.sub = w("submitting.sub");
    m.lines = {{State::done, w("submitting.seal")},
               {State::now, w("submitting.store")},
               {State::later, w("submitting.send")}};
    return m;
}

// Any pattern will do: what a QR code says is tested where it is made.
QrModules pattern() {
    QrModules qr;
    qr.size = 21;
    // The three corner marks of a real one, and modules without a meaning.
    const auto mark = [&](int x, int y) {
        const int ring = std::max(std::abs(x - 3), std::abs(y - 3));
        return ring == 3 || ring <= 1;
    };
    for (int y = 0; y < qr.size; ++y) {
        for (int x = 0; x < qr.size; ++x) {
            const int left = std::min(x, qr.size - 1 - x), top = std::min(y, qr.size - 1 - y);
            const bool in_corner = left < 8 && top < 8 && !(x > 12 && y > 12);
            const bool in_mark = left < 7 && top < 7;
            unsigned mixed = unsigned(x * 73 + y * 151) * 2654435761u;
            mixed = (mixed ^ mixed >> 15) * 2246822519u;
            qr.dark.push_back(in_corner ? in_mark && mark(left, top) : mixed >> 31 != 0);
        }
    }
    return qr;
}

ResultModel result(const Words& w, ResultModel::Kind kind, bool paper) {
    const auto& matter = w.matters().at(1);
    ResultModel m;
    m.frame = frame(w);
    m.frame.place = w.of(matter.at("title"));
    m.kind = kind;
    const bool accepted = kind == ResultModel::Kind::accepted;
    m.title = w(accepted ? "result.accepted" : "result.stored");
    m.sub = w(!paper ? "result.paper.sub" : accepted ? "result.accepted.sub" : "result.stored.sub");
    m.number_label = w(accepted ? "result.number" : "result.number.stored");
    m.number = "7K4M 92HX 3PRD";
    m.time = "2026-11-22 10:38";
    m.next_title = w("result.next");
    const char* const icons[] = {"clock", "phone", "calendar", "counter"};
    for (const auto& line : matter.at("next"))
        m.next.push_back({icons[m.next.size() % 4], w.of(line), {}});
    if (!accepted) m.next.insert(m.next.begin(), {"network-off", w("result.stored.network"), {}});
    m.card = NoteModel{NoteModel::Kind::warning, "card", w("result.card"), {}};
    m.done = w(paper ? "result.done" : "result.noted");
    if (paper) {
        m.receipt = w("result.receipt");
        m.another = w("result.another");
    } else {
        m.paper = NoteModel{NoteModel::Kind::warning, "paper-out", w("result.paper.title"),
                            w("result.paper")};
        m.qr = pattern();
        m.qr_label = w("result.qr");
        m.staff = w("result.paper.staff");
        m.card.reset();
    }
    m.foot = w("result.stored.ask", {{"phone", "0991-12345"}});
    return m;
}

GoodbyeModel goodbye(const Words& w) {
    return {frame(w), w("goodbye.title"), w("goodbye.sub"), true,
            true,     w("goodbye.foot"),  w("goodbye.done")};
}

GoodbyeModel goodbye_rating(const Words& w) {
    auto m = goodbye(w);
    m.rate = w("rate.title");
    m.good = w("rate.good");
    m.fair = w("rate.fair");
    m.poor = w("rate.poor");
    return m;
}

GoodbyeModel goodbye_thanks(const Words& w) {
    auto m = goodbye(w);
    m.thanks = NoteModel{NoteModel::Kind::success, {}, {}, w("rate.thanks")};
    return m;
}

IdleModel idle(const Words& w) {
    return {frame(w, 4),
            "clock",
            w("idle.title"),
            w("idle.text", {{"seconds", "38"}}),
            w("idle.text", {{"seconds", "45"}}),
            38,
            45,
            w("idle.stay"),
            w("idle.end")};
}

LeaveModel leave(const Words& w) {
    return {frame(w, 4), w("leave.title"), w("leave.text"), w("leave.stay"), w("leave.end")};
}

HelpModel help(const Words& w) {
    const std::string hours = "10:00-14:00, 15:30-19:00";
    HelpModel m;
    m.frame = frame(w, 4);
    m.frame.rail.staff_on = true;
    m.title = w("help.title");
    m.sub = w("help.sub");
    m.ways = {{"call", "help", w("help.call.title"), w("help.call"), true},
              {"how", "list", w("help.how.title"), w("help.how"), false},
              {"enrol", "settings", w("help.enrol.title"), w("help.enrol"), false}};
    m.foot = w("help.phone", {{"phone", "0991-12345"}, {"hours", hours}});
    m.state = NoteModel{NoteModel::Kind::success, {}, w("help.coming.title"), w("help.coming")};
    m.back = w("help.back");
    return m;
}

VoiceModel voice(const Words& w) {
    VoiceModel m;
    m.frame = frame(w, 4);
    m.title = w("voice.title");
    m.sub = w("common.kept");
    m.volume = w("voice.volume", {{"step", "3"}, {"of", "5"}});
    m.softer = w("voice.softer");
    m.louder = w("voice.louder");
    m.rate = w("voice.rate", {{"step", "3"}, {"of", "5"}});
    m.slower = w("voice.slower");
    m.faster = w("voice.faster");
    m.again = w("voice.again");
    m.stop = w("voice.stop");
    m.back = w("help.back");
    return m;
}

OutOfServiceModel out_of_service(const Words& w) {
    OutOfServiceModel m{frame(w),
                        w.three("out.title"),
                        w.three("out.text"),
                        w.three("out.other"),
                        w.three("out.other.short"),
                        w.three("out.kept"),
                        w("out.staff")};
    // As long as the shipped office has it.
    const ThreeTexts name{"正扬路社区办事点", "جېڭياڭ يولى مەھەللىسى",
                          "Zhengyang Road Community Office"};
    const ThreeTexts address{"正扬路街道示例路 8 号", "جېڭياڭ يولى كوچىسى، مىسال يولى 8-نومۇر",
                             "8 Example Road, Zhengyang Road Street"};
    const ThreeTexts way{"出门向右走约 10 分钟", "ئىشىكتىن چىقىپ ئوڭغا 10 مىنۇتچە مېڭىڭ",
                         "about 10 minutes on foot, to the right"};
    const ThreeTexts hours{"每天 9:00 到 21:00", "ھەر كۈنى 9:00 دىن 21:00 غىچە",
                           "every day 9:00 to 21:00"};
    for (std::size_t i = 0; i < m.other.size(); ++i)
        m.other_short[i] = text::format_message(m.other_short[i], {{"name", name[i]}});
    for (std::size_t i = 0; i < m.other.size(); ++i)
        m.other[i] = text::format_message(
            m.other[i],
            {{"name", name[i]}, {"address", address[i]}, {"way", way[i]}, {"hours", hours[i]}});
    return m;
}

NoticeMessageModel message(const Words& w) {
    return {frame(w, 2),
            "counter",
            w("refusal.no-papers.title"),
            w("refusal.no-papers"),
            NoteModel{NoteModel::Kind::info, {}, {}, w("common.kept")},
            w("refusal.back"),
            "arrow-start",
            w("refusal.home"),
            "home"};
}

} // namespace

namespace {

// A form as it might be printed: a head, lines of words, a table. 0 to 1 from its top left corner.
std::uint8_t grey_of_page(float u, float v) {
    constexpr std::uint8_t desk = 58, paper = 252, ink = 150, head = 84;
    if (u < 0 || u > 1 || v < 0 || v > 1) return desk;
    if (v > 0.08f && v < 0.1f) return u > 0.3f && u < 0.7f ? head : paper;
    const bool in_table = v > 0.52f && v < 0.72f && u > 0.12f && u < 0.88f;
    if (in_table) {
        const float row = (v - 0.52f) / 0.05f, column = (u - 0.12f) / 0.19f;
        const bool rule = row - float(int(row)) < 0.05f || column - float(int(column)) < 0.02f;
        return rule ? ink : paper;
    }
    const int line = int(v / 0.04f);
    const float ends[] = {0.86f, 0.8f, 0.88f, 0.62f};
    const bool is_line = v - 0.04f * float(line) < 0.01f && line > 3 && line < 23;
    const bool is_free = line >= 12 && line <= 18;
    return is_line && !is_free && u > 0.12f && u < ends[line % 4] ? ink : paper;
}

} // namespace

PictureRef page_picture(int width, int height) {
    base::Picture picture;
    picture.width = width;
    picture.height = height;
    picture.channels = 3;
    picture.pixels.resize(std::size_t(width) * std::size_t(height) * 3);
    // A taller picture is a page; a wider one shows it on a dark desk, a little turned.
    const bool is_page = height > width;
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            float u = float(x) / float(width), v = float(y) / float(height);
            if (!is_page) {
                const float dx = float(x - width / 2), dy = float(y - height / 2);
                v = 0.5f + (dy - 0.05f * dx) / (float(height) * 0.9f);
                u = 0.5f + (dx + 0.05f * dy) / (float(height) * 0.63f);
            }
            auto* pixel = picture.row(y) + std::size_t(x) * 3;
            pixel[0] = pixel[1] = pixel[2] = grey_of_page(u, v);
        }
    }
    return std::make_shared<const base::Picture>(std::move(picture));
}

std::vector<Sample> all(Language now, const std::string& content_folder) {
    using Choice = QuestionChoiceModel::Kind;
    const Words w(now, content_folder);
    std::vector<Sample> screens{
        {"attract", attract(w)},
        {"attract-notice", attract_notice(w)},
        {"attract-card-left", attract_card_left(w)},
        {"language", language(w, now)},
        {"home", home(w, 3)},
        {"home-eight", home(w, 8)},
        {"home-notice", home_notice(w)},
        {"home-empty", home(w, 0)},
        {"notice", notice(w)},
        {"card", card(w, CardModel::State::waiting)},
        {"card-reading", card(w, CardModel::State::reading)},
        {"card-problem", card(w, CardModel::State::problem)},
        {"prefilled", prefilled(w)},
        {"consent-photo", photo_consent(w, w.consents().at("face.compare"))},
        {"otherway", otherway(w)},
        {"question_choice", choice(w, 4, Choice::one)},
        {"question_choice-many", choice(w, 8, Choice::several)},
        {"question_digits-phone", phone(w)},
        {"question_digits-id", id_number(w)},
        {"question_digits-bank", bank_card(w)},
        {"question_text-latin", text_question(w, Board::latin, "Lamp post 12")},
        {"question_text-uyghur", uyghur_text(w)},
        {"question_text-digits", text_question(w, Board::digits, "")},
        {"question_text-long", long_text(w)},
        {"question_text-pinyin",
         pinyin(w, {"二号楼", "二号", "而好", "耳", "二", "儿", "而", "尔"})},
        {"question_text-pinyin-long",
         pinyin(w, {"新疆维吾尔自治区", "乌鲁木齐市高新区长春中路街道办事处", "二号楼", "二"},
                true)},
        {"question_text-pinyin-name", pinyin_name(w)},
        {"question_text-handwriting", handwriting(w, true)},
        {"question_text-handwriting-empty", handwriting(w, false)},
        {"question_date", date(w, false, false)},
        {"question_date-far", date(w, true, false)},
        {"question_date-month", date(w, false, true)},
        {"question_digits-money", money(w)},
        {"face", face(w, true)},
        {"face-waiting", face(w, false)},
        {"scan", scan(w, true)},
        {"scan-unplugged", scan(w, false)},
        {"page_check", page_check(w)},
        {"pages", pages(w, 4)},
        {"review", review(w)},
        {"signature", signature(w)},
        {"submitting", submitting(w)},
        {"result-accepted", result(w, ResultModel::Kind::accepted, true)},
        {"result-stored", result(w, ResultModel::Kind::stored, true)},
        {"result-no-paper", result(w, ResultModel::Kind::accepted, false)},
        {"goodbye", goodbye(w)},
        {"goodbye-rating", goodbye_rating(w)},
        {"goodbye-thanks", goodbye_thanks(w)},
        {"idle", idle(w)},
        {"leave", leave(w)},
        {"help", help(w)},
        {"voice", voice(w)},
        {"out_of_service", out_of_service(w)},
        {"notice_message", message(w)}};
    for (auto& enquiry : enquiry_screens(w)) screens.push_back(std::move(enquiry));
    for (auto& staff : staff_screens(w)) screens.push_back(std::move(staff));
    for (const auto& [id, texts] : w.consents().items())
        screens.push_back({"consent-" + id, consent(w, texts)});
    return screens;
}

} // namespace samples
