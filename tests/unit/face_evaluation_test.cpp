#include "face/evaluation/comparer.hpp"
#include "face/evaluation/det_plot.hpp"
#include "face/evaluation/read_picture.hpp"
#include "kiosk/base/picture.hpp"
#include "tests/support/face_data.hpp"
#include "tests/support/program_ending.hpp"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <opencv2/imgproc.hpp>

namespace fs = std::filesystem;

namespace {

class Folder {
public:
    Folder() {
        std::string name = (fs::temp_directory_path() / "kiosk-pairs-XXXXXX").string();
        CHECK(::mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    ~Folder() { fs::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }

private:
    std::string path_;
};

void put(const std::string& path, base::ByteView bytes) {
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), std::streamsize(bytes.size()));
}

void put_png(const std::string& path, const cv::Mat& bgr) {
    cv::Mat rgb;
    cv::cvtColor(bgr, rgb, cv::COLOR_BGR2RGB);
    base::Picture picture{rgb.cols, rgb.rows, 3, base::Bytes(rgb.data, rgb.data + rgb.total() * 3)};
    put(path, base::encode_png(picture).value());
}

// A JPEG 60 x 40, black but for a white patch at the first row and column, with an EXIF block that
// says where those belong.
base::Bytes jpeg_with_orientation(int orientation, bool big_first) {
    base::Picture picture{60, 40, 3, base::Bytes(60 * 40 * 3)};
    for (int y = 0; y < 16; ++y) std::fill_n(picture.row(y), 16 * 3, std::uint8_t(255));
    auto jpeg = base::encode_jpeg(picture, 95).value();
    const auto o = std::uint8_t(orientation);
    const base::Bytes motorola{'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12,
                               0,   3,   0, 0,  0, 1, 0, o, 0, 0, 0, 0};
    const base::Bytes intel{'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1,
                            3,   0,   1,  0, 0, 0, o, 0, 0, 0, 0,    0};
    base::Bytes block{0xff, 0xe1, 0, std::uint8_t(2 + 6 + motorola.size()), 'E', 'x', 'i',
                      'f',  0,    0};
    const auto& tiff = big_first ? motorola : intel;
    block.insert(block.end(), tiff.begin(), tiff.end());
    jpeg.insert(jpeg.begin() + 2, block.begin(), block.end());
    return jpeg;
}

// Which corner is white: top left, top right, bottom right, bottom left.
int white_corner(const cv::Mat& picture) {
    const int right = picture.cols - 5, bottom = picture.rows - 5;
    const std::array corners{cv::Point(4, 4), cv::Point(right, 4), cv::Point(right, bottom),
                             cv::Point(4, bottom)};
    for (std::size_t i = 0; i < corners.size(); ++i)
        if (picture.at<cv::Vec3b>(corners[i])[0] > 128) return int(i);
    return -1;
}

} // namespace

TEST_CASE("a photograph of a telephone is turned as its EXIF block says",
          "[unit][face_evaluation]") {
    const Folder folder;
    // Exif 2.32, clause 4.6.4: where the first row and column belong, for 1 to 8.
    const std::array wanted{0, 1, 2, 3, 0, 1, 2, 3};
    for (const bool big_first : {true, false})
        for (int orientation = 1; orientation <= 8; ++orientation) {
            INFO(orientation << (big_first ? ", big end first" : ", little end first"));
            put(folder / "a.jpg", jpeg_with_orientation(orientation, big_first));
            const auto picture = evaluation::read_picture(folder / "a.jpg").value();
            CHECK(picture.cols == (orientation < 5 ? 60 : 40));
            CHECK(white_corner(picture) == wanted[std::size_t(orientation - 1)]);
        }
    for (const int orientation : {0, 9, 255}) {
        put(folder / "a.jpg", jpeg_with_orientation(orientation, true));
        CHECK(white_corner(evaluation::read_picture(folder / "a.jpg").value()) == 0);
    }
    // A block that points beyond its end, wherever: the picture as it is stored.
    const auto whole = jpeg_with_orientation(6, true);
    for (std::size_t at = 4; at < 24; ++at) {
        auto bent = whole;
        bent[at] = 0xff;
        put(folder / "a.jpg", bent);
        const auto picture = evaluation::read_picture(folder / "a.jpg");
        CHECK((!picture || picture->total() == 60 * 40));
    }
}

