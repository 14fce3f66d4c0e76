#include "face/calibration.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace face {
namespace {

using base::Errc;
using base::Error;
using base::Result;

constexpr std::string_view format = "kiosk-face-calibration/1";
// A signature is over these words and the file, so that one made for something else is worth
// nothing.
constexpr std::string_view signed_purpose = "kiosk-face-calibration/1\n";
// Rates of 1e-4 need at least so many comparisons to be seen at all (chosen: ten expected errors).
constexpr std::int64_t fewest_impostor = 100'000;
constexpr std::int64_t fewest_genuine = 500;
Error invalid(std::string what) {
    return {Errc::invalid_input, "calibration: " + std::move(what)};
}

Result<void> check_sense(const Calibration& c) {
    const bool levels = std::isfinite(c.pass_level) && std::isfinite(c.band_level) &&
                        c.band_level > 0 && c.pass_level > c.band_level && c.pass_level < 1;
    if (!levels) return invalid("levels that cannot be");
    if (c.genuine < fewest_genuine || c.impostor < fewest_impostor)
        return invalid("too few comparisons were measured");
    if (!c.attacks_tried) return invalid("presentation attacks were not tried");
    if (!c.made.ok() || !c.expires.ok() || c.expires < c.made) return invalid("dates");
    if (c.district.empty() || c.population.empty() || c.model.empty())
        return invalid("a name is missing");
    return {};
}

} // namespace

std::string to_text(const Calibration& c) {
    const nlohmann::json text{{"format", format},
                              {"district", c.district},
                              {"population", c.population},
                              {"model", c.model},
                              {"pipeline", c.pipeline},
                              {"pass_level", c.pass_level},
                              {"band_level", c.band_level},
                              {"genuine", c.genuine},
                              {"impostor", c.impostor},
                              {"attacks_tried", c.attacks_tried},
                              {"made", base::to_text(c.made)},
                              {"expires", base::to_text(c.expires)}};
    return text.dump(2) + "\n";
}

Result<Calibration> parse_calibration(base::ByteView text) {
    if (text.size() > Calibration::longest_file) return Error{Errc::too_large, "calibration"};
    const auto json = nlohmann::json::parse(text.begin(), text.end(), nullptr, false);
    if (!json.is_object()) return Error{Errc::corrupt, "calibration: not a JSON object"};
    Calibration c;
    try {
        constexpr std::size_t members = 12;
        if (json.size() != members || json.at("format") != format)
            return Error{Errc::corrupt, "calibration: not of the form " + std::string(format)};
        json.at("district").get_to(c.district);
        json.at("population").get_to(c.population);
        json.at("model").get_to(c.model);
        json.at("pipeline").get_to(c.pipeline);
        json.at("pass_level").get_to(c.pass_level);
        json.at("band_level").get_to(c.band_level);
        json.at("genuine").get_to(c.genuine);
        json.at("impostor").get_to(c.impostor);
        json.at("attacks_tried").get_to(c.attacks_tried);
        if (!base::parse_date(json.at("made").get<std::string>(), c.made) ||
            !base::parse_date(json.at("expires").get<std::string>(), c.expires))
            return invalid("dates");
    } catch (const nlohmann::json::exception&) {
        return Error{Errc::corrupt, "calibration: a member is missing or of another kind"};
    }
    TRY(check_sense(c));
    return c;
}

Result<Calibration> open_calibration(const CalibrationFiles& files, const CalibrationTerms& terms) {
    if (files.text.size() > Calibration::longest_file ||
        files.signatures.size() > Calibration::longest_file)
        return Error{Errc::too_large, "calibration"};
    if (terms.needed < 1 || base::count_signers(signed_purpose, files.text, files.signatures,
                                                terms.trusted) < terms.needed)
        return Error{Errc::unauthorised, "calibration: not signed by enough keys of the district"};
    auto calibration = TRY(parse_calibration(files.text));
    if (calibration.model != terms.model || calibration.pipeline != terms.pipeline)
        return Error{Errc::refused, "calibration: made for another model or another pipeline"};
    if (terms.today != nullptr &&
        (calibration.expires < *terms.today || *terms.today < calibration.made))
        return Error{Errc::refused, "calibration: not in force today"};
    return calibration;
}

Result<std::string> sign_calibration(base::ByteView text, base::ByteView private_key) {
    return base::signature_line(signed_purpose, text, private_key);
}

} // namespace face
