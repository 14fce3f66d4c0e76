#include "kiosk/app/worker.hpp"

#include "kiosk/base/secret.hpp"

namespace app {

ThreadWorker::ThreadWorker() : thread_([this](std::stop_token stop) { run(stop); }) {}

ThreadWorker::~ThreadWorker() {
    thread_.request_stop();
    cancel();
}

bool ThreadWorker::post(Job job) {
    Order order;
    {
        const std::lock_guard lock(current_mutex_);
        order.round = round_;
    }
    order.job = std::move(job);
    return jobs_.post(std::move(order));
}

void ThreadWorker::cancel() {
    while (jobs_.try_take()) {
    }
    const std::lock_guard lock(current_mutex_);
    ++round_;
    current_.request_stop();
}

std::optional<std::stop_token> ThreadWorker::begin(std::uint64_t round) {
    const std::lock_guard lock(current_mutex_);
    if (round != round_) return std::nullopt;
    current_ = std::stop_source{};
    return current_.get_token();
}

void ThreadWorker::run(std::stop_token stop) {
    while (!stop.stop_requested()) {
        auto order = jobs_.take(stop);
        if (!order) continue;
        if (auto token = begin(order->round)) order->job(std::move(*token));
        order.reset();
        base::wipe_stack_below();
    }
}

} // namespace app
