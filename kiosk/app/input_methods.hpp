// How Chinese is written without a keyboard: Pinyin and handwriting, opened once for all visits.
//
// Both are read from the disk and checked, which takes longer than the first picture: a thread of
// their own opens them, and a board is offered from the moment it is there.
#pragma once

#include "kiosk/base/log.hpp"
#include "screens/input/handwriting.hpp"
#include "screens/input/pinyin.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace app {

class InputMethods {
public:
    // Empty names: that board is not there. `tell_fault` is told "pinyin" or "handwriting" when
    // what is named cannot be opened; a kiosk without one of its boards serves all the same. It is
    // called on the thread that opens, and outlives this.
    using TellFault = std::function<void(base::Word, const base::Error&)>;
    InputMethods(std::string pinyin_folder, std::string handwriting_model, TellFault tell_fault);

    void open();               // here and now
    void open_on_own_thread(); // once

    // Nothing: not there, or not yet. Safe from any thread; what they point to is for one.
    input::PinyinLookup* pinyin() const { return ready_pinyin_; }
    const input::HandwritingLookup* handwriting() const { return ready_handwriting_; }

private:
    std::string pinyin_folder_, handwriting_model_;
    TellFault tell_fault_;
    std::unique_ptr<input::PinyinLookup> pinyin_;
    std::unique_ptr<const input::HandwritingLookup> handwriting_;
    std::atomic<input::PinyinLookup*> ready_pinyin_{nullptr};
    std::atomic<const input::HandwritingLookup*> ready_handwriting_{nullptr};
    std::jthread opener_; // declared last: ends before what it fills
};

} // namespace app
