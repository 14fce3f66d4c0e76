// The input methods of the configuration for several viewers at once: each look-up waits for the
// one before, because those below are for one thread. Answers for Pinyin are kept, because a tour
// types the same invented letters again and again. Development builds only.
#pragma once

#include "kiosk/app/input_methods.hpp"

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>

namespace app {

class SharedMethods final : public input::PinyinLookup, public input::HandwritingLookup {
public:
    // Empty names: that board is not offered. Errors: those of what is named and cannot be opened.
    static base::Result<std::unique_ptr<SharedMethods>> open(const std::string& pinyin_folder,
                                                             const std::string& handwriting_model);

    // Nothing where the name was empty.
    input::PinyinLookup* pinyin() { return methods_->pinyin() == nullptr ? nullptr : this; }
    const input::HandwritingLookup* handwriting() const {
        return methods_->handwriting() == nullptr ? nullptr : this;
    }

    input::PinyinAnswer look_up(std::string_view letters, std::size_t first,
                                std::size_t most) override;
    input::HandCandidates recognise(const input::Ink& ink, const input::HandContext& context,
                                    std::size_t first, std::size_t most) const override;
    input::HandFollowers followers(char32_t previous, std::size_t most) const override;

private:
    SharedMethods() = default;
    std::optional<base::Error> fault_;
    std::unique_ptr<InputMethods> methods_; // tells fault_
    mutable std::mutex mutex_;
    std::map<std::tuple<std::string, std::size_t, std::size_t>, input::PinyinAnswer> answers_;
};

} // namespace app
