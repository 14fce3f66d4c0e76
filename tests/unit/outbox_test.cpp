// The queue on a real file: what it keeps, what it refuses, what it forgets.
#include "kiosk/outbox/outbox.hpp"

#include "kiosk/outbox/sqlite.hpp"
#include "tests/support/outbox_board.hpp"

#include <catch2/catch.hpp>
#include <sqlite3.h>

#include <atomic>
#include <fstream>
#include <sys/stat.h>
#include <thread>

using namespace outbox;
using namespace std::chrono_literals;
using support::opaque_submission;

namespace {

using Fixture = support::OutboxBoard;

constexpr auto start = support::board_start;

void deliver(Outbox& box, const std::string& key) {
    REQUIRE(box.note_sending(key));
    REQUIRE(box.note_delivered(key, "CASE-1", "accepted"));
}

} // namespace

TEST_CASE("a stored submission is there after a restart, byte for byte", "[unit][outbox]") {
    Fixture f;
    const auto submission = opaque_submission(f.random, f.clock, 2, 40'000);
    {
        auto box = f.open();
        REQUIRE(box->enqueue(submission));
    }
    auto box = f.open();
    const auto keys = box->waiting(10).value();
    REQUIRE(keys == std::vector{submission.key});
    const auto loaded = box->load(submission.key).value();
    CHECK(loaded.receipt_no == submission.receipt_no);
    CHECK(loaded.body == submission.body);
    CHECK(loaded.body_sha256 == base::sha256(submission.body));
    REQUIRE(loaded.attachments.size() == 2);
    CHECK(loaded.attachments[1].sealed == submission.attachments[1].sealed);
    CHECK(loaded.attachments[1].sha256 == submission.attachments[1].sha256);
}

TEST_CASE("the outbox file belongs to the service alone and has the settings it needs",
          "[unit][outbox]") {
    Fixture f;
    auto box = f.open();
    REQUIRE(box->enqueue(opaque_submission(f.random, f.clock)));
    for (const auto* suffix : {"", "-wal", "-shm"}) {
        struct stat status {};
        REQUIRE(::stat((f.path + suffix).c_str(), &status) == 0);
        CHECK((status.st_mode & 0777) == 0600);
    }
    const auto database = Database::open(f.path, Database::Mode::existing, nullptr).value();
    CHECK(database->integer("PRAGMA page_size").value() == 16384);
    CHECK(database->text("PRAGMA journal_mode").value() == "wal");
}

TEST_CASE("storing the same submission again changes nothing", "[unit][outbox]") {
    Fixture f;
    auto box = f.open();
    const auto submission = opaque_submission(f.random, f.clock);
    REQUIRE(box->enqueue(submission));
    REQUIRE(box->enqueue(submission));
    CHECK(box->list().value().size() == 1);
    deliver(*box, submission.key);
    REQUIRE(box->enqueue(submission));
    CHECK(box->counts().value().pending == 0);
}

TEST_CASE("a key or a receipt number never stands for two submissions", "[unit][outbox]") {
    Fixture f;
    auto box = f.open();
    const auto first = opaque_submission(f.random, f.clock);
    REQUIRE(box->enqueue(first));
    auto same_key = opaque_submission(f.random, f.clock);
    same_key.key = first.key;
    CHECK(box->enqueue(same_key).error().code == base::Errc::conflict);
    auto same_number = opaque_submission(f.random, f.clock);
    same_number.receipt_no = first.receipt_no;
    CHECK(box->enqueue(same_number).error().code == base::Errc::conflict);
    CHECK(box->list().value().size() == 1);
    CHECK(box->is_healthy());
}

TEST_CASE("a submission that contradicts itself is refused", "[unit][outbox]") {
    Fixture f;
    auto box = f.open();
    auto wrong_digest = opaque_submission(f.random, f.clock);
    wrong_digest.attachments[0].sealed[5] ^= 1;
    CHECK(box->enqueue(wrong_digest).error().code == base::Errc::invalid_input);
    auto wrong_number = opaque_submission(f.random, f.clock);
    wrong_number.receipt_no[3] = wrong_number.receipt_no[3] == '2' ? '3' : '2';
    CHECK(box->enqueue(wrong_number).error().code == base::Errc::invalid_input);
    CHECK(box->list().value().empty());
}

TEST_CASE("delivery removes the sealed bytes and keeps what the counter needs", "[unit][outbox]") {
    Fixture f;
    auto box = f.open();
    auto submission = opaque_submission(f.random, f.clock, 1, 100'000);
    // A mark that can be looked for in the files.
    const auto mark = base::to_bytes("sealed-bytes-that-must-go-0123456789");
    std::copy(mark.begin(), mark.end(), submission.attachments[0].sealed.begin() + 500);
    submission.attachments[0].sha256 = base::sha256(submission.attachments[0].sealed);
    REQUIRE(box->enqueue(submission));
    f.clock.advance(5s);
    deliver(*box, submission.key);

    const auto entry = box->list().value().at(0);
    CHECK(entry.state == State::delivered);
    CHECK(entry.case_code == "CASE-1");
    CHECK(entry.delivered_at == f.clock.wall());
    CHECK(entry.sealed_bytes == 0);
    CHECK(entry.attempts == 1);
    CHECK(box->load(submission.key).error().code == base::Errc::not_found);

    // secure_delete: after the next checkpoint nothing is left in the database.
    REQUIRE(box->checkpoint_when_idle());
    const auto database = base::read_file(f.path).value();
    CHECK(std::search(database.begin(), database.end(), mark.begin(), mark.end()) ==
          database.end());
}

TEST_CASE("only the legal moves between states happen", "[unit][outbox]") {
    Fixture f;
    auto box = f.open();
    const auto submission = opaque_submission(f.random, f.clock);
    REQUIRE(box->enqueue(submission));
    const auto& key = submission.key;
    const auto conflict = base::Errc::conflict;

    CHECK(box->note_delivered(key, "C", "accepted").error().code == conflict);
    CHECK(box->note_attempt_failed(key).error().code == conflict);
    CHECK(box->release(key).error().code == conflict);
    REQUIRE(box->note_sending(key));
    CHECK(box->note_sending(key).error().code == conflict);
    CHECK(box->waiting(5).value().empty());
    REQUIRE(box->note_attempt_failed(key));
    CHECK(box->load(key).value().attempts == 1);
    REQUIRE(box->quarantine(key, QuarantineReason::matter_closed));
    CHECK(box->list().value().at(0).reason == QuarantineReason::matter_closed);
    CHECK(box->note_sending(key).error().code == conflict);
    REQUIRE(box->release(key));
    deliver(*box, key);
    CHECK(box->quarantine(key, QuarantineReason::damaged).error().code == conflict);
    CHECK(box->note_sending("unknown").error().code == base::Errc::not_found);
}

TEST_CASE("what an ended run left is repaired at the next start", "[unit][outbox]") {
    Fixture f;
    const auto sending = opaque_submission(f.random, f.clock);
    const auto printed = opaque_submission(f.random, f.clock);
    {
        auto box = f.open();
        REQUIRE(box->enqueue(sending));
        REQUIRE(box->enqueue(printed));
        REQUIRE(box->note_sending(sending.key));
        REQUIRE(box->note_receipt(sending.key, ReceiptState::printing));
        REQUIRE(box->note_receipt(printed.key, ReceiptState::printed));
        // The uploader's connection repairs nothing: the row is in flight.
        CHECK(box->another_connection().value()->waiting(5).value().size() == 1);
        CHECK(box->receipts_unfinished().value().empty());
    }
    auto box = f.open();
    CHECK(box->waiting(5).value() == std::vector{sending.key, printed.key});
    const auto unfinished = box->receipts_unfinished().value();
    REQUIRE(unfinished.size() == 1);
    CHECK(unfinished[0].key == sending.key);
    CHECK(unfinished[0].receipt_no == sending.receipt_no);
}

TEST_CASE("the receipt journal keeps number, matter, time, state and form version, no more",
          "[unit][outbox][refusal][G5]") {
    Fixture f;
    auto box = f.open();
    const auto submission = opaque_submission(f.random, f.clock);
    REQUIRE(box->enqueue(submission));
    const auto database = Database::open(f.path, Database::Mode::existing, nullptr).value();
    const auto columns = [&](const char* table) {
        auto rows =
            database->prepare("SELECT group_concat(name, ' ') FROM pragma_table_info(?)").value();
        rows.bind(1, std::string_view(table));
        REQUIRE(rows.step().value());
        return rows.text(0);
    };
    // A new column is a decision about people's data: it is made here, in sight.
    CHECK(columns("receipts") == "key state");
    CHECK(columns("submissions") ==
          "seq key receipt_no matter form_version state reason confirmed_at delivered_at "
          "case_code platform_state attempts body_sha256 payload_count sealed_bytes signer "
          "supplements");
    CHECK(columns("payloads") == "key number sha256 sealed");
}

TEST_CASE("two connections see each other's submissions", "[unit][outbox]") {
    Fixture f;
    auto screen = f.open();
    auto uploader = screen->another_connection().value();
    const auto submission = opaque_submission(f.random, f.clock);
    REQUIRE(screen->enqueue(submission));
    REQUIRE(uploader->waiting(1).value().size() == 1);
    deliver(*uploader, submission.key);
    CHECK(screen->counts().value().delivered == 1);
    REQUIRE(screen->checkpoint_when_idle());
    REQUIRE(screen->enqueue(opaque_submission(f.random, f.clock)));
    CHECK(uploader->counts().value().pending == 1);
}

TEST_CASE("one thread stores while another delivers", "[unit][outbox]") {
    Fixture f;
    auto screen = f.open();
    auto uploader = screen->another_connection().value();
    constexpr int many = 60;
    std::atomic<int> refusals = 0;
    std::thread delivering([&] {
        for (int delivered = 0; delivered < many;) {
            const auto keys = uploader->waiting(1);
            if (!keys || keys->empty()) continue;
            const auto& key = keys->front();
            if (!uploader->load(key) || !uploader->note_sending(key) ||
                !uploader->note_delivered(key, "C", "accepted")) {
                ++refusals;
            }
            ++delivered;
        }
    });
    for (int i = 0; i < many; ++i) {
        if (!screen->enqueue(opaque_submission(f.random, f.clock, 1, 20'000))) ++refusals;
        const auto checkpoint = screen->checkpoint_when_idle();
        if (!checkpoint && checkpoint.error().code != base::Errc::busy) ++refusals;
    }
    delivering.join();
    CHECK(refusals == 0);
    CHECK(screen->counts().value().delivered == many);
}

TEST_CASE("the queue is listed beside a running kiosk without changing it", "[unit][outbox]") {
    Fixture f;
    CHECK(Outbox::inspect(f.path, f.clock).error().code == base::Errc::not_found);
    auto box = f.open();
    const auto submission = opaque_submission(f.random, f.clock);
    REQUIRE(box->enqueue(submission));
    REQUIRE(box->note_sending(submission.key));
    auto beside = Outbox::inspect(f.path, f.clock).value();
    const auto entries = beside->list().value();
    REQUIRE(entries.size() == 1);
    CHECK(entries[0].state == State::sending);
    CHECK(beside->verify().value().ok());
    CHECK_FALSE(beside->note_attempt_failed(submission.key));
    CHECK(box->list().value().at(0).state == State::sending);
}

TEST_CASE("oldest first, and counts with their ages", "[unit][outbox]") {
    Fixture f;
    auto box = f.open();
    std::vector<std::string> keys;
    for (int i = 0; i < 5; ++i) {
        const auto submission = opaque_submission(f.random, f.clock, 0);
        REQUIRE(box->enqueue(submission));
        keys.push_back(submission.key);
        f.clock.advance(60s);
    }
    CHECK(box->waiting(3).value() == std::vector(keys.begin(), keys.begin() + 3));
    deliver(*box, keys[0]);
    REQUIRE(box->quarantine(keys[1], QuarantineReason::answers_invalid));
    const auto counts = box->counts().value();
    CHECK(counts.pending == 3);
    CHECK(counts.delivered == 1);
    CHECK(counts.quarantined == 1);
    CHECK(counts.oldest_pending == start + 120s);
}

TEST_CASE("what was set aside is counted by what people do about it, found by its number, and goes "
          "only when it is closed",
          "[unit][outbox][refusal][G20]") {
    Fixture f;
    auto box = f.open();
    struct Row {
        QuarantineReason reason;
        int refused, refused_papers; // of a request; the same of papers
    };
    const Row rows[] = {
        {QuarantineReason::answers_invalid, 1, 1},  {QuarantineReason::matter_closed, 1, 1},
        {QuarantineReason::not_wanted, 1, 1},       {QuarantineReason::key_reuse, 0, 0},
        {QuarantineReason::receipt_conflict, 0, 0}, {QuarantineReason::damaged, 0, 0}};
    int refused = 0, refused_papers = 0, all = 0;
    std::vector<std::string> keys;
    for (const auto& row : rows) {
        auto request = opaque_submission(f.random, f.clock);
        auto papers = opaque_submission(f.random, f.clock);
        papers.supplements = request.key;
        for (const auto* one : {&request, &papers}) {
            REQUIRE(box->enqueue(*one));
            CHECK_FALSE(box->set_aside(one->receipt_no).value());
            REQUIRE(box->quarantine(one->key, row.reason));
            keys.push_back(one->key);
        }
        CHECK(box->set_aside(request.receipt_no).value() == row.reason);
        // Nobody holds this number: it names the row alone.
        CHECK_FALSE(box->set_aside(papers.receipt_no).value());
        CHECK(box->find(papers.receipt_no)->supplements == request.key);
        refused += row.refused;
        refused_papers += row.refused_papers;
        all += 2;
        const auto counts = box->counts().value();
        CHECK(counts.quarantined == all);
        CHECK(counts.refused == refused);
        CHECK(counts.refused_papers == refused_papers);
    }
    // Finished at the counter: gone, with what was sealed in it; nothing else can go that way.
    const auto waiting = opaque_submission(f.random, f.clock);
    REQUIRE(box->enqueue(waiting));
    CHECK(box->close(waiting.key).error().code == base::Errc::conflict);
    CHECK(box->close(f.random.uuid()).error().code == base::Errc::not_found);
    for (const auto& key : keys) {
        REQUIRE(box->close(key));
        CHECK(box->load(key).error().code == base::Errc::not_found);
    }
    const auto left = box->list().value();
    REQUIRE(left.size() == 1);
    CHECK(left[0].key == waiting.key);
    CHECK(box->load(waiting.key).has_value());
    CHECK(box->counts()->quarantined == 0);
    CHECK(box->counts()->refused + box->counts()->refused_papers == 0);
    CHECK(box->verify()->ok());
}

TEST_CASE("delivered submissions go after their time, others never", "[unit][outbox]") {
    Fixture f;
    auto box = f.open();
    const auto old = opaque_submission(f.random, f.clock);
    const auto waiting = opaque_submission(f.random, f.clock);
    const auto refused = opaque_submission(f.random, f.clock);
    for (const auto* one : {&old, &waiting, &refused}) REQUIRE(box->enqueue(*one));
    deliver(*box, old.key);
    REQUIRE(box->quarantine(refused.key, QuarantineReason::matter_closed));
    f.clock.advance(24h * 31);
    const auto fresh = opaque_submission(f.random, f.clock);
    REQUIRE(box->enqueue(fresh));
    deliver(*box, fresh.key);
    CHECK(box->purge(f.clock.wall() - 24h * 30).value() == 1);
    const auto left = box->list().value();
    REQUIRE(left.size() == 3);
    CHECK(left[0].key == waiting.key);
    CHECK(left[1].key == refused.key);
    CHECK(left[2].key == fresh.key);
}

TEST_CASE("what SQLite remembers of requests is given back between them", "[unit][outbox]") {
    Fixture f;
    auto box = f.open();
    const auto after = [&](int requests) {
        for (int i = 0; i < requests; ++i) {
            const auto request = opaque_submission(f.random, f.clock, 1, 40'000);
            REQUIRE(box->enqueue(request));
            deliver(*box, request.key);
        }
        const auto before = sqlite3_memory_used();
        box->forget_pages();
        return std::pair(before, sqlite3_memory_used());
    };
    const auto [first_full, first] = after(3);
    const auto [full, last] = after(60);
    CHECK(full > first + 100'000); // there is something to give back
    CHECK(last <= first + 16'384);
    CHECK(box->counts()->delivered == 63);
}

TEST_CASE("new matters are refused in time, and a warning comes before", "[unit][outbox]") {
    Fixture f;
    auto box = f.open(10ull << 20);
    CHECK(box->room().value() == Room::enough);
    f.free_space = 49ull << 20; // fifty average requests do not fit
    CHECK(box->room().value() == Room::full);
    f.free_space = 51ull << 20;
    CHECK(box->room().value() == Room::enough);
    f.free_space = 100ull << 30;
    REQUIRE(box->enqueue(opaque_submission(f.random, f.clock, 1, 8'400'000)));
    CHECK(box->room().value() == Room::warning); // 80 % of 10 MiB
    const auto more = opaque_submission(f.random, f.clock, 1, 1'600'000);
    REQUIRE(box->enqueue(more));
    CHECK(box->room().value() == Room::full); // 95 %
    deliver(*box, more.key);
    CHECK(box->room().value() == Room::warning);
}

TEST_CASE("a file that is no outbox is refused and left as it was", "[unit][outbox]") {
    Fixture f;
    SECTION("something else") {
        std::ofstream(f.path) << std::string(5000, 'x');
        const auto before = base::read_file(f.path).value();
        for (const auto& error :
             {Outbox::open(f.path, f.clock).error(), Outbox::inspect(f.path, f.clock).error(),
              Outbox::join(f.path, f.clock).error()}) {
            CHECK(error.code == base::Errc::corrupt);
            CHECK(error.context.find(f.path + " is damaged") != std::string::npos);
            CHECK(error.context.find("do not delete it") != std::string::npos);
        }
        CHECK(base::read_file(f.path).value() == before);
    }
    SECTION("another program's database") {
        {
            auto other = Database::open(f.path, Database::Mode::create, nullptr).value();
            REQUIRE(other->execute("CREATE TABLE t (x)"));
        }
        const auto before = base::read_file(f.path).value();
        CHECK(Outbox::open(f.path, f.clock).error().code == base::Errc::corrupt);
        CHECK(base::read_file(f.path).value() == before);
    }
    SECTION("an outbox of a newer program") {
        f.open();
        {
            auto newer = Database::open(f.path, Database::Mode::existing, nullptr).value();
            REQUIRE(newer->execute("PRAGMA user_version=4"));
        }
        CHECK(Outbox::open(f.path, f.clock).error().code == base::Errc::unsupported);
    }
    SECTION("a folder that is not there") {
        CHECK(Outbox::open(f.folder.file("no/such/outbox.db"), f.clock).error().code ==
              base::Errc::io);
    }
}
