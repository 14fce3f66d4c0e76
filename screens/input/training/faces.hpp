// The typefaces that are trained from, and their characters as strokes.
#pragma once

#include "kiosk/base/bytes.hpp"
#include "screens/input/training/glyph_trace.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace input::training {

struct FaceChoice {
    std::string_view name;         // as FreeType names the family; one file holds several
    std::string_view style;        // empty: any
    std::string_view file;         // below the folder of fonts
    std::string_view package;      // where it comes from
    bool is_ofl = true;            // under the SIL Open Font Licence; the Arphic licence is another
    std::string_view instead = {}; // a file that stands in where `file` is not installed
};

// In the order of their worth. Spec handwriting §3.2.
const std::vector<FaceChoice>& training_faces();
// Never trained from: judges what was trained. Spec handwriting §6.
const FaceChoice& judging_face();

// One face of one file. Not for two threads at once.
class Face {
public:
    // Errors: not_found (names the package to install), corrupt.
    static base::Result<Face> open(const std::string& fonts_folder, const FaceChoice& choice);
    Face(Face&&) noexcept;
    Face& operator=(Face&&) noexcept;
    ~Face();

    // Nothing where the face has no such character.
    std::optional<Strokes> strokes(char32_t character);
    const std::string& file() const { return file_; }

private:
    struct Handle;
    Face(std::unique_ptr<Handle> handle, std::string file);
    std::unique_ptr<Handle> handle_;
    std::string file_;
};

} // namespace input::training
