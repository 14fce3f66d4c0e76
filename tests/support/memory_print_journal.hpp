// A print journal in memory, for runs by the million; beside the real one in print_journal_test.
#pragma once

#include "kiosk/outbox/print_journal.hpp"

#include <algorithm>
#include <functional>

namespace test {

class MemoryPrintJournal final : public outbox::PrintJournal {
public:
    // Called around each write; may throw to let the program die there.
    std::function<void()> before_write = [] {};
    std::function<void()> after_write = [] {};
    std::vector<outbox::PrintJob> jobs;
    outbox::PaperUse paper;

    base::Result<std::int64_t> queue(std::string_view key, std::string_view receipt_no,
                                     int copy) override {
        before_write();
        outbox::PrintJob job;
        job.id = std::int64_t(jobs.size()) + 1;
        job.key = std::string(key);
        job.receipt_no = std::string(receipt_no);
        job.copy = copy;
        jobs.push_back(std::move(job));
        after_write();
        return std::int64_t(jobs.size());
    }
    base::Result<void> note_sending(std::int64_t id, std::int64_t offset) override {
        return change(id, [&](outbox::PrintJob& job) {
            job.state = outbox::JobState::sending;
            job.offset = offset;
        });
    }
    base::Result<void> note(std::int64_t id, outbox::JobState state) override {
        return change(id, [&](outbox::PrintJob& job) { job.state = state; });
    }
    base::Result<void> note_fault(std::int64_t id, outbox::JobState state, std::int64_t offset,
                                  bool owes_void_note) override {
        return change(id, [&](outbox::PrintJob& job) {
            job.state = state;
            job.offset = offset;
            job.owes_void_note = owes_void_note;
        });
    }
    base::Result<void> note_voided_on_paper(std::int64_t id) override {
        return change(id, [](outbox::PrintJob& job) { job.owes_void_note = false; });
    }
    base::Result<void> note_paper(std::int64_t dots, std::int64_t cuts) override {
        before_write();
        paper.dots += dots;
        paper.cuts += cuts;
        paper.roll_dots += dots;
        after_write();
        return {};
    }
    base::Result<void> note_new_roll() override {
        paper.roll_dots = 0;
        return {};
    }
    base::Result<outbox::PaperUse> paper_use() const override { return paper; }
    base::Result<std::vector<outbox::PrintJob>> open_jobs() const override {
        return those([](const outbox::PrintJob& job) {
            return job.state == outbox::JobState::queued ||
                   job.state == outbox::JobState::sending || job.state == outbox::JobState::sent;
        });
    }
    base::Result<std::vector<outbox::PrintJob>> owing_void_notes() const override {
        return those([](const outbox::PrintJob& job) { return job.owes_void_note; });
    }
    base::Result<std::vector<outbox::PrintJob>> last(int count) const override {
        auto newest = jobs;
        std::reverse(newest.begin(), newest.end());
        if (newest.size() > std::size_t(count)) newest.resize(std::size_t(count));
        return newest;
    }
    base::Result<int> next_copy(std::string_view receipt_no) const override {
        int next = 0;
        for (const auto& job : jobs) {
            const bool is_nothing =
                job.state == outbox::JobState::queued ||
                (job.state == outbox::JobState::voided && job.offset == 0 && !job.owes_void_note);
            if (job.receipt_no == receipt_no && !is_nothing) next = std::max(next, job.copy + 1);
        }
        return next;
    }

    // Nobody stays that long in memory.
    base::Result<int> purge(base::Milliseconds) override { return 0; }

private:
    template <class Change> base::Result<void> change(std::int64_t id, const Change& change) {
        if (id < 1 || id > std::int64_t(jobs.size()))
            return base::Error{base::Errc::not_found, "print journal: no such job"};
        before_write();
        change(jobs[std::size_t(id) - 1]);
        after_write();
        return {};
    }
    template <class Wanted> std::vector<outbox::PrintJob> those(const Wanted& wanted) const {
        std::vector<outbox::PrintJob> found;
        std::copy_if(jobs.begin(), jobs.end(), std::back_inserter(found), wanted);
        return found;
    }
};

} // namespace test
