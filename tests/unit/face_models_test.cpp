#include "face/detector.hpp"
#include "face/locked_mats.hpp"
#include "face/model_store.hpp"
#include "face/pipeline.hpp"
#include "kiosk/base/digest.hpp"
#include "tests/support/face_data.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace fs = std::filesystem;

namespace {

class Folder {
public:
    Folder() {
        std::string name = (fs::temp_directory_path() / "kiosk-face-XXXXXX").string();
        CHECK(::mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    ~Folder() { fs::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    const std::string& path() const { return path_; }
    std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }

private:
    std::string path_;
};

std::string models_folder() {
    return face_data::folder() + "/models";
}

void put(const std::string& path, base::ByteView bytes) {
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), std::streamsize(bytes.size()));
}

base::Bytes take(std::string_view name) {
    return base::read_file(models_folder() + "/" + std::string(name)).value();
}

// A stand-in for a model folder: every known file that the kiosk may load.
void copy_all(const Folder& to) {
    for (const auto& row : face::known_models())
        for (const auto& file : row.files())
            if (fs::exists(models_folder() + "/" + std::string(file.name)))
                fs::copy(models_folder() + "/" + std::string(file.name), to / file.name);
}

// Any picture of this size gives the nets something to do.
cv::Mat noise_blob(int side) {
    cv::Mat blob(std::vector<int>{1, 3, side, side}, CV_32F);
    cv::RNG random(1);
    random.fill(blob, cv::RNG::UNIFORM, 0, 255);
    return blob;
}

} // namespace

TEST_CASE("every model has its own files, digests and name", "[unit][face]") {
    std::vector<std::string_view> names, digests;
    for (const auto& row : face::known_models()) {
        names.push_back(row.name);
        CHECK(&face::model(row.id) == &row);
        for (const auto& file : row.files()) {
            names.push_back(file.name);
            digests.push_back(file.sha256);
            CHECK(file.sha256.size() == 64);
            CHECK(file.bytes > 0);
        }
    }
    const auto is_unique = [](std::vector<std::string_view> all) {
        std::sort(all.begin(), all.end());
        return std::adjacent_find(all.begin(), all.end()) == all.end();
    };
    CHECK(is_unique(names));
    CHECK(is_unique(digests));
}

TEST_CASE("an empty folder gives no models and no complaint", "[unit][face]") {
    const Folder folder;
    const auto models = face::ModelStore(folder.path()).load(face::ModelUse::kiosk);
    CHECK_FALSE(models.can_compare());
    CHECK(models.refused.empty());
}

TEST_CASE("what a district can download is loaded and answers as it should", "[unit][face]") {
    if (!face_data::is_there()) return;
    for (const auto& row : face::known_models()) {
        if (row.use == face::ModelUse::evaluation_only) continue;
        INFO(row.name);
        const auto network = face::ModelStore(models_folder()).load(row.id);
        if (!network) FAIL(network.error().text());
    }
    const auto models = face::ModelStore(models_folder()).load(face::ModelUse::kiosk);
    CHECK(models.can_compare());
    CHECK(models.refused.empty());
}

TEST_CASE("a model file that is cut, changed, empty or another one is refused in words",
          "[unit][face]") {
    if (!face_data::is_there()) return;
    for (const auto& row : face::known_models()) {
        if (row.use == face::ModelUse::evaluation_only) continue;
        for (const auto& file : row.files()) {
            INFO(file.name);
            const Folder folder;
            copy_all(folder);
            auto bytes = take(file.name);
            const auto refusal = [&] {
                const auto network = face::ModelStore(folder.path()).load(row.id);
                REQUIRE_FALSE(network.has_value());
                CHECK(network.error().context.find(file.name) != std::string::npos);
                return network.error().code;
            };
            for (const auto at : {std::size_t(0), bytes.size() / 2, bytes.size() - 1}) {
                auto changed = bytes;
                changed[at] ^= 1;
                put(folder / file.name, changed);
                CHECK(refusal() == base::Errc::corrupt);
                put(folder / file.name, base::ByteView(bytes).first(at));
                CHECK(refusal() == base::Errc::corrupt);
            }
            auto longer = bytes;
            longer.push_back(0);
            put(folder / file.name, longer);
            CHECK(refusal() == base::Errc::corrupt);
            // The neighbour's file under this name.
            for (const auto& other : face::known_models())
                for (const auto& theirs : other.files())
                    if (theirs.name != file.name && other.use == face::ModelUse::kiosk) {
                        put(folder / file.name, take(theirs.name));
                        CHECK(refusal() == base::Errc::corrupt);
                    }
            fs::remove(folder / file.name);
            CHECK(refusal() == base::Errc::not_found);
        }
    }
}