TEST_CASE("rates are counted from scores as they are defined", "[unit][face_evaluation]") {
    evaluation::Scores scores{{0.9f, 0.5f, 0.7f, 0.2f}, {0.1f, 0.3f, 0.0f, -0.2f, 0.6f}, 1};
    scores.sort();
    CHECK(evaluation::false_matches(scores, 0.3).hits == 2);
    CHECK(evaluation::false_matches(scores, 0.31).hits == 1);
    CHECK(evaluation::false_matches(scores, 0.61).hits == 0);
    CHECK(evaluation::false_non_matches(scores, 0.5).hits == 2); // 0.2 and the one without face
    CHECK(evaluation::false_non_matches(scores, 0.5).of == 5);
    CHECK(evaluation::level_at_fmr(scores, 0.2) == Approx(0.3).margin(1e-6));
    CHECK(evaluation::false_matches(scores, evaluation::level_at_fmr(scores, 0.2)).hits == 1);
    CHECK(evaluation::false_matches(scores, evaluation::level_at_fmr(scores, 0)).hits == 0);
}

TEST_CASE("equal errors of two known distributions are found", "[unit][face_evaluation]") {
    evaluation::Scores scores;
    for (int i = 0; i < 1'000; ++i) {
        scores.genuine.push_back(float(i) / 1'000.0f);         // 0 to 1
        scores.impostor.push_back(float(i) / 1'000.0f - 0.8f); // -0.8 to 0.2
    }
    scores.sort();
    const auto equal = evaluation::equal_errors(scores);
    CHECK(equal.rate == Approx(0.1).margin(0.002));
    CHECK(equal.level == Approx(0.1).margin(0.002));
}

TEST_CASE("intervals of 95 % are those of Wilson", "[unit][face_evaluation]") {
    // Source of the numbers: the formula by hand for 1 of 10 and 0 of 100.
    CHECK(evaluation::Share{1, 10}.low() == Approx(0.0179).margin(0.0005));
    CHECK(evaluation::Share{1, 10}.high() == Approx(0.4042).margin(0.0005));
    CHECK(evaluation::Share{0, 100}.low() == 0);
    CHECK(evaluation::Share{0, 100}.high() == Approx(0.0370).margin(0.0005));
    CHECK(evaluation::Share{}.high() == 1);
}

TEST_CASE("a list of pairs is read whatever its line ends, quotes and order of columns",
          "[unit][face_evaluation]") {
    const Folder folder;
    put(folder / "a b.png", base::as_bytes("x"));
    put(folder / "list.csv", base::as_bytes("\xef\xbb\xbfsame,path_b,path_a,note\r\n"
                                            "1,\"a b.png\",nowhere.png,\"x, \"\"y\"\"\"\r\n\r\n"
                                            "0,c.png,d.png,"));
    const auto list = evaluation::read_pairs(folder / "list.csv");
    REQUIRE(list.has_value());
    REQUIRE(list->pairs.size() == 2);
    CHECK(list->pairs[0].is_same);
    CHECK(list->pairs[0].file_b == folder / "a b.png");
    CHECK(list->pairs[0].file_a == "nowhere.png");
    CHECK_FALSE(list->pairs[1].is_same);
    put(folder / "bad.csv", base::as_bytes("path_a,path_b,same\na.png\n"));
    CHECK(evaluation::read_pairs(folder / "bad.csv").error().context.find(":2:") !=
          std::string::npos);
    for (const auto* same : {"true", "yes", " 1", "", "2"}) {
        INFO(same);
        put(folder / "bad.csv",
            base::as_bytes("path_a,path_b,same\na.png,b.png,1\na.png,b.png," + std::string(same)));
        const auto bad = evaluation::read_pairs(folder / "bad.csv");
        REQUIRE_FALSE(bad.has_value());
        CHECK(bad.error().context.find(":3: same is 1") != std::string::npos);
    }
    put(folder / "other.csv", base::as_bytes("a,b\n1,2\n"));
    CHECK_FALSE(evaluation::read_pairs(folder / "other.csv").has_value());
    CHECK_FALSE(evaluation::read_pairs(folder / "none.csv").has_value());
    put(folder / "empty.csv", {});
    CHECK_FALSE(evaluation::read_pairs(folder / "empty.csv").has_value());
}

TEST_CASE("the trade-off of separated scores is drawn along the border",
          "[unit][face_evaluation]") {
    evaluation::Scores scores{{0.8f, 0.9f}, {0.0f, 0.1f}, 0};
    scores.sort();
    const auto picture = evaluation::draw_det(scores, 0.5, 0.3);
    CHECK(picture.width > 0);
    CHECK(std::count(picture.pixels.begin(), picture.pixels.end(), 255) > 0);
    CHECK(base::encode_png(picture).has_value());
}

TEST_CASE("embeddings kept from one run serve the next, those of another pipeline do not",
          "[unit][face_evaluation]") {
    if (!face_data::is_there()) return;
    const Folder folder;
    auto models =
        face::ModelStore(face_data::folder() + "/models").load(face::ModelUse::evaluation_only);
    const auto good = face_data::folder() + "/lfw/Abel_Pacheco/Abel_Pacheco_0004.jpg";
    put_png(folder / "grey.png", cv::Mat(60, 60, CV_8UC3, cv::Scalar::all(90)));
    const auto cache = folder / "cache";
    evaluation::Comparer first(models, {0.42, 0.34});
    REQUIRE(first.take_cache(cache, "one")); // none yet
    const auto once = first.probe(good);
    first.probe(folder / "grey.png");
    first.probe(folder / "nowhere.png");
    REQUIRE(first.write_cache(cache, "one"));
    const auto kept = base::read_file(cache).value();
    CHECK(std::count(kept.begin(), kept.end(), '\n') == 3);
    // Found by content, so under any name; and not computed: what took a moment took that moment.
    evaluation::Comparer second(models, {0.42, 0.34});
    REQUIRE(second.take_cache(cache, "one"));
    put(folder / "renamed.jpg", base::read_file(good).value());
    CHECK(second.probe(folder / "renamed.jpg").embedding == once.embedding);
    CHECK(second.probe(folder / "grey.png").embedding.empty());
    REQUIRE(second.write_cache(folder / "again", "one"));
    CHECK(base::read_file(folder / "again").value() == kept);
    // A picture in the other role, or of another set, is another thing.
    evaluation::Comparer third(models, {0.42, 0.34});
    REQUIRE(third.take_cache(cache, "two"));
    REQUIRE(third.write_cache(folder / "again", "two"));
    CHECK(base::read_file(folder / "again").value() == base::to_bytes("two\n"));
    put(cache, base::as_bytes("one\nb00 9 1.5 zz\n"));
    CHECK(third.take_cache(cache, "one").error().code == base::Errc::corrupt);
}

TEST_CASE("levels that too few comparisons tell are not told, and no calibration is made of them",
          "[unit][face_evaluation]") {
    if (!face_data::is_there()) return;
    const Folder folder;
    const auto pair = [](const std::string& name, const std::string& chip, const std::string& live,
                         bool is_same) {
        return face_data::folder() + "/idchip/" + name + "/" + name + "_" + chip + ".webp," +
               face_data::folder() + "/lfw/" + name + "/" + name + "_" + live + ".jpg," +
               (is_same ? "1" : "0") + "\n";
    };
    const std::string header = "path_a,path_b,same\n";
    const auto first = pair("Abel_Pacheco", "0001", "0004", true);
    const auto second = pair("Akhmed_Zakayev", "0001", "0003", true);
    const auto measure = [&](const std::string& rows, const std::string& options) {
        put(folder / "pairs.csv", base::as_bytes(header + rows));
        return support::run_program(std::string(FACE_EVALUATION) + " --models " +
                                    face_data::folder() + "/models measure " +
                                    (folder / "pairs.csv") + " " + options);
    };
    const auto few = measure(first + second, "");
    INFO(few.text);
    CHECK(few.code == 0);
    CHECK(few.says("own level for FMR 1e-04: too few comparisons of two people"));
    CHECK(few.says("FMR 1e-02: too few comparisons of two people in the first set"));
    CHECK_FALSE(few.says("level -1"));
    const auto unmade = measure(first + second, "--write " + (folder / "calibration.json"));
    INFO(unmade.text);
    CHECK(unmade.code == 1);
    CHECK(unmade.says("no calibration from 2 comparisons of two people: it takes 10000"));
    CHECK_FALSE(fs::exists(folder / "calibration.json"));

    const auto one = measure(first, "");
    CHECK(one.code == 1);
    CHECK(one.says("at least two people"));
    const auto none = measure("", "");
    CHECK(none.code == 1);
    CHECK(none.says("has 0 pairs"));
    const auto all_tuned = measure(first + second, "--tune 2");
    CHECK(all_tuned.code == 1);
    CHECK(all_tuned.says("nothing is left to measure after --tune 2"));
    const auto absent = measure(first + second + "nowhere/a.webp,nowhere/b.jpg,1\n", "");
    CHECK(absent.code == 0);
    CHECK(absent.says("counted as without a face: nowhere/a.webp: "));
}

TEST_CASE("a path with a comma stays one field of the table", "[unit][face_evaluation]") {
    if (!face_data::is_there()) return;
    const Folder folder;
    const auto odd = folder / "one, \"two\".png";
    put_png(odd, cv::Mat(20, 20, CV_8UC3, cv::Scalar::all(0)));
    const auto ending =
        support::run_program(std::string(FACE_EVALUATION) + " --models " + face_data::folder() +
                             "/models compare '" + odd + "' '" + odd + "'");
    INFO(ending.text);
    CHECK(ending.code == 0);
    const auto field = "\"" + (folder / "one, \"\"two\"\".png") + "\"";
    CHECK(ending.says("\n" + field + "," + field + ",,staff,"));
}

TEST_CASE("odd pictures end with staff and no score, never with a fault",
          "[unit][face_evaluation]") {
    if (!face_data::is_there()) return;
    const Folder folder;
    const auto photo = face_data::picture("lfw/Abel_Pacheco/Abel_Pacheco_0004.jpg");
    const auto jpeg =
        base::read_file(face_data::folder() + "/lfw/Abel_Pacheco/Abel_Pacheco_0004.jpg").value();
    const auto webp =
        base::read_file(face_data::folder() + "/idchip/Abel_Pacheco/Abel_Pacheco_0001.webp")
            .value();
    const auto plain = [](int width, int height, int value) {
        return cv::Mat(height, width, CV_8UC3, cv::Scalar::all(value));
    };
    put_png(folder / "black.png", plain(640, 480, 0));
    put_png(folder / "white.png", plain(640, 480, 255));
    put_png(folder / "dot.png", plain(1, 1, 127));
    put_png(folder / "strip.png", plain(3'000, 2, 127));
    put_png(folder / "column.png", plain(1, 2'000, 127));
    put_png(folder / "huge.png", plain(6'000, 5'000, 200));
    cv::Mat turned;
    cv::rotate(photo, turned, cv::ROTATE_180);
    put_png(folder / "upside_down.png", turned);
    cv::rotate(photo, turned, cv::ROTATE_90_CLOCKWISE);
    put_png(folder / "lying.png", turned);
    cv::Mat pair;
    cv::hconcat(photo, photo, pair);
    put_png(folder / "two.png", pair);
    cv::Mat drawing = plain(400, 400, 255);
    cv::circle(drawing, {200, 200}, 150, cv::Scalar::all(0), 4);
    cv::circle(drawing, {150, 150}, 15, cv::Scalar::all(0), -1);
    cv::circle(drawing, {250, 150}, 15, cv::Scalar::all(0), -1);
    cv::ellipse(drawing, {200, 250}, {60, 30}, 0, 0, 180, cv::Scalar::all(0), 4);
    put_png(folder / "drawing.png", drawing);
    cv::Mat noise = plain(320, 320, 0);
    cv::RNG random(3);
    random.fill(noise, cv::RNG::UNIFORM, 0, 255);
    put_png(folder / "noise.png", noise);
    put(folder / "empty.jpg", {});
    put(folder / "text.png", base::as_bytes("this is no picture"));
    put(folder / "cut.webp", base::ByteView(webp).first(webp.size() / 2));
    put(folder / "head.jpg", base::ByteView(jpeg).first(200));
    auto models =
        face::ModelStore(face_data::folder() + "/models").load(face::ModelUse::evaluation_only);
    evaluation::Comparer comparer(models, {0.42, 0.34});
    const auto good = face_data::folder() + "/lfw/Abel_Pacheco/Abel_Pacheco_0004.jpg";
    for (const auto* odd :
         {"black.png", "white.png", "dot.png", "strip.png", "column.png", "huge.png",
          "upside_down.png", "lying.png", "two.png", "drawing.png", "noise.png", "empty.jpg",
          "text.png", "cut.webp", "head.jpg", "nowhere.png", "."}) {
        INFO(odd);
        for (const auto& row :
             {comparer.compare(folder / odd, good), comparer.compare(good, folder / odd)}) {
            CHECK_FALSE(row.score.has_value());
            CHECK_FALSE(row.is_pass);
        }
    }
    // However a file is cut, an answer comes.
    for (std::size_t size = 0; size < jpeg.size(); size += jpeg.size() / 9) {
        const auto name = "cut" + std::to_string(size) + ".jpg";
        put(folder / name, base::ByteView(jpeg).first(size));
        const auto row = comparer.compare(folder / name, good);
        CHECK((!row.score || std::abs(*row.score) <= 1.001));
    }
    // And the whole one still does.
    CHECK(comparer.compare(good, good).score.value() == Approx(1).margin(0.1));
    CHECK(
        comparer.compare(face_data::folder() + "/idchip/Abel_Pacheco/Abel_Pacheco_0001.webp", good)
            .score.has_value());
}
