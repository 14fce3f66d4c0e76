#include "tests/unit/present_words.hpp"

#include "kiosk/text/message.hpp"

#include <algorithm>

using namespace screens;

namespace {

class Collector {
public:
    ShownWords words;

    // As it is read: marks of isolation are not seen.
    void text(std::string_view text) {
        if (!text.empty()) words.texts.push_back(text::strip_isolates(text));
    }
    template <class... Texts> void texts(const Texts&... all) { (text(all), ...); }
    void icon(const std::string& name) {
        if (!name.empty()) words.icons.push_back(name);
    }
    void three(const ThreeTexts& all) {
        for (const auto& each : all) text(each);
    }

    void operator()(const FrameModel& frame) {
        texts(frame.place, frame.step, frame.clock, frame.helper, frame.listen, frame.more,
              frame.earlier);
        const auto& said = frame.spoken;
        texts(said.chosen, said.not_chosen, said.unavailable, said.not_yet, said.end_of_page,
              said.headphones);
        const auto& rail = frame.rail;
        texts(rail.leave, rail.text_size, rail.contrast, rail.low_reach, rail.staff);
        three(rail.languages);
    }
    void operator()(const ActionsModel& actions) {
        texts(actions.back, actions.go);
        icon(actions.go_icon);
    }
    void operator()(const NoteModel& note) {
        icon(note.icon);
        texts(note.title, note.text);
    }
    void operator()(const std::optional<NoteModel>& note) {
        if (note) (*this)(*note);
    }
    void operator()(const ValueRow& row) {
        texts(row.label, row.value.view(), row.source, row.button);
        icon(row.source_icon);
    }
    template <class Row> void rows(const std::vector<Row>& all) {
        for (const auto& row : all) (*this)(row);
    }

