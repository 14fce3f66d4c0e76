// A bounded mailbox: the only thing that threads share. Messages travel by value; a full mailbox is
// told to the sender, who decides.
#pragma once

#include "kiosk/base/check.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>

namespace base {

template <class T> class Mailbox {
public:
    explicit Mailbox(std::size_t capacity) : capacity_(capacity) { CHECK(capacity > 0); }

    // False when full: nothing was taken. `on_post` (set once, before threads start) runs after
    // every successful post, on the poster's thread, for instance to wake a window.
    [[nodiscard]] bool post(T message) {
        {
            const std::lock_guard lock(mutex_);
            if (messages_.size() >= capacity_) return false;
            messages_.push_back(std::move(message));
        }
        arrived_.notify_one();
        if (on_post) on_post();
        return true;
    }

    // The oldest message, or nothing when none is there now.
    std::optional<T> try_take() {
        const std::lock_guard lock(mutex_);
        return pop();
    }

    // Waits for a message until `limit` passes or `stop` is requested.
    std::optional<T> take(std::stop_token stop, std::chrono::milliseconds limit) {
        std::unique_lock lock(mutex_);
        arrived_.wait_for(lock, stop, limit, [this] { return !messages_.empty(); });
        return pop();
    }

    // Waits for a message until `stop` is requested: nobody who sleeps here wakes in between.
    std::optional<T> take(std::stop_token stop) {
        std::unique_lock lock(mutex_);
        arrived_.wait(lock, stop, [this] { return !messages_.empty(); });
        return pop();
    }

    std::size_t size() const {
        const std::lock_guard lock(mutex_);
        return messages_.size();
    }

    std::function<void()> on_post;

private:
    std::optional<T> pop() {
        if (messages_.empty()) return std::nullopt;
        std::optional<T> message(std::move(messages_.front()));
        messages_.pop_front();
        return message;
    }

    const std::size_t capacity_;
    mutable std::mutex mutex_;
    std::condition_variable_any arrived_;
    std::deque<T> messages_;
};

} // namespace base
