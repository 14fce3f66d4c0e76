// The same work on several threads. What is computed may not depend on how many there are: each
// index is worked on alone, and writes only what belongs to it.
#pragma once

#include <cstddef>
#include <thread>
#include <vector>

namespace input::training {

// work(begin, end) for consecutive stretches of 0 to count, one stretch for each of `jobs` threads.
template <class Work> void in_parallel(std::size_t count, std::size_t jobs, const Work& work) {
    std::vector<std::jthread> threads;
    for (std::size_t job = 1; job < jobs; ++job)
        threads.emplace_back([&, job] { work(count * job / jobs, count * (job + 1) / jobs); });
    work(0, count / jobs);
}

} // namespace input::training
