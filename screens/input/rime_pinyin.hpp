// Pinyin by librime over data that was compiled when the program was built (pinyin_data/).
//
// Owns the library's process-wide state, which is why only one can be open at a time, and one
// session of it that never sees a letter: it keeps the dictionary mapped, so that each look-up can
// have a session of its own that is destroyed with everything typed into it (0.2 ms). librime's own
// learning is switched off in the schema, nothing is ever committed, and its user folder is a path
// that cannot exist: it has nowhere to write.
#pragma once

#include "kiosk/base/result.hpp"
#include "screens/input/pinyin.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace input {

// Below a file, so that nobody can make it.
inline constexpr const char* no_user_folder = "/dev/null/none";

// What lies in the data folder, written by pinyin_data/: these, and their digests as `sha256sum -c`
// reads them.
inline constexpr std::array<std::string_view, 4> pinyin_files{"default.yaml", "kiosk.schema.yaml",
                                                              "kiosk.prism.bin", "kiosk.table.bin"};
inline constexpr std::string_view pinyin_digest_file = "SHA256SUMS";

class RimePinyin final : public PinyinLookup {
public:
    // About 10 ms, most of it for the digests. `user_folder`: tests give a real one, to see that it
    // stays empty. Errors: not_found (the folder or a file of it: install the kiosk's Pinyin data),
    // corrupt (a digest does not match, or the library cannot use the data), locked (another one is
    // open in this process).
    static base::Result<std::unique_ptr<RimePinyin>>
    open(const std::string& data_folder, const std::string& user_folder = no_user_folder);
    ~RimePinyin() override;

    // Typically 0.6 ms; the worst found is 80 times the same initial, 30 ms. Runs of ' count as
    // one and one at the front is passed over, as librime itself would end a syllable there.
    PinyinAnswer look_up(std::string_view letters, std::size_t first, std::size_t most) override;

private:
    RimePinyin() = default;
    base::Result<void> check_itself();

    std::uintptr_t anchor_ = 0;
    bool is_started_ = false;
};

} // namespace input
