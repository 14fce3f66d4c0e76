// The last part of V6 (spec matters §7.2): do the texts of a content set fit the screens that show
// them, with the fonts of this program, at the largest size, on every panel of DESIGN §5?
//
// Lays out the pages of all matters, groups, notices and the office, and of each form every
// question, paper, consent and the summary, in three languages; draws no pixel. Texts for screens
// (the keys of texts/) are not gone through: they change with the program, and
// `kiosk screens crawl` (development) walks through every state that shows them.
#pragma once

#include "kiosk/config/config.hpp"
#include "kiosk/content/content_set.hpp"
#include "screens/screen.hpp"
#include "screens/stage.hpp"

namespace app {

// DESIGN §5: 21.5 inch portrait and landscape, 32 inch portrait.
std::vector<screens::Panel> product_panels();

// Of a screen that shows a list in parts: the row with which the next part begins, as ShowFrom says
// it; nothing on the last part. `shown` is the frame that this stage gave just now, of this model.
std::optional<std::size_t> next_part(screens::Stage& stage, const screens::Frame& shown,
                                     const screens::ScreenModel& model,
                                     const screens::DisplaySettings& settings);

// One finding for each page and language with a text that has no room, or a character that no font
// has. Some seconds for a large set; any thread. A program whose own fonts, theme or icons cannot
// be read judges nothing and finds nothing: it does not start either.
std::vector<content::Finding>
texts_without_room(const config::Config& config,
                   const std::shared_ptr<const content::ContentSet>& set);

} // namespace app
