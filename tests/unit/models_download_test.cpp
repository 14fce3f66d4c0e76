// Model files from a web server: what is known by its digest is taken, everything else refused.
#include "kiosk/app/models_download.hpp"

#include "tests/support/face_data.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <map>
#include <unistd.h>

namespace {

using base::Errc;

// A web server with a few files.
class Shelf final : public platform::HttpTransport {
public:
    std::map<std::string, base::Bytes> files; // path -> what is there
    std::map<std::string, int> statuses;
    std::optional<Errc> fault;
    std::vector<std::string> asked;

    base::Result<platform::HttpResponse> send(const platform::HttpRequest& request,
                                              base::Milliseconds) override {
        asked.push_back(request.path);
        CHECK(request.method == "GET");
        if (fault) return base::Error{*fault, "as the test says"};
        const auto status = statuses.find(request.path);
        if (status != statuses.end()) return platform::HttpResponse{status->second, {}, {}};
        const auto found = files.find(request.path);
        if (found == files.end()) return platform::HttpResponse{404, {}, {}};
        if (found->second.size() > request.answer_limit)
            return base::Error{Errc::too_large, "https: the answer is too long"};
        return platform::HttpResponse{200, {}, found->second};
    }
};

struct Folder {
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("kiosk-models-" + std::to_string(::getpid()));
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
};

constexpr auto nobody_listens = [](const face::ModelFile&) {};

} // namespace

TEST_CASE("an address is an https host and a folder", "[unit][face]") {
    const auto read = [](std::string_view url) {
        const auto parts = app::read_models_url(url);
        return parts ? parts->origin + " + " + parts->folder : "refused";
    };
    CHECK(read("https://models.example") == "https://models.example + ");
    CHECK(read("https://models.example/") == "https://models.example + ");
    CHECK(read("https://models.example:8443/a/b/") == "https://models.example:8443 + /a/b");
    for (const auto* bad :
         {"http://models.example/", "ftp://x/", "https://", "https:///a", "https://x/?a",
          "https://x/#a", "https://me@x/", "https://x/a b", "file:///etc", ""}) {
        INFO(bad);
        CHECK(read(bad) == "refused");
    }
}

TEST_CASE("a server without files has every one asked for, and nothing is made of it",
          "[unit][face]") {
    const Folder folder;
    Shelf shelf;
    const auto installed =
        app::download_models(shelf, "/faces", folder.path.string(), nobody_listens);
    REQUIRE(installed);
    CHECK(installed->taken.empty());
    CHECK(installed->refused.empty());
    std::size_t known = 0;
    for (const auto& model : face::known_models())
        if (model.use == face::ModelUse::kiosk) known += model.files().size();
    CHECK(shelf.asked.size() == known);
    CHECK(std::ranges::all_of(shelf.asked, [](auto& path) { return path.starts_with("/faces/"); }));
    CHECK_FALSE(std::filesystem::exists(folder.path));
}

TEST_CASE("another file under a known name, a longer one or an error page is refused by name",
          "[unit][face]") {
    const Folder folder;
    Shelf shelf;
    std::vector<std::string> names;
    for (const auto& model : face::known_models())
        if (model.use == face::ModelUse::kiosk)
            for (const auto& file : model.files()) names.emplace_back(file.name);
    REQUIRE(names.size() >= 3);
    shelf.files["/" + names[0]] = base::to_bytes("<html>please log in</html>");
    shelf.files["/" + names[1]] = base::Bytes(6'000'000, 0);
    shelf.statuses["/" + names[2]] = 500;
    const auto installed = app::download_models(shelf, "", folder.path.string(), nobody_listens);
    REQUIRE(installed);
    CHECK(installed->taken.empty());
    REQUIRE(installed->refused.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) CHECK(installed->refused[i].starts_with(names[i] + ": "));
    CHECK((!std::filesystem::exists(folder.path) || std::filesystem::is_empty(folder.path)));
}

TEST_CASE("a line that breaks is an error, and what came before stays", "[unit][face]") {
    const Folder folder;
    Shelf shelf;
    shelf.fault = Errc::unreachable;
    const auto installed = app::download_models(shelf, "", folder.path.string(), nobody_listens);
    CHECK(installed.error().code == Errc::unreachable);
    CHECK(shelf.asked.size() == 1);
}

TEST_CASE("the real files are taken from a server as from a folder", "[unit][face]") {
    if (!face_data::is_there()) return;
    const Folder folder;
    Shelf shelf;
    const std::filesystem::path models = face_data::folder() + "/models";
    for (const auto& entry : std::filesystem::directory_iterator(models))
        if (entry.is_regular_file())
            shelf.files["/f/" + entry.path().filename().string()] =
                *base::read_file(entry.path().string());
    std::vector<std::string> heard;
    const auto installed =
        app::download_models(shelf, "/f", folder.path.string(),
                             [&](const auto& file) { heard.emplace_back(file.name); });
    REQUIRE(installed);
    CHECK(installed->taken.size() >= 4);
    CHECK(heard == [&] {
        auto names = shelf.asked;
        for (auto& name : names) name.erase(0, 3);
        return names;
    }());
    const auto again = face::install_models(models.string(), folder.path.string());
    REQUIRE(again);
    auto by_folder = again->taken, by_server = installed->taken;
    std::ranges::sort(by_folder);
    std::ranges::sort(by_server);
    CHECK(by_server == by_folder);
}
