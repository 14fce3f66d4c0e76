#include "face/evaluation/det_plot.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace evaluation {
namespace {

constexpr int plot_width = 960, plot_height = 640, margin = 70;
constexpr double fmr_decades = 6, fnmr_decades = 4;

cv::Point at(double fmr, double fnmr) {
    const auto place = [](double share, double decades) {
        return 1 + std::log10(std::max(share, std::pow(10.0, -decades))) / decades;
    };
    return {margin + int(place(fmr, fmr_decades) * (plot_width - 2 * margin)),
            plot_height - margin - int(place(fnmr, fnmr_decades) * (plot_height - 2 * margin))};
}

void write(cv::Mat& page, const std::string& text, cv::Point where) {
    cv::putText(page, text, where, cv::FONT_HERSHEY_SIMPLEX, 0.45, cv::Scalar::all(60), 1,
                cv::LINE_AA);
}

void draw_axes(cv::Mat& page) {
    for (int decade = 0; decade <= int(fmr_decades); ++decade) {
        const double share = std::pow(10.0, -decade);
        cv::line(page, at(share, 1e-9), at(share, 1), cv::Scalar::all(220));
        write(page, "1e-" + std::to_string(decade), at(share, 1e-9) + cv::Point(-15, 20));
        if (decade > int(fnmr_decades)) continue;
        cv::line(page, at(1e-9, share), at(1, share), cv::Scalar::all(220));
        write(page, "1e-" + std::to_string(decade), at(1e-9, share) + cv::Point(-50, 5));
    }
    write(page, "false match rate", {plot_width / 2 - 60, plot_height - margin + 45});
    write(page, "false non-match rate", {margin - 60, margin - 20});
}

} // namespace

base::Picture draw_det(const Scores& scores, double pass_level, double band_level) {
    base::Picture picture{plot_width, plot_height, 3,
                          base::Bytes(std::size_t(plot_width) * plot_height * 3)};
    cv::Mat page(plot_height, plot_width, CV_8UC3, picture.pixels.data());
    page.setTo(cv::Scalar::all(255));
    draw_axes(page);
    const auto point = [&](double level) {
        return at(false_matches(scores, level).value(), false_non_matches(scores, level).value());
    };
    for (int step = -1'000; step < 1'000; ++step)
        cv::line(page, point(step / 1'000.0), point((step + 1) / 1'000.0), cv::Scalar(30, 30, 160),
                 2, cv::LINE_AA);
    for (const double level : {pass_level, band_level})
        cv::drawMarker(page, point(level), cv::Scalar(0, 0, 0), cv::MARKER_CROSS, 18, 2);
    return picture;
}

} // namespace evaluation
