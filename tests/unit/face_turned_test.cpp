// How real heads move the five points: photographs of one person from the front and turned, taken
// at different moments. Heads alone; no sheet was ever photographed for it.
#include "face/liveness.hpp"
#include "face/model_store.hpp"
#include "face/pipeline.hpp"
#include "tests/support/face_data.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <iostream>

namespace {

namespace fs = std::filesystem;

// The limits of face/liveness.cpp.
constexpr double turned_shift = 0.13, least_relief = 0.22;

double nose_offset(const face::Landmarks& points) {
    const cv::Point2d line(points.right_eye() - points.left_eye());
    const cv::Point2d nose(points.nose() - points.eye_middle());
    return std::abs(nose.dot(line)) / line.dot(line);
}

// Of one person's photographs, those with exactly one dominant face.
std::vector<face::Landmarks> points_of(face::Pipeline& pipeline, const fs::path& person) {
    std::vector<face::Landmarks> all;
    for (const auto& file : fs::directory_iterator(person)) {
        const auto name = fs::relative(file.path(), face_data::folder()).string();
        const auto look = pipeline.track(face_data::picture(name));
        REQUIRE(look);
        if (look->sight == face::Sight::one) all.push_back(look->face.points);
    }
    return all;
}

struct Turns {
    std::vector<double> to_a_side, up_or_down; // the relief of each
};

Turns turns_in(const std::vector<face::Landmarks>& photos) {
    Turns turns;
    for (const auto& front : photos) {
        if (nose_offset(front) > 0.08) continue;
        for (const auto& other : photos) {
            const auto pose = face::parallax(front, other);
            const double x = std::abs(pose.shift.x), y = std::abs(pose.shift.y);
            if (std::max(x, y) < turned_shift || std::max(x, y) < 1.3 * std::min(x, y)) continue;
            (x > y ? turns.to_a_side : turns.up_or_down).push_back(pose.relief);
        }
    }
    return turns;
}

} // namespace

TEST_CASE("real heads that are turned to a side have the relief of heads, with either detector",
          "[.slow][face]") {
    if (!face_data::is_there()) return;
    for (const auto id : {face::ModelId::yunet_2022mar, face::ModelId::yunet_2023mar}) {
        auto models = face::ModelStore(face_data::folder() + "/models").load(face::ModelUse::kiosk);
        REQUIRE(models.second_detector);
        if (id == face::ModelId::yunet_2023mar) models.detector = std::move(models.second_detector);
        models.second_detector.reset();
        face::Pipeline pipeline(models);
        Turns all;
        for (const auto& person : fs::directory_iterator(face_data::folder() + "/lfw")) {
            const auto turns = turns_in(points_of(pipeline, person));
            for (const auto& [from, to] : {std::pair(&turns.to_a_side, &all.to_a_side),
                                           std::pair(&turns.up_or_down, &all.up_or_down)})
                to->insert(to->end(), from->begin(), from->end());
        }
        const auto flat = std::count_if(all.to_a_side.begin(), all.to_a_side.end(),
                                        [](double relief) { return relief < least_relief; });
        std::cout << face::model(id).name << ": " << all.to_a_side.size()
                  << " pairs turned to a side, " << flat << " with less than the least relief; "
                  << all.up_or_down.size() << " turned up or down\n";
        REQUIRE(all.to_a_side.size() >= 500);
        CHECK(std::size_t(flat) * 100 <= all.to_a_side.size());
    }
}
