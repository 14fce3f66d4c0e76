// Goal: after face checks, however they end, nothing of frame, crop or embedding is left in this
// program's memory (spec reliability P6, M1, M2). Method: with the kiosk's wiping heap, checks of
// random length on photographs of the shared test data, then every writable page is searched for
// pieces of what the check must have held; while they are held, the same search finds them all.
#include "face/align.hpp"
#include "face/verification.hpp"
#include "kiosk/base/seeded_random.hpp"
#include "tests/support/face_data.hpp"
#include "tests/support/memory_search.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <iostream>
#include <opencv2/core.hpp>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>

namespace {

using namespace std::chrono_literals;
using memory_search::Search;

// 64 bytes from the middle of something, veiled.
Search::Bytes piece(const char* name, const void* from, std::size_t size) {
    CHECK(size >= 128);
    const auto* bytes = static_cast<const std::uint8_t*>(from) + size / 2;
    Search::Bytes result{name, base::Bytes(bytes, bytes + 64)};
    for (auto& byte : result.veiled) byte ^= memory_search::veil;
    return result;
}

cv::Mat photo(const char* name) {
    return face_data::picture(std::string("lfw/Abel_Pacheco/Abel_Pacheco_") + name + ".jpg");
}

cv::Mat camera_frame() {
    cv::Mat large, frame(480, 640, CV_8UC3, cv::Scalar::all(90));
    cv::resize(photo("0004"), large, {}, 1.9, 1.9, cv::INTER_CUBIC);
    large.copyTo(frame(cv::Rect(80, 2, large.cols, large.rows)));
    return frame;
}

// What a check makes of reference and frame. Each function below is entered and left by itself, so
// that its stack has ended when the search begins.
[[gnu::noinline]] std::vector<Search::Bytes> pieces_to_find(face::Models& models) {
    face::Pipeline pipeline(models);
    const auto reference = photo("0001"), frame = camera_frame();
    std::vector<Search::Bytes> pieces;
    const auto seen = pipeline.probe(frame).value();
    const auto held = pipeline.reference(reference).value();
    REQUIRE((seen.sight == face::Sight::one && held.sight == face::Sight::one));
    const auto& view = models.embedder->input().wanted();
    const auto crop = face::aligned(frame, seen.face.points, view);
    cv::Mat blob;
    crop.convertTo(blob, CV_32F);
    pieces.push_back(piece("frame", frame.ptr(240), frame.step));
    pieces.push_back(piece("reference photo", reference.ptr(125), reference.step));
    pieces.push_back(piece("crop", crop.ptr(64), crop.step));
    pieces.push_back(piece("crop as floats", blob.ptr(64), blob.step));
    pieces.push_back(piece("embedding of the reference", held.embedding.data(),
                           held.embedding.size() * sizeof(float)));
    pieces.push_back(piece("embedding of the frame", seen.embedding.data(),
                           seen.embedding.size() * sizeof(float)));
    // The search is able: all of it is here now.
    const auto found = Search(pieces).run();
    for (const auto& each : pieces)
        CHECK(std::any_of(found->begin(), found->end(),
                          [&](const auto& hit) { return hit.what == each.name; }));
    pipeline.forget();
    return pieces;
}

[[gnu::noinline]] void check_somebody(face::Models& models, base::SeededRandom& random) {
    face::Calibration calibration;
    calibration.model = "reid-0095";
    calibration.pipeline = face::pipeline_version;
    calibration.pass_level = 0.42f;
    face::Tries tries;
    face::Verification check({&models, &calibration, &random, &tries, 30});
    // Left before the reference, at any frame, or ended by itself (the same frame twice is enough).
    const auto frames = random.below(5);
    if (random.below(10) == 0) return;
    check.take_reference(photo("0001"));
    const auto frame = camera_frame();
    for (std::uint64_t i = 0; i < frames; ++i)
        check.see(frame, base::MonotonicTime(std::chrono::milliseconds(i * 500)));
}

void search_after(int checks) {
    cv::setNumThreads(1); // as at the kiosk: threads of a pool would keep stacks of their own
    auto models = face::ModelStore(face_data::folder() + "/models").load(face::ModelUse::kiosk);
    const auto pieces = pieces_to_find(models);
    base::SeededRandom random(11);
    for (int i = 0; i < checks; ++i) check_somebody(models, random);
    base::wipe_stack_below();
    CHECK(base::SessionArena::instance().in_use() == 0);
    const auto left = Search(pieces).run();
    for (const auto& each : *left) FAIL_CHECK(each.what << " left in " << each.where);
    std::cout << "face memory: after " << checks << " checks with random endings " << left->size()
              << " pieces left\n";
}

bool can_search() {
    if (!face_data::is_there()) return false;
    if (Search(std::vector<Search::Bytes>{}).run().has_value()) return true;
    WARN("skipped: this process may not read /proc/self/mem");
    return false;
}

} // namespace

TEST_CASE("nothing of a face is left in memory after checks that ended anyhow",
          "[unit][face][memory][refusal][P6]") {
    if (can_search()) search_after(8);
}

TEST_CASE("nothing of a face is left in memory after two hundred checks", "[.slow][face]") {
    if (can_search()) search_after(200);
}
