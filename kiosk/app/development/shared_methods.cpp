#include "kiosk/app/development/shared_methods.hpp"

namespace app {

base::Result<std::unique_ptr<SharedMethods>>
SharedMethods::open(const std::string& pinyin_folder, const std::string& handwriting_model) {
    std::unique_ptr<SharedMethods> shared(new SharedMethods);
    auto& fault = shared->fault_;
    shared->methods_ = std::make_unique<InputMethods>(
        pinyin_folder, handwriting_model,
        [&fault](base::Word, const base::Error& error) { fault = error; });
    shared->methods_->open();
    if (fault) return *fault;
    return shared;
}

input::PinyinAnswer SharedMethods::look_up(std::string_view letters, std::size_t first,
                                           std::size_t most) {
    const std::lock_guard lock(mutex_);
    const std::tuple key(std::string(letters), first, most);
    const auto known = answers_.find(key);
    if (known != answers_.end()) return known->second;
    return answers_.emplace(key, methods_->pinyin()->look_up(letters, first, most)).first->second;
}

input::HandCandidates SharedMethods::recognise(const input::Ink& ink,
                                               const input::HandContext& context, std::size_t first,
                                               std::size_t most) const {
    const std::lock_guard lock(mutex_);
    return methods_->handwriting()->recognise(ink, context, first, most);
}

input::HandFollowers SharedMethods::followers(char32_t previous, std::size_t most) const {
    const std::lock_guard lock(mutex_);
    return methods_->handwriting()->followers(previous, most);
}

} // namespace app