    void operator()(const AttractModel& model) {
        three(model.greeting);
        for (const auto& picture : model.pictures) three(picture);
        three(model.touch);
        three(model.note);
        three(model.notice);
    }
    void operator()(const LanguageModel& model) {
        texts(model.title, model.back);
        three(model.lines);
    }
    void operator()(const MatterTile& tile) {
        texts(tile.name, tile.line);
        icon(tile.icon);
    }
    void operator()(const HomeWay& way) {
        texts(way.label, way.detail);
        icon(way.icon);
    }
    void operator()(const HomeModel& model) {
        texts(model.title, model.sub, model.back, model.ask);
        rows(model.matters);
        rows(model.ways);
        rows(model.today);
        (*this)(model.empty);
        (*this)(model.notice);
    }
    void operator()(const NoticeFact& fact) {
        texts(fact.label, fact.value);
        icon(fact.icon);
    }
    void operator()(const NoticePaper& paper) {
        texts(paper.name, paper.detail);
        icon(paper.icon);
    }
    void operator()(const NoticeModel& model) {
        texts(model.title, model.sub, model.who_title, model.who, model.papers_title, model.foot);
        rows(model.facts);
        rows(model.papers);
        rows(model.notes);
        (*this)(model.actions);
    }
    void operator()(const CardModel& model) {
        texts(model.title, model.sub, model.status, model.reads_title, model.reads, model.back,
              model.other_way, model.other_way_detail);
        (*this)(model.problem);
    }
    void operator()(const PrefilledModel& model) {
        texts(model.title, model.sub, model.foot);
        rows(model.rows);
        (*this)(model.actions);
    }
    void operator()(const ConsentStatement& statement) {
        text(statement.text);
        icon(statement.icon);
    }
    void operator()(const ConsentWay& way) {
        texts(way.label, way.detail);
        icon(way.icon);
    }
    void operator()(const ConsentModel& model) {
        texts(model.title, model.sub, model.said_first, model.choose, model.back);
        rows(model.statements);
        (*this)(model.agree);
        (*this)(model.decline);
    }
    void operator()(const Way& way) {
        texts(way.title, way.explanation, way.reason);
        icon(way.icon);
    }
    void operator()(const OtherwayModel& model) {
        texts(model.title, model.sub, model.back);
        rows(model.ways);
    }
    void operator()(const ChoiceOption& option) {
        texts(option.label, option.detail);
        icon(option.icon);
    }
    void operator()(const QuestionChoiceModel& model) {
        texts(model.title, model.why);
        rows(model.options);
        (*this)(model.note);
        (*this)(model.actions);
    }
    void operator()(const QuestionDigitsModel& model) {
        words.typed = model.digits.view();
        texts(model.title, model.why, model.unit, model.hint, model.clear, model.alternative);
        (*this)(model.problem);
        (*this)(model.actions);
    }
    void operator()(const QuestionDateModel& model) {
        texts(model.title, model.why, model.ten_more, model.ten_less,
              std::string(model.in_words.view()), model.digits, model.hint);
        for (const auto& column : model.columns)
            texts(column.value, column.unit, column.more, column.less);
        for (const auto& quick : model.quick) texts(quick.label);
        (*this)(model.problem);
        (*this)(model.actions);
    }
    void operator()(const QuestionTextModel& model) {
        words.typed = model.text.view();
        const auto& labels = model.labels;
        texts(model.title, model.why, model.counter, model.hint, labels.space, labels.latin,
              labels.uyghur, labels.digits, labels.pinyin, labels.handwriting, labels.split,
              labels.undo_stroke, labels.clear_ink, labels.backspace, labels.more, labels.earlier,
              labels.box, labels.field);
        (*this)(model.problem);
        (*this)(model.actions);
    }
    void operator()(const ScanModel& model) {
        texts(model.title, model.sub, model.waiting, model.page, model.hint, model.other_way);
        (*this)(model.status);
        (*this)(model.actions);
    }
    void operator()(const FaceModel& model) {
        texts(model.title, model.waiting, model.kept, model.stop, model.other_way);
        (*this)(model.now);
    }
    void operator()(const PageCheckModel& model) {
        texts(model.title, model.sub, model.hint, model.retake, model.use);
        rows(model.notes);
    }
    void operator()(const PageThumb& thumb) { texts(thumb.label, thumb.state); }
    void operator()(const PagesModel& model) {
        texts(model.title, model.sub, model.add, model.retake, model.remove);
        rows(model.pages);
        (*this)(model.note);
        (*this)(model.actions);
    }
    void operator()(const ReviewModel& model) {
        texts(model.title, model.sub, model.foot);
        rows(model.rows);
        (*this)(model.actions);
    }
    void operator()(const SignatureModel& model) {
        texts(model.title, model.sub, model.board, model.clear, model.counter);
        (*this)(model.note);
        (*this)(model.actions);
    }
    void operator()(const ReceiptNumberModel& model) {
        texts(model.title, model.sub, model.hint);
        (*this)(model.problem);
        (*this)(model.actions);
    }
    void operator()(const ProgressStage& stage) { texts(stage.title, stage.detail); }
    void operator()(const ProgressModel& model) {
        texts(model.title, model.sub, model.number_label, model.matter, model.back, model.withdraw,
              model.print);
        rows(model.stages);
        rows(model.notes);
    }
    void operator()(const ReadingCard& card) {
        texts(card.title, card.text, card.end);
        icon(card.icon);
    }
    void operator()(const ReadingModel& model) {
        texts(model.title, model.sub, model.foot, model.back);
        rows(model.cards);
        (*this)(model.note);
    }
    void operator()(const SubmittingLine& line) { text(line.text); }
    void operator()(const SubmittingModel& model) {
        texts(model.title, model.sub, model.foot);
        rows(model.lines);
    }
    void operator()(const NextStep& step) {
        texts(step.title, step.detail);
        icon(step.icon);
    }
    void operator()(const ResultModel& model) {
        texts(model.title, model.sub, model.number_label, model.number, model.time, model.qr_label,
              model.next_title, model.receipt, model.foot, model.staff, model.another, model.done);
        rows(model.next);
        (*this)(model.paper);
        (*this)(model.card);
    }
    void operator()(const GoodbyeModel& model) {
        texts(model.rate, model.good, model.fair, model.poor);
        (*this)(model.thanks);
        texts(model.title, model.sub, model.foot, model.done);
    }
    void operator()(const IdleModel& model) {
        texts(model.title, model.text, model.stay, model.end);
    }
    void operator()(const LeaveModel& model) {
        texts(model.title, model.text, model.stay, model.end);
    }
    void operator()(const HelpWay& way) {
        texts(way.title, way.detail);
        icon(way.icon);
    }
    void operator()(const HelpModel& model) {
        texts(model.title, model.sub, model.foot, model.back);
        rows(model.ways);
        (*this)(model.state);
    }
    void operator()(const OutOfServiceModel& model) {
        three(model.title);
        three(model.text);
        three(model.other);
        three(model.other_short);
        three(model.kept);
        text(model.staff);
    }
    void operator()(const NoticeMessageModel& model) {
        texts(model.title, model.text, model.secondary, model.primary);
        icon(model.icon);
        icon(model.primary_icon);
        icon(model.secondary_icon);
        (*this)(model.note);
    }
    void operator()(const StaffCheckRow& row) {
        texts(row.name, row.state);
        icon(row.icon);
    }
    void operator()(const StaffCheckModel& model) {
        texts(model.title, model.sub, model.hint, model.clear, model.other);
        icon(model.other_icon);
        rows(model.rows);
        (*this)(model.note);
        (*this)(model.actions);
    }
    void operator()(const StaffTile& tile) {
        texts(tile.name, tile.state, tile.detail);
        icon(tile.icon);
    }
    void operator()(const StaffTask& task) {
        texts(task.label, task.detail);
        icon(task.icon);
    }
    void operator()(const StaffOverviewModel& model) {
        texts(model.title, model.sub);
        if (model.mirror) texts(model.mirror->waiting);
        icon(model.badge);
        rows(model.tiles);
        rows(model.tasks);
        (*this)(model.note);
        (*this)(model.actions);
    }
    void operator()(const VoiceModel& model) {
        texts(model.title, model.sub, model.volume, model.softer, model.louder, model.rate,
              model.slower, model.faster, model.again, model.stop, model.back);
    }
    void operator()(const StaffCleanModel& model) { texts(model.title, model.text, model.left); }
};

} // namespace

bool ShownWords::contains(std::string_view part) const {
    return std::any_of(texts.begin(), texts.end(), [&](const std::string& text) {
        return text.find(part) != std::string::npos;
    });
}

ShownWords words_of(const ScreenModel& model) {
    Collector collector;
    std::visit(
        [&](const auto& screen) {
            collector(screen.frame);
            collector(screen);
        },
        model);
    return std::move(collector.words);
}
