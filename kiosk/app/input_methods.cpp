#include "kiosk/app/input_methods.hpp"

#include "screens/input/hand_model.hpp"
#include "screens/input/rime_pinyin.hpp"

namespace app {

InputMethods::InputMethods(std::string pinyin_folder, std::string handwriting_model,
                           TellFault tell_fault)
    : pinyin_folder_(std::move(pinyin_folder)), handwriting_model_(std::move(handwriting_model)),
      tell_fault_(std::move(tell_fault)) {}

void InputMethods::open() {
    if (!pinyin_folder_.empty()) {
        auto pinyin = input::RimePinyin::open(pinyin_folder_);
        if (pinyin)
            pinyin_ = std::move(pinyin).value();
        else
            tell_fault_("pinyin", pinyin.error());
        ready_pinyin_ = pinyin_.get();
    }
    if (!handwriting_model_.empty()) {
        auto model = input::HandwritingModel::open(handwriting_model_);
        if (model)
            handwriting_ = std::move(model).value();
        else
            tell_fault_("handwriting", model.error());
        ready_handwriting_ = handwriting_.get();
    }
}

void InputMethods::open_on_own_thread() {
    opener_ = std::jthread([this] { open(); });
}

} // namespace app
