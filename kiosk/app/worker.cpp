#include "kiosk/app/worker.hpp"

#include "kiosk/base/secret.hpp"

namespace app {

ThreadWorker::ThreadWorker() : thread_([this](std::stop_token stop) { run(stop); }) {}

ThreadWorker::~ThreadWorker() {
    thread_.request_stop();
    cancel();
}

bool ThreadWorker::post(Job job) {
    return jobs_.post(std::move(job));
}

void ThreadWorker::cancel() {
    while (jobs_.try_take()) {
    }
    const std::lock_guard lock(current_mutex_);
    current_.request_stop();
}

void ThreadWorker::run(std::stop_token stop) {
    while (!stop.stop_requested()) {
        auto job = jobs_.take(stop);
        if (!job) continue;
        std::stop_token token;
        {
            const std::lock_guard lock(current_mutex_);
            current_ = std::stop_source{};
            token = current_.get_token();
        }
        (*job)(token);
        job.reset();
        base::wipe_stack_below();
    }
}

} // namespace app