TEST_CASE("a folder with one bad file loads the rest and names the bad one", "[unit][face]") {
    if (!face_data::is_there()) return;
    const Folder folder;
    copy_all(folder);
    put(folder / "MiniFASNetV2.onnx", base::as_bytes("not a network"));
    const auto models = face::ModelStore(folder.path()).load(face::ModelUse::kiosk);
    CHECK(models.can_compare());
    REQUIRE(models.refused.size() == 1);
    CHECK(models.refused[0].find("MiniFASNetV2.onnx") != std::string::npos);
}

TEST_CASE("either detector serves, the other one missing", "[unit][face]") {
    if (!face_data::is_there()) return;
    for (const auto* missing :
         {"face_detection_yunet_2022mar.onnx", "face_detection_yunet_2023mar.onnx"}) {
        const Folder folder;
        copy_all(folder);
        fs::remove(folder / missing);
        CHECK(face::ModelStore(folder.path()).load(face::ModelUse::kiosk).can_compare());
    }
}

TEST_CASE("a network that is taken for another fails its self-test", "[unit][face]") {
    if (!face_data::is_there()) return;
    for (const auto& row : face::known_models()) {
        if (row.use == face::ModelUse::evaluation_only) continue;
        auto network = face::ModelStore(models_folder()).load(row.id);
        REQUIRE(network.has_value());
        for (const auto& other : face::known_models()) {
            INFO(row.name << " taken for " << other.name);
            CHECK(face::self_test(*network, other.id).has_value() == (other.id == row.id));
        }
    }
}

TEST_CASE("the later YuNet decoded as the earlier one is an error, not a fault at the first frame",
          "[unit][face]") {
    if (!face_data::is_there()) return;
    const cv::Mat picture(240, 320, CV_8UC3, cv::Scalar::all(127));
    const auto decode = [&](face::ModelId id, face::YuNet kind) {
        face::Detector detector(face::ModelStore(models_folder()).load(id).value(), kind);
        return detector.find(picture, 0.5f).has_value();
    };
    CHECK(decode(face::ModelId::yunet_2022mar, face::YuNet::march_2022));
    CHECK(decode(face::ModelId::yunet_2023mar, face::YuNet::march_2023));
    CHECK_FALSE(decode(face::ModelId::yunet_2023mar, face::YuNet::march_2022));
    CHECK_FALSE(decode(face::ModelId::yunet_2022mar, face::YuNet::march_2023));
    CHECK_FALSE(decode(face::ModelId::reid_0095, face::YuNet::march_2023));
}

TEST_CASE("both detectors find the same face and the same five points", "[unit][face]") {
    if (!face_data::is_there()) return;
    const auto picture = face_data::picture("spoof/image_T1.jpg");
    cv::Mat small;
    const double scale = 640.0 / std::max(picture.cols, picture.rows);
    cv::resize(picture, small, {}, scale, scale, cv::INTER_AREA);
    const auto find = [&](face::ModelId id, face::YuNet kind) {
        face::Detector detector(face::ModelStore(models_folder()).load(id).value(), kind);
        auto faces = detector.find(small, 0.6f).value();
        REQUIRE(faces.size() == 1);
        return faces[0];
    };
    const auto earlier = find(face::ModelId::yunet_2022mar, face::YuNet::march_2022);
    const auto later = find(face::ModelId::yunet_2023mar, face::YuNet::march_2023);
    for (std::size_t i = 0; i < face::Landmarks::count; ++i) {
        const auto apart = earlier.points.at[i] - later.points.at[i];
        CHECK(std::hypot(apart.x, apart.y) < 0.2f * earlier.points.eye_distance());
        CHECK(earlier.box.contains(earlier.points.at[i]));
        CHECK(later.box.contains(later.points.at[i]));
    }
    CHECK(earlier.points.left_eye().x < earlier.points.right_eye().x);
    CHECK(earlier.points.eye_middle().y < earlier.points.mouth_middle().y);
}

