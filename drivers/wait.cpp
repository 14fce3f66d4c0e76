#include "drivers/wait.hpp"

#include <condition_variable>
#include <mutex>

namespace drivers {

Wait real_wait() {
    return [](base::Milliseconds time, std::stop_token stop) {
        std::mutex mutex;
        std::condition_variable_any nobody_notifies;
        std::unique_lock lock(mutex);
        nobody_notifies.wait_for(lock, stop, time, [] { return false; });
    };
}

} // namespace drivers
