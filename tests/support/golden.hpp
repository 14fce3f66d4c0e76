// Golden pictures: sample screens as they were when somebody last looked at them and said yes.
// tests/golden/list.txt says which; each is a picture of half density beside it, compared bit for
// bit. Only tests/golden/update writes them.
#pragma once

#include "kiosk/base/result.hpp"
#include "screens/stage.hpp"

#include <string>
#include <vector>

namespace golden {

inline constexpr std::string_view folder = "tests/golden";

struct Golden {
    std::string screen; // of samples::all
    screens::DisplaySettings settings;
    bool is_landscape = false;
    std::string name() const; // "home-ug-large-light-landscape"
};

// Each line "SCREEN LANGUAGE SIZE THEME [landscape] [low]"; # begins a remark.
// Errors: not_found, invalid_input (with the line).
base::Result<std::vector<Golden>> read_list();

// Paints them as the program would draw them now.
class Painter {
public:
    Painter();
    ~Painter();
    // Errors: not_found (no such screen).
    base::Result<base::Picture> paint(const Golden& golden);

private:
    struct State;
    std::unique_ptr<State> state_;
};

std::string file_of(const Golden& golden); // "tests/golden/NAME.png"
// Empty where there is none yet. Errors: those of reading and decoding it.
base::Result<base::Picture> kept(const Golden& golden);

// Grey where both are equal, red where they differ; as large as both together.
base::Picture difference(const base::Picture& before, const base::Picture& after);
// NAME-before.png, NAME-after.png and NAME-difference.png. Errors: io.
base::Result<void> write_three(const std::string& out_folder, const Golden& golden,
                               const base::Picture& before, const base::Picture& after);
base::Result<void> write_png(const std::string& file, const base::Picture& picture);

// Digests of the font files and versions of what shapes and paints glyphs. Other ones paint other
// pixels, and that is no fault of the screens: who has others cannot compare.
std::string glyph_makers();
std::string recorded_glyph_makers(); // tests/golden/glyph_makers.txt
// Pictures in the folder that the list does not name.
std::vector<std::string> unlisted();

} // namespace golden