TEST_CASE("a weak reference is lengthened, within limits", "[unit][face]") {
    const auto input = [](float usual) {
        face::EmbedderInput result = face::reid_0095_input();
        result.usual_strength = usual;
        return result;
    };
    const auto length = [&](float strength, float usual) {
        return face::as_reference({{0.6f, 0.8f}, strength}, input(usual)).at(0) / 0.6f;
    };
    CHECK(length(10, 10) == Approx(1));
    CHECK(length(9, 10) == Approx(std::sqrt(10.0 / 9)));
    CHECK(length(12, 10) == Approx(std::sqrt(10.0 / 12)));
    // What hardly is a face gains no more than a weak one.
    CHECK(length(0.01f, 10) == length(7, 10));
    CHECK(length(7, 10) < 1.2f);
    CHECK(length(100, 10) == length(14, 10));
    CHECK(length(5, 0) == 1); // nobody knows what is usual
    CHECK(face::as_reference({}, input(10)).empty());
}

TEST_CASE("every view of a face counts, and the strength of a reference", "[unit][face]") {
    if (!face_data::is_there()) return;
    auto models = face::ModelStore(models_folder()).load(face::ModelUse::kiosk);
    face::Pipeline pipeline(models);
    auto& embedder = *models.embedder;
    const auto photo = face_data::picture("lfw/Abel_Pacheco/Abel_Pacheco_0004.jpg");
    const auto probe = pipeline.probe(photo).value();
    std::vector<face::Embedding> views;
    float strength = 0;
    for (const auto& view : embedder.input().views) {
        auto answer = embedder.embed(face::aligned(photo, probe.face.points, view)).value();
        views.push_back(std::move(answer.embedding));
        strength += answer.strength / 2;
    }
    REQUIRE(views.size() == 2);
    CHECK(face::cosine(views[0], views[1]) < 0.995f); // so that leaving one out is seen
    CHECK(probe.embedding == face::fused(views));
    CHECK(face::cosine(probe.embedding, probe.embedding) == Approx(1));
    const auto reference = pipeline.reference(photo).value();
    CHECK(reference.embedding ==
          face::as_reference({face::fused(views), strength}, embedder.input()));
    // A face with covered eyes is weaker.
    const auto& view = embedder.input().wanted();
    auto covered = face::aligned(photo, probe.face.points, view);
    const float seen = embedder.embed(covered).value().strength;
    covered.rowRange(view.side * 35 / 100, view.side * 59 / 100).setTo(cv::Scalar::all(128));
    CHECK(embedder.embed(covered).value().strength < 0.95f * seen);
}

TEST_CASE("the network built from the publisher's files answers exactly as the converted one",
          "[unit][face]") {
    if (!face_data::is_there()) return;
    const auto converted = take("face_reid_0095.onnx");
    REQUIRE(base::sha256_hex(converted) ==
            "19b1f575238235aca950828b4bc722321a16e7b151c1d5a7735f30a300dbf30e");
    auto ours = face::ModelStore(models_folder()).load(face::ModelId::reid_0095).value();
    auto theirs = face::Network::from_onnx(converted).value();
    const auto blob = noise_blob(128);
    const auto a = ours.run(blob).value().at(0).clone();
    const auto b = theirs.run(blob).value().at(0).clone();
    REQUIRE(a.total() == 256);
    REQUIRE(b.total() == 256);
    CHECK(cv::norm(a.reshape(1, 1), b.reshape(1, 1), cv::NORM_INF) < 1e-4);
    CHECK(cv::norm(a) > 1);
}

