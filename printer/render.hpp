// A receipt from document to bytes and picture, in one call.
#pragma once

#include "printer/layout.hpp"

namespace printer {

struct Rendered {
    base::SecretBytes escpos; // what the printer takes
    base::Picture preview;    // what then hangs out of it: 1 channel, black 0, white 255
    std::vector<char32_t> missing;
    int height_dots = 0;    // paper it takes
    std::size_t end_at = 0; // with a job number: of what completes the slip, see JobBytes
};

// Errors: those of lay_out(). With a job number the unit is asked to confirm, see encode().
base::Result<Rendered> render(const Document& document, const Profile& profile,
                              text::Typesetter& typesetter,
                              std::optional<std::uint32_t> job = std::nullopt);

// `kiosk receipt render`: reads the document, writes both results. Errors: not_found (profile, font
// or file), invalid_input and too_large (the document), io, disk_full.
struct RenderSummary {
    std::size_t escpos_bytes = 0;
    int width_dots = 0;
    int height_dots = 0;
    std::size_t missing_characters = 0;
};
base::Result<RenderSummary> render_files(const std::string& document_json,
                                         std::string_view profile_name,
                                         const std::string& escpos_path,
                                         const std::string& png_path,
                                         const std::string& fonts_folder);

} // namespace printer
