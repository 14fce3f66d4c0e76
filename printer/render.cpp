#include "printer/render.hpp"

#include "printer/escpos.hpp"

namespace printer {

base::Result<Rendered> render(const Document& document, const Profile& profile,
                              text::Typesetter& typesetter, std::optional<std::uint32_t> job) {
    LaidOut laid_out = TRY(lay_out(document, profile, typesetter));
    auto bytes = job ? encode_job(laid_out.items, profile, *job)
                     : JobBytes{encode(laid_out.items, profile), 0};
    return Rendered{std::move(bytes.escpos),
                    preview(laid_out.items, profile.width_dots, &typesetter),
                    std::move(laid_out.missing), laid_out.height_dots, bytes.end_at};
}

base::Result<RenderSummary> render_files(const std::string& document_json,
                                         std::string_view profile_name,
                                         const std::string& escpos_path,
                                         const std::string& png_path,
                                         const std::string& fonts_folder) {
    const Profile profile = TRY(find_profile(profile_name));
    const base::Bytes json = TRY(base::read_file(document_json));
    const Document document = TRY(read_document(json));
    text::FontSet fonts = TRY(text::FontSet::open(fonts_folder));
    text::Typesetter typesetter(fonts);
    const Rendered rendered = TRY(render(document, profile, typesetter));
    TRY(base::write_file_durably(escpos_path, rendered.escpos));
    const base::Bytes png = TRY(base::encode_png(rendered.preview));
    TRY(base::write_file_durably(png_path, png));
    return RenderSummary{rendered.escpos.size(), rendered.preview.width, rendered.preview.height,
                         rendered.missing.size()};
}

} // namespace printer
