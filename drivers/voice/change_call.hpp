// Whom to tell that something has changed: set by one thread, called by others.
#pragma once

#include <functional>
#include <mutex>

namespace drivers {

class ChangeCall {
public:
    // Empty: nobody. When it returns, the call that was set before is not under way any more.
    // Not to be set from within the call.
    void set(std::function<void()> call) {
        const std::lock_guard lock(mutex_);
        call_ = std::move(call);
    }
    void operator()() const {
        const std::lock_guard lock(mutex_);
        if (call_) call_();
    }

private:
    mutable std::mutex mutex_;
    std::function<void()> call_;
};

} // namespace drivers
