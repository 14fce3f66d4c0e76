// A screen between header and rail: title, blocks under each other, actions.
//
// One description serves all panels. Portrait: title, blocks, actions. Landscape: title and leading
// blocks in the start column (40 %), the rest in the end column (60 %). Low reach: what cannot be
// touched stays high, what can be touched lies below 54 % of the height (design README §2).
// Spare height goes to blocks that can use it, then to spacers. When room is short, pictures are
// left out first; then the list is shown in parts, with buttons for the parts before and after.
// Nothing is cut or squeezed. Where all that leaves no room, the page is set one text size smaller,
// never below the standard one: words too small for somebody can be asked for, words that are not
// there cannot. The crawl counts how often that happens in each language.
#pragma once

#include "screens/widgets.hpp"

#include <functional>

namespace screens {

enum class Zone {
    lead, // explains; not touched
    show, // shows what the answers do (a field); not touched
    body, // touched
};

struct Block {
    Zone zone = Zone::body;
    float least = 0;          // pixels it needs
    float most = 0;           // pixels it can use; below `least`: no more than that
    float gap_mm = space::m;  // to the block above
    bool item = false;        // part of the list that may be shown in parts
    bool heads = false;       // a heading: never the last of a part
    bool dispensable = false; // left out when there is no room, the first one first
    bool goes_last = false;   // of the dispensable ones
    bool spacer = false;      // takes what nobody else can use
    bool plain = false;       // no line between it and the block above on the same card
    int card = 0;             // neighbours of one number above 0 stand on one card
    // What it needs at another width: it may stand in the other column of a landscape panel, where
    // its own has no room for it.
    std::function<float(float width)> least_at;
    std::function<void(const Rect&)> draw;
};

struct ActionButton {
    std::string_view id; // below "actions/"
    ButtonLook look;
};

struct ButtonPlace {
    std::string id;
    ButtonLook look;
    std::function<void()> pressed;
};

struct PageAnswer {
    std::optional<FrameIntent> frame;
    std::optional<ShowFrom> from;
    std::string_view action; // id of the pressed ActionButton; empty: none
};

class Page {
public:
    Page(Canvas& canvas, const FrameModel& frame, std::string_view title, std::string_view sub);

    // What is said for title and sub, where it is not what is shown under them.
    void say_instead(std::string_view title, std::string_view sub) {
        said_title_ = title;
        said_sub_ = sub;
    }

    // The cards of this page ask something: their edge is that of what can be pressed.
    void cards_ask() { card_edge_ = Role::secondary_edge; }

    // A round badge before the title. Before make_room_in_lead().
    void badge(std::string_view icon, Role ground, Role ink);

    // For pages whose start column has more than the title: where a long title, or
    // this note under it, would leave no room
    // for it on a landscape panel, the column becomes wider. Before any block is added.
    void make_room_in_lead(const NoteModel* note = nullptr);

    float width(Zone zone) const; // of the column a block of this zone stands in
    bool is_landscape() const { return landscape_; }
    bool is_low() const { return low_; }

    void add(Block block) { blocks_.push_back(std::move(block)); }
    void add_spacer(Zone zone = Zone::body);
    enum class InList { no, yes }; // yes: may go to another part with the list
    void add_text(Zone zone, std::string_view text, const TextStyle& style, std::string_view id,
                  float gap_mm = space::m, InList list = InList::no);
    void add_note(Zone zone, const NoteModel& note, std::string_view id, InList list = InList::no);
    void add_button(std::string id, const ButtonLook& look, std::function<void()> pressed,
                    Zone zone = Zone::body);
    // Side by side and of one size where their words fit, else under each other.
    void add_buttons(std::vector<ButtonPlace> buttons, InList list = InList::no);
    // A list of values, each with what may be done about it. The rows must outlive the page;
    // `pressed` is given the row's id.
    void add_value_rows(const std::vector<ValueRow>& rows, std::string_view id_prefix,
                        const std::function<void(const std::string& id)>& pressed);
    void add_foot(std::string_view icon, std::string_view text); // quiet line above the actions

    // From the start side to the end side. The primary button takes what room is left.
    void action(std::string_view id, const ButtonLook& look) { actions_.push_back({id, look}); }
    void back(std::string_view label);       // nothing when it is empty
    void actions(const ActionsModel& model); // back and go; the model must outlive the page
    void actions(ActionsModel&&) = delete;

    PageAnswer draw(std::size_t first);

private:
    struct Part { // blocks shown, and what is before and after them
        std::vector<std::size_t> blocks;
        std::vector<float> heights;
        std::optional<std::size_t> earlier;
        std::optional<std::size_t> more;
        std::size_t number = 0; // of the part, from 0
        std::size_t count = 1;
    };

    TextStack title_words(float room) const;
    float title_height(float width) const;
    void draw_title(const Rect& area, PageAnswer& answer);
    bool draw_listen(const Rect& area, PageAnswer& answer);
    float listen_width() const; // of the button
    float listen_height() const;
    float actions_height() const;
    bool actions_stacked() const;
    void draw_actions(const Rect& area, PageAnswer& answer);
    std::vector<float> action_widths(float width) const;
    Part choose_part(const std::vector<std::size_t>& zone, float height, std::size_t first,
                     bool pager_inside) const;
    float pager_height(const std::vector<std::size_t>& blocks) const;
    float needed(const std::vector<std::size_t>& blocks) const;
    void stretch(Part& part, float height) const;
    float height_of(const Part& part) const; // stretched
    void draw_part(const Rect& area, const Part& part, PageAnswer* pager);
    struct Pager {
        ButtonLook more, earlier;
        float each = 0;        // width of a button
        float count_above = 0; // height of "2 / 3" where it stands above them, not between
        float height = 0;
        bool has_room = true; // for the words
    };
    Pager pager_of(float each, float count_above) const;
    Pager pager(float width) const;
    void draw_pager(const Rect& area, const Part& part, PageAnswer& answer);
    std::vector<std::size_t> in_zones(std::initializer_list<Zone> zones) const;
    float least_of(std::initializer_list<Zone> zones) const;
    struct Edges {
        float top = 0;         // of the content
        float under_title = 0; // where the blocks begin
        float bottom = 0;
        float gap = 0; // under the title; 0: there is none
    };
    Edges edges() const;
    bool has_room(const Edges& at) const;
    void move_what_has_no_room(float height, float height_beside);

    Canvas& canvas_;
    const FrameModel& frame_;
    std::string_view title_;
    std::string_view sub_;
    std::string_view said_title_;
    std::string_view said_sub_;
    std::string_view badge_icon_;
    Role badge_ground_ = Role::success;
    Role badge_ink_ = Role::surface;
    std::optional<Role> card_edge_;
    bool landscape_;
    bool low_;
    float start_share_; // of the width, landscape: the start column
    std::vector<Block> blocks_;
    std::vector<ActionButton> actions_;
};

// The screen's own intent if there is one, else what the page heard, as the screen's intent.
template <class Intent>
std::optional<Intent> heard(const PageAnswer& answer,
                            const std::optional<Intent>& own = std::nullopt) {
    // `own` is a reference: it is set while the page is drawn, which is an argument beside it.
    if (answer.frame) return Intent(*answer.frame);
    if constexpr (std::is_constructible_v<Intent, ShowFrom>) {
        if (answer.from) return Intent(*answer.from);
    }
    if constexpr (std::is_constructible_v<Intent, Action>) {
        if (answer.action == "back") return Intent(Action::back);
        if (answer.action == "go") return Intent(Action::go);
        if (answer.action == "not_yet") return Intent(Action::not_yet);
    }
    return own;
}

} // namespace screens
