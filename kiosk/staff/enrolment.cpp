// The file: "kiosk-enrolment/1 <salt, hex> <digest, hex>" and a line break.
#include "kiosk/staff/enrolment.hpp"

#include "kiosk/staff/desk_state.hpp"
#include "kiosk/staff/proofs.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>

namespace staff {
namespace {

using base::Errc;
using base::Error;
using base::Result;

constexpr std::string_view format = "kiosk-enrolment/1 ";
constexpr std::size_t file_size = format.size() + 32 + 1 + 64 + 1;

bool exists(const std::string& path) {
    std::error_code ignored;
    return std::filesystem::exists(path, ignored);
}

base::SecretText digits_of(const base::SecretText& typed) {
    base::SecretText digits;
    for (const char c : typed.view())
        if (c != ' ' && c != '-') digits.append({&c, 1});
    return digits;
}

Result<Stretched> code_digest(const base::SecretText& digits, const Salt& salt) {
    constexpr std::string_view domain = "kiosk-enrolment/1";
    base::SecretBytes input(domain.begin(), domain.end());
    input.push_back(0);
    input.insert(input.end(), digits.view().begin(), digits.view().end());
    return stretch(input, salt);
}

struct CodeHash {
    Salt salt{};
    std::array<std::uint8_t, 32> digest{};
};

std::optional<CodeHash> read_hash(const std::string& folder) {
    const auto bytes = base::read_file(enrolment_file_in(folder), file_size);
    if (!bytes || bytes->size() != file_size) return std::nullopt;
    const auto text = base::as_text(*bytes);
    const auto salt = base::from_hex(text.substr(format.size(), 32));
    const auto digest = base::from_hex(text.substr(format.size() + 33, 64));
    if (!text.starts_with(format) || !salt || !digest) return std::nullopt;
    CodeHash hash;
    std::copy(salt->begin(), salt->end(), hash.salt.begin());
    std::copy(digest->begin(), digest->end(), hash.digest.begin());
    return hash;
}

} // namespace

std::string roster_file_in(const std::string& folder) {
    return folder + "/roster";
}
std::string enrolment_file_in(const std::string& folder) {
    return folder + "/enrolment";
}
std::string desk_file_in(const std::string& folder) {
    return folder + "/desk";
}

Result<void> make_staff_folder(const std::string& folder) {
    std::error_code fault;
    const bool is_new = std::filesystem::create_directories(folder, fault);
    if (!fault && is_new)
        std::filesystem::permissions(folder, std::filesystem::perms::owner_all, fault);
    if (fault) return Error{Errc::io, "making the folder " + folder + ": " + fault.message()};
    return {};
}

Result<base::SecretText> make_enrolment_code(const std::string& folder,
                                             base::RandomSource& random) {
    TRY(make_staff_folder(folder));
    const auto kept = DeskState::inspect(desk_file_in(folder));
    const bool had_roster = kept ? kept->had_roster : kept.error().code != Errc::not_found;
    if (had_roster || exists(roster_file_in(folder)))
        return Error{Errc::conflict, "this kiosk has had a staff list: staff log in with their "
                                     "cards; a new list comes from the district, or with kiosk "
                                     "staff roster FILE"};
    base::SecretText code;
    for (std::size_t i = 0; i < enrolment_digits; ++i) {
        const char digit = static_cast<char>('0' + random.below(10));
        code.append({&digit, 1});
    }
    Salt salt{};
    random.fill(salt);
    const auto digest = TRY(code_digest(code, salt));
    const auto line =
        std::string(format) + base::to_hex(salt) + " " + base::to_hex(digest.expose()) + "\n";
    TRY(base::write_file_durably(enrolment_file_in(folder), base::as_bytes(line)));
    return code;
}

bool has_enrolment_code(const std::string& folder) {
    return exists(enrolment_file_in(folder));
}

bool is_enrolment_code(const std::string& folder, const base::SecretText& code) {
    const auto hash = read_hash(folder);
    if (!hash) return false;
    const auto digest = code_digest(digits_of(code), hash->salt);
    return digest && are_equal(digest->expose(), hash->digest);
}

void remove_enrolment_code(const std::string& folder) {
    std::error_code ignored;
    std::filesystem::remove(enrolment_file_in(folder), ignored);
}

} // namespace staff
