#include "screens/stage.hpp"

#include "kiosk/base/secret.hpp"
#include "screens/stage_state.hpp"

#include <algorithm>
#include <cmath>
#include <imgui.h>

namespace screens {

namespace {

constexpr int atlas_width = 2048; // measured as ample: spec ui-text §2.1
constexpr int mask_width = 2044;
constexpr int mask_height = 1888;

constexpr ImGuiWindowFlags root_flags =
    ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
    ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoScrollWithMouse | ImGuiWindowFlags_NoNav |
    ImGuiWindowFlags_NoBringToFrontOnFocus;

void style_toolkit() {
    ImGuiStyle& style = ImGui::GetStyle();
    style.WindowPadding = {0, 0};
    style.WindowBorderSize = 0;
    style.WindowRounding = 0;
    style.WindowMinSize = {1, 1};
    // Lines as triangles, not as strips of a texture: the rasteriser knows no scaled textures.
    style.AntiAliasedLinesUseTex = false;
    style.CircleTessellationMaxError = 0.1f;
}

void begin_root(const Panel& panel) {
    ImGui::NewFrame();
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize({float(panel.width_px), float(panel.height_px)});
    ImGui::Begin("root", nullptr, root_flags);
}

} // namespace

StageState::StageState(const Panel& on, text::FontSet& with_fonts, Theme with_theme,
                       IconSet with_icons, Drawing with_drawing)
    : drawing(with_drawing), panel(on), theme(std::move(with_theme)), icons(std::move(with_icons)),
      fonts(with_fonts), typesetter(with_fonts),
      rasteriser(with_drawing == Drawing::pixels ? on.width_px : 1,
                 with_drawing == Drawing::pixels ? on.height_px : 1) {
    open_toolkit();
}

StageState::~StageState() {
    close_toolkit();
}

void StageState::open_toolkit() {
    if (drawing == Drawing::layout) return;
    toolkit = ImGui::CreateContext();
    ImGui::SetCurrentContext(toolkit);
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr; // nothing is written to disk
    io.LogFilename = nullptr;
    io.DisplaySize = {float(panel.width_px), float(panel.height_px)};
    io.BackendFlags |=
        ImGuiBackendFlags_RendererHasVtxOffset; // more than 65,536 corners in a frame
    style_toolkit();
    io.Fonts->Flags |= ImFontAtlasFlags_NoBakedLines | ImFontAtlasFlags_NoMouseCursors;
    io.Fonts->TexDesiredWidth = atlas_width;
    io.Fonts->AddFontDefault(); // the toolkit wants one; nothing is drawn with it
    const int room = io.Fonts->AddCustomRectRegular(mask_width, mask_height);
    unsigned char* coverage = nullptr;
    io.Fonts->GetTexDataAsAlpha8(&coverage, &atlas_picture.width, &atlas_picture.height);
    CHECK(coverage != nullptr);
    atlas_picture.coverage = coverage;
    io.Fonts->SetTexID(nullptr); // id 0 is the atlas
    white_u = io.Fonts->TexUvWhitePixel.x;
    white_v = io.Fonts->TexUvWhitePixel.y;
    const ImFontAtlasCustomRect* rect = io.Fonts->GetCustomRectByIndex(room);
    CHECK(rect->IsPacked());
    atlas = std::make_unique<GlyphAtlas>(fonts, icons, coverage, atlas_picture.width, rect->X,
                                         rect->Y, rect->Width, rect->Height);
    // A window takes presses from its second frame on.
    for (int i = 0; i < 2; ++i) {
        io.DeltaTime = 1.0f / 60;
        begin_root(panel);
        ImGui::End();
        ImGui::Render();
    }
}

namespace {

void set_atlas_corners(ImDrawVert* corners, const AtlasEntry& entry, const CoverageAtlas& atlas) {
    const float w = float(atlas.width), h = float(atlas.height);
    const float left = float(entry.x) / w, right = float(entry.x + entry.width) / w;
    const float top = float(entry.y) / h, bottom = float(entry.y + entry.height) / h;
    corners[0].uv = {left, top};
    corners[1].uv = {right, top};
    corners[2].uv = {right, bottom};
    corners[3].uv = {left, bottom};
}

} // namespace

void StageState::draw_mask(MaskSource source, float pen_x, float pen_y, std::uint32_t ink) {
    const AtlasEntry entry = atlas->place(source);
    if (entry.width == 0) return;
    const float x = pen_x + float(entry.left), y = pen_y - float(entry.top);
    const int first_vertex = draw_list->VtxBuffer.Size;
    draw_list->PrimReserve(6, 4);
    draw_list->PrimRectUV({x, y}, {x + float(entry.width), y + float(entry.height)}, {}, {}, ink);
    set_atlas_corners(&draw_list->VtxBuffer[first_vertex], entry, atlas_picture);
    masks.push_back({first_vertex, std::move(source)});
}

// The atlas ran full in the middle of a frame: start it anew with the masks of this frame only.
// What still finds no room is not drawn, and reported.
void StageState::place_masks_again() {
    atlas->wipe();
    rasteriser.damage_all(); // other masks lie at the same places now
    for (const DrawnMask& mask : masks) {
        const AtlasEntry entry = atlas->place(mask.source);
        ImDrawVert* corners = &draw_list->VtxBuffer[mask.first_vertex];
        set_atlas_corners(corners, entry, atlas_picture);
        if (entry.placed) continue;
        for (int i = 0; i < 4; ++i) corners[i].col = 0;
    }
}

void StageState::close_toolkit() {
    if (drawing == Drawing::layout) return;
    atlas.reset();
    ImGui::DestroyContext(toolkit);
    toolkit = nullptr;
}

Stage::Stage(const Panel& panel, text::FontSet& fonts, Theme theme, IconSet icons, Drawing drawing)
    : state_(std::make_unique<StageState>(panel, fonts, std::move(theme), std::move(icons),
                                          drawing)) {}

Stage::~Stage() = default;

const Theme& Stage::theme() const {
    return state_->theme;
}

text::Typesetter& Stage::typesetter() {
    return state_->typesetter;
}

Canvas& Stage::begin(const Input& input, const DisplaySettings& settings) {
    CHECK(!canvas_);
    StageState& s = *state_;
    s.input = input;
    s.settings = settings;
    s.items.clear();
    s.item_radii.clear();
    s.texts.clear();
    s.said.clear();
    s.start_focus.clear();
    s.words = {};
    s.pressed.clear();
    s.tells_whole = s.is_set_smaller = s.begins_again = false;
    s.marks.clear();
    s.masks.clear();
    s.faults = {};
    s.textures.clear();
    for (auto& [id, picture] : s.pictures) picture.used = false;
    canvas_.reset(new Canvas(s));
    canvas_->mirrored_ = base::is_right_to_left(settings.language);
    // Without pixels it looks at the same words again and again, and keeps them until wipe().
    if (s.drawing == Drawing::layout) {
        s.held_item.clear();
        return *canvas_;
    }
    s.typesetter.trim();
    ImGui::SetCurrentContext(s.toolkit);
    ImGuiIO& io = ImGui::GetIO();
    io.DeltaTime = 1.0f / 60; // nothing we use depends on time
    io.MousePos = {input.pointer.x, input.pointer.y};
    io.MouseDown[0] = input.down;
    begin_root(s.panel);
    s.draw_list = ImGui::GetWindowDrawList();
    return *canvas_;
}

namespace {

// Distance between two rectangles along the axis on which they are further apart; negative when
// they overlap.
float gap_between(const Rect& a, const Rect& b) {
    const float across = std::max(a.x, b.x) - std::min(a.right(), b.right());
    const float down = std::max(a.y, b.y) - std::min(a.bottom(), b.bottom());
    return std::max(across, down);
}

void find_item_faults(const StageState& s, Faults& faults) {
    const float rounding = 1; // pixel: edges are snapped
    const float minimum = s.theme.measures().targets.minimum * s.panel.px_per_mm - rounding;
    const float gap = s.theme.measures().targets.gap * s.panel.px_per_mm - rounding;
    for (std::size_t i = 0; i < s.items.size(); ++i) {
        const Item& item = s.items[i];
        if (item.rect.w < minimum || item.rect.h < minimum) faults.small_targets.push_back(item.id);
        if (item.rect.x < 0 || item.rect.y < 0 || item.rect.right() > float(s.panel.width_px) ||
            item.rect.bottom() > float(s.panel.height_px))
            faults.outside.push_back(item.id);
        for (std::size_t j = 0; j < i; ++j) {
            const Item& other = s.items[j];
            if (other.id == item.id) faults.duplicate_ids.push_back(item.id);
            if (gap_between(other.rect, item.rect) < gap)
                faults.close_targets.push_back(other.id + " | " + item.id);
        }
    }
}

// A finger that left no item of this frame under it ends its stroke.
void drop_lost_stroke(StageState& s) {
    const bool there = std::any_of(s.items.begin(), s.items.end(),
                                   [&](const Item& item) { return item.id == s.stroke_item; });
    if (s.input.down && there) return;
    base::wipe(s.stroke.data(), s.stroke.size() * sizeof(Point));
    s.stroke.clear();
    s.stroke_item.clear();
}

void drop_unused_pictures(StageState& s) {
    for (auto it = s.pictures.begin(); it != s.pictures.end();) {
        if (it->second.used) {
            ++it;
            continue;
        }
        base::wipe(it->second.pixels.data(), it->second.pixels.size() * sizeof(std::uint32_t));
        it = s.pictures.erase(it);
    }
}

} // namespace

// Three rings around the focused item: dark, bright, dark, seen on every ground (design README §2).
void Canvas::draw_focus_rings() {
    const auto item = std::find_if(state_.items.begin(), state_.items.end(),
                                   [&](const Item& i) { return i.id == state_.input.focus; });
    if (item == state_.items.end()) return;
    const auto& stroke = measures().stroke;
    const float radius = state_.item_radii[std::size_t(item - state_.items.begin())];
    const float outer = mm(stroke.focus_outer), inner = mm(stroke.focus_inner),
                gap = mm(stroke.focus_gap);
    const float whole = 2 * outer + inner;
    const auto ring = [&](float width, Role role) {
        const float out = gap + whole / 2;
        const Rect at = item->rect.inset(-out);
        state_.draw_list->PathRect({at.x, at.y}, {at.right(), at.bottom()}, radius + out);
        state_.draw_list->PathStroke(ink(role), ImDrawFlags_Closed, width);
    };
    ring(whole, Role::focus_outer);
    ring(inner, Role::focus_inner);
}

namespace {

Frame frame_of(const StageState& s) {
    Frame frame;
    frame.items = &s.items;
    frame.faults = &s.faults;
    frame.texts = &s.texts;
    frame.said = &s.said;
    frame.start_focus = s.start_focus;
    frame.words = &s.words;
    frame.pressed = s.pressed;
    frame.tells_whole = s.tells_whole;
    frame.is_set_smaller = s.is_set_smaller;
    frame.marks = &s.marks;
    return frame;
}

} // namespace

Frame Stage::end() {
    CHECK(canvas_ != nullptr);
    StageState& s = *state_;
    if (s.drawing == Drawing::layout) {
        canvas_.reset();
        find_item_faults(s, s.faults);
        return frame_of(s);
    }
    CHECK(ImGui::GetCurrentContext() == s.toolkit);
    canvas_->draw_focus_rings();
    if (s.atlas->is_full()) {
        s.place_masks_again();
        s.faults.too_many_glyphs = s.atlas->is_full();
    }
    const std::uint32_t background = canvas_->ink(Role::background);
    canvas_.reset();
    ImGui::End();
    ImGui::Render();
    s.draw_list = nullptr;
    find_item_faults(s, s.faults);
    drop_lost_stroke(s);
    drop_unused_pictures(s);
    Frame frame = frame_of(s);
    frame.pixels = s.rasteriser.pixels();
    // ImGui keeps red in the low byte, the panel in the high one.
    const std::uint32_t paper =
        0xFF000000u | (background & 0xFF) << 16 | (background & 0xFF00) | (background >> 16 & 0xFF);
    frame.damage = s.rasteriser.draw(*ImGui::GetDrawData(), paper, s.atlas_picture, s.textures);
    return frame;
}

base::Picture Stage::to_picture() const {
    const auto pixels = state_->rasteriser.pixels();
    base::Picture picture{state_->panel.width_px, state_->panel.height_px, 3,
                          base::Bytes(pixels.size() * 3)};
    auto* to = picture.pixels.data();
    for (const std::uint32_t pixel : pixels) {
        *to++ = std::uint8_t(pixel >> 16);
        *to++ = std::uint8_t(pixel >> 8);
        *to++ = std::uint8_t(pixel);
    }
    return picture;
}

namespace {

constexpr int samples_across = 48, samples_down = 24;

// The colour that most of the sampled pixels have; ink covers less than half of any text. Empty
// when there is no such colour.
std::optional<std::uint32_t> ground_of(const Rasteriser& glass, const Rect& area) {
    std::map<std::uint32_t, int> counts;
    int all = 0;
    for (int i = 0; i < samples_across * samples_down; ++i) {
        const float across = (float(i % samples_across) + 0.5f) / samples_across;
        const float down = (float(i / samples_across) + 0.5f) / samples_down;
        const int x = int(area.x + area.w * across), y = int(area.y + area.h * down);
        if (x < 0 || y < 0 || x >= glass.width() || y >= glass.height()) continue;
        ++counts[glass.pixels()[std::size_t(y) * std::size_t(glass.width()) + std::size_t(x)]];
        ++all;
    }
    const auto most =
        std::max_element(counts.begin(), counts.end(),
                         [](const auto& a, const auto& b) { return a.second < b.second; });
    if (most == counts.end() || most->second * 3 < all) return std::nullopt;
    return most->first;
}

} // namespace

std::vector<std::string> Stage::texts_below_contrast(float floor) const {
    std::vector<std::string> ids;
    for (const DrawnText& text : state_->texts) {
        // A little wider than the words: a line full of bold characters still shows its ground.
        const float margin = text.ink.h / 6;
        const auto ground = ground_of(state_->rasteriser, text.ink.inset(-margin));
        if (!ground) continue;
        const Colour under{std::uint8_t(*ground >> 16), std::uint8_t(*ground >> 8),
                           std::uint8_t(*ground)};
        const Colour ink = state_->theme.colour(state_->settings.theme, text.colour);
        if (contrast(ink, under) < floor) ids.push_back(text.id);
    }
    return ids;
}

std::vector<std::string> Stage::colliding_texts() const {
    std::vector<std::string> pairs;
    const auto& texts = state_->texts;
    for (std::size_t i = 0; i < texts.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (gap_between(texts[i].ink, texts[j].ink) < 0)
                pairs.push_back(texts[j].id + " | " + texts[i].id);
    return pairs;
}

void Stage::damage_all() {
    state_->rasteriser.damage_all();
}

void Stage::wipe() {
    CHECK(!canvas_);
    StageState& s = *state_;
    s.atlas->wipe();
    s.typesetter.wipe();
    for (auto& [id, picture] : s.pictures) picture.used = false;
    drop_unused_pictures(s);
    s.textures.clear();
    base::wipe(s.stroke.data(), s.stroke.size() * sizeof(Point));
    s.stroke.clear();
    s.stroke_item.clear();
    for (auto& item : s.items) base::wipe(item.label);
    std::vector<Item>().swap(s.items); // with what earlier frames left in its unused end
    std::vector<DrawnText>().swap(s.texts);
    s.marks.clear();
    std::vector<Said>().swap(s.said);
    s.start_focus.clear();
    std::vector<StageState::DrawnMask>().swap(s.masks);
    s.item_radii.clear();
    s.faults = {};
    s.input = {};
    s.held_item.clear();
    s.rasteriser.wipe();
    // The toolkit's lists hold where each glyph of the last frame was drawn.
    s.close_toolkit();
    s.open_toolkit();
}

} // namespace screens