TEST_CASE("a description that does not fit its weights is refused, wherever it is bent",
          "[unit][face]") {
    if (!face_data::is_there()) return;
    const auto xml = std::string(base::as_text(take("face-reidentification-retail-0095.xml")));
    const auto weights = take("face-reidentification-retail-0095.bin");
    CHECK_FALSE(face::Network::from_ir(base::as_bytes(xml), base::ByteView(weights).first(1'000)));
    CHECK_FALSE(face::Network::from_ir(base::as_bytes("<net/>"), weights));
    CHECK_FALSE(face::Network::from_ir(base::as_bytes("\x00\xff"), weights));
    for (const auto& [from, to] : std::initializer_list<std::pair<std::string, std::string>>{
             {"type=\"Sigmoid\"", "type=\"Softplus\""},
             {"offset=\"6\"", "offset=\"99999999999\""},
             {"size=\"6\"", "size=\"8\""},
             {"shape=\"1, 3, 1, 1\"", "shape=\"1, -3, 1, 1\""},
             {"element_type=\"f16\"", "element_type=\"f32\""},
             {"strides=\"2, 2\"", "strides=\"\""},
             {"from-layer=\"675\"", "from-layer=\"9999\""},
             {"from-layer=\"675\"", "from-layer=\"684\""}}) {
        INFO(from << " -> " << to);
        auto bent = xml;
        const auto at = bent.find(from);
        REQUIRE(at != std::string::npos);
        bent.replace(at, from.size(), to);
        CHECK_FALSE(face::Network::from_ir(base::as_bytes(bent), weights));
    }
}

TEST_CASE("models are installed by content, and what nobody knows stays outside", "[unit][face]") {
    if (!face_data::is_there()) return;
    const Folder from, to;
    put(from / "renamed.onnx", take("face_detection_yunet_2023mar.onnx"));
    put(from / "face_detection_yunet_2022mar.onnx", base::as_bytes("something else"));
    put(from / "notes.txt", base::as_bytes("hello"));
    const auto installed = face::install_models(from.path(), to / "models");
    REQUIRE(installed.has_value());
    CHECK(installed->taken == std::vector<std::string>{"face_detection_yunet_2023mar.onnx"});
    CHECK(installed->refused.size() == 2);
    const face::ModelStore store(to / "models");
    CHECK(store.load(face::ModelId::yunet_2023mar).has_value());
    CHECK_FALSE(store.load(face::ModelId::yunet_2022mar).has_value());
    CHECK_FALSE(face::install_models(from / "nowhere", to / "models").has_value());
}

TEST_CASE("pictures live in memory that is emptied when they go", "[unit][face]") {
    face::keep_mats_in_locked_memory();
    const auto before = face::mat_bytes_in_use();
    const unsigned char* where = nullptr;
    {
        const cv::Mat picture(480, 640, CV_8UC3, cv::Scalar::all(0x5a));
        where = picture.data;
        CHECK(face::mat_bytes_in_use() == before + 480 * 640 * 3);
        CHECK(where[1'000] == 0x5a);
    }
    CHECK(face::mat_bytes_in_use() == before);
    // The region itself stays mapped; only its first bytes are used, to chain free blocks.
    CHECK(std::all_of(where + 64, where + 480 * 640 * 3, [](auto byte) { return byte == 0; }));
}

TEST_CASE("a picture larger than the region's blocks works as well", "[unit][face]") {
    face::keep_mats_in_locked_memory();
    const auto before = face::mat_bytes_in_use();
    {
        cv::Mat picture(5'000, 5'000, CV_8UC3, cv::Scalar::all(7));
        CHECK(picture.at<cv::Vec3b>(4'999, 4'999)[2] == 7);
    }
    CHECK(face::mat_bytes_in_use() == before);
}
