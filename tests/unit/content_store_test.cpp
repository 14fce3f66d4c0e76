// Goal: only a whole, newer set that enough keys of the district signed is ever used, the one
// before stays, and whatever is wrong leads back to a set that works (spec reliability C1 to C6).
#include "tests/support/content_maker.hpp"

#include "kiosk/base/digest.hpp"

#include <catch2/catch.hpp>

namespace {

namespace fs = std::filesystem;
using base::Errc;
using content::Store;
using support::ContentMaker;
using namespace std::chrono_literals;

constexpr base::Date today = 2026y / 11 / 30;

std::string greeting_in(const std::string& folder) {
    const auto set = content::ContentSet::open(folder);
    return set ? (*set)->text(ContentMaker::greeting_key, base::Language::en)
               : base::to_string(set.error().code).data();
}

// What the kiosk would greet with after a start.
std::string greeting_after_start(const Store& store) {
    const auto start = store.begin_start();
    return greeting_in(start.folder.empty() ? "assets/content" : start.folder);
}

std::string taken_over(const Store& store, const std::string& folder) {
    const auto name = store.install(folder, today);
    INFO((name ? std::string() : name.error().text()));
    REQUIRE(name.has_value());
    REQUIRE(store.activate(*name).has_value());
    return *name;
}

void spoil(const std::string& file) {
    auto bytes = base::read_file(file).value();
    bytes[bytes.size() / 2] ^= 0x20;
    std::ofstream(file, std::ios::binary) << base::as_text(bytes);
}

} // namespace

TEST_CASE("a set signed by two keys is kept, used when activated, and given back",
          "[unit][C2][C5]") {
    const ContentMaker maker;
    const Store store(maker.terms());
    const auto shipped = greeting_in("assets/content");
    CHECK(greeting_after_start(store) == shipped);

    const auto two = store.install(maker.make(2, "Two", {1, 3}), today);
    REQUIRE(two.has_value());
    CHECK(greeting_after_start(store) == shipped); // kept is not yet used
    REQUIRE(store.activate(*two).has_value());
    CHECK(greeting_after_start(store) == "Two");
    REQUIRE(store.prove_start(*two).has_value());

    const auto three = taken_over(store, maker.make(3, "Three", {2, 3}));
    CHECK(greeting_after_start(store) == "Three");
    CHECK(store.names() == std::vector{*two, three});
    REQUIRE(store.roll_back().has_value());
    CHECK(greeting_after_start(store) == "Two");
    REQUIRE(store.roll_back().has_value());
    CHECK(greeting_after_start(store) == shipped);
    CHECK(store.roll_back().error().code == Errc::conflict);
    // A set that was given back does not come again by itself: the same version is no newer one.
    CHECK(store.state()->highest == 3);
}

TEST_CASE("the set before the one before is cleared away", "[unit][C5]") {
    const ContentMaker maker;
    const Store store(maker.terms());
    for (std::int64_t version = 2; version < 6; ++version)
        taken_over(store, maker.make(version, "Set", {1, 2}));
    CHECK(store.names().size() <= 3);
    CHECK(store.names().back() == store.state()->active);
}

TEST_CASE("too few, foreign, doubled or foreign-purpose signatures take no set over",
          "[unit][C2][C3]") {
    const ContentMaker maker;
    const Store store(maker.terms());
    const auto refused = [&](const std::string& folder) {
        const auto taken = store.install(folder, today);
        REQUIRE_FALSE(taken.has_value());
        CHECK(taken.error().code == Errc::unauthorised);
        CHECK(store.names().empty());
    };
    refused(maker.make(2, "None", {}));
    refused(maker.make(2, "One", {1}));
    refused(maker.make(2, "Foreign", {1, 9}));
    const auto twice = maker.make(2, "Twice", {1});
    const auto line = base::read_file(twice + "/manifest.sig").value();
    std::ofstream(twice + "/manifest.sig", std::ios::app) << base::as_text(line);
    refused(twice);
    const auto other = maker.make(2, "For something else", {1});
    const auto manifest = base::read_file(other + "/manifest.json").value();
    std::ofstream(other + "/manifest.sig", std::ios::app)
        << base::signature_line("kiosk-roster/1\n", manifest, ContentMaker::private_key(2)).value();
    refused(other);
    const auto altered = maker.make(2, "Altered", {1, 2});
    std::ofstream(altered + "/manifest.json", std::ios::app) << "\n";
    refused(altered);
    auto nobody = maker.terms();
    nobody.keys.clear();
    nobody.needed = 0; // a configuration that asks for none still gets none
    CHECK(Store(nobody).install(maker.make(2, "Two", {1, 2}), today).error().code ==
          Errc::unauthorised);
}

TEST_CASE("signing twice, or after a change, leaves only signatures that hold", "[unit][C2]") {
    const ContentMaker maker;
    const auto folder = maker.make(2, "Two", {1, 1, 2});
    const auto lines = [&] {
        const auto text =
            std::string(base::as_text(base::read_file(folder + "/manifest.sig").value()));
        return std::count(text.begin(), text.end(), '\n');
    };
    CHECK(lines() == 2);
    ContentMaker::change(folder, "manifest.json", [](auto& manifest) { manifest["version"] = 4; });
    ContentMaker::sign(folder, {3});
    CHECK(lines() == 1);
}

TEST_CASE(
    "a set that is older, changed under one version, expired or for a newer program is refused",
    "[unit][C1][C3][C4]") {
    const ContentMaker maker;
    const Store store(maker.terms());
    const auto why = [&](const std::string& folder, std::optional<base::Date> day = today) {
        const auto taken = store.install(folder, day);
        return taken ? std::string("taken") : std::string(base::to_string(taken.error().code));
    };
    const auto expired = maker.make(4, "Old", {1, 2}, "2026-11-29");
    CHECK(why(expired) == "refused");
    CHECK(why(maker.make(1, "As old as the program's", {1, 2})) == "conflict");
    const auto newer = maker.make(5, "For another program", {});
    ContentMaker::change(newer, "manifest.json", [](auto& json) { json["minimumApp"] = "99.0.0"; });
    ContentMaker::sign(newer, {1, 2});
    CHECK(why(newer) == "unsupported");

    const auto five = maker.make(5, "Five", {1, 2});
    CHECK(why(five) == "taken");
    const auto there = store.folder_of(store.names().back()) + "/manifest.json";
    const auto written = fs::last_write_time(there);
    CHECK(why(five) == "taken");                  // the same once more is no harm
    CHECK(fs::last_write_time(there) == written); // and touches nothing that may be in use
    CHECK(why(maker.make(5, "Another five", {1, 2})) == "conflict");
    CHECK(why(maker.make(4, "Four", {1, 2})) == "conflict");
    // Without a clock that can be believed no date refuses.
    CHECK(why(maker.make(6, "Old", {1, 2}, "2026-11-29"), std::nullopt) == "taken");
}

TEST_CASE("a set that is cut, altered or lacks words is refused whole", "[unit][C3]") {
    const ContentMaker maker;
    const Store store(maker.terms());
    const auto refused = [&](const std::string& folder, Errc code) {
        const auto taken = store.install(folder, today);
        REQUIRE_FALSE(taken.has_value());
        INFO(taken.error().text());
        CHECK(taken.error().code == code);
        CHECK(store.names().empty());
    };
    const auto altered = maker.make(2, "Two", {1, 2});
    spoil(altered + "/screens.json");
    refused(altered, Errc::corrupt);
    const auto cut = maker.make(2, "Two", {1, 2});
    fs::resize_file(cut + "/screens.json", 20);
    refused(cut, Errc::corrupt);
    const auto gone = maker.make(2, "Two", {1, 2});
    fs::remove(gone + "/screens.json");
    refused(gone, Errc::not_found);
    // Signed by everybody, and still not fit: a word that the program shows is not there.
    const auto wordless = maker.make(2, "Two", {});
    ContentMaker::change(wordless, "screens.json",
                         [](auto& json) { json["texts"].erase("storage.text"); });
    REQUIRE(content::write_manifest(wordless).has_value());
    ContentMaker::sign(wordless, {1, 2, 3});
    refused(wordless, Errc::invalid_input);
}

TEST_CASE("a name of a file or set never leads out of the folder", "[unit][C3]") {
    const ContentMaker maker;
    const Store store(maker.terms());
    for (const auto* name :
         {"..", "../../etc", "2-../../../../x", "", "2", "2-0123456789ABC", "/etc"})
        CHECK(store.activate(name).error().code == Errc::not_found);
    // A good set that nobody signed lies just outside.
    const auto outside = maker.make(9, "Nine", {});
    fs::create_directories(store.folder_of(""));
    CHECK(greeting_in(outside) == "Nine");
    CHECK(store.activate("../../" + fs::path(outside).filename().string()).error().code ==
          Errc::not_found);
    const auto folder = maker.make(2, "Two", {});
    ContentMaker::change(folder, "manifest.json",
                         [](auto& json) { json["files"][0]["name"] = "../outside.json"; });
    ContentMaker::sign(folder, {1, 2});
    CHECK(store.install(folder, today).error().code == Errc::invalid_input);
}

TEST_CASE("three starts that do not live bring the set before back", "[unit][C5]") {
    const ContentMaker maker;
    const Store store(maker.terms());
    const auto two = taken_over(store, maker.make(2, "Two", {1, 2}));
    CHECK(greeting_after_start(store) == "Two");
    REQUIRE(store.prove_start(two).has_value());
    for (int i = 0; i < 10; ++i) CHECK(greeting_after_start(store) == "Two"); // proven once

    const auto three = taken_over(store, maker.make(3, "Three", {1, 2}));
    for (int i = 0; i < content::starts_limit; ++i) CHECK(greeting_after_start(store) == "Three");
    const auto fourth = store.begin_start();
    CHECK(fourth.was_rolled_back);
    CHECK(greeting_in(fourth.folder) == "Two");
    CHECK(store.state()->given_back == three);
    CHECK_FALSE(store.begin_start().was_rolled_back);
}

TEST_CASE("an active set that is damaged gives way at once, and the promise holds without any",
          "[unit][C5]") {
    const ContentMaker maker;
    const Store store(maker.terms());
    const auto two = taken_over(store, maker.make(2, "Two", {1, 2}));
    const auto three = taken_over(store, maker.make(3, "Three", {1, 2}));
    spoil(store.folder_of(three) + "/screens.json");
    CHECK(greeting_after_start(store) == "Two");
    spoil(store.folder_of(two) + "/screens.json");
    CHECK(greeting_after_start(store) == greeting_in("assets/content"));
    std::ofstream(maker.path("store/state.json")) << "{";
    CHECK(store.state().error().code == Errc::corrupt);
    CHECK(greeting_after_start(store) == greeting_in("assets/content"));
    // A lost state lets no older set in, and the same one again.
    CHECK(store.install(maker.make(2, "Older", {1, 2}), today).error().code == Errc::conflict);
    // And staff get out of it with a newer set.
    taken_over(store, maker.make(4, "Four", {1, 2}));
    CHECK(greeting_after_start(store) == "Four");
}

TEST_CASE("a set that comes bit by bit goes on where it was, and asks for nothing it has",
          "[unit][C1]") {
    const ContentMaker maker;
    const Store store(maker.terms());
    const auto folder = maker.make(2, "Two", {1, 2});
    const auto manifest = base::read_file(folder + "/manifest.json").value();
    const auto signatures = base::read_file(folder + "/manifest.sig").value();
    const auto incoming = store.begin(manifest, signatures, today);
    REQUIRE(incoming.has_value());
    const auto wanted = incoming->wanted();
    REQUIRE(wanted.has_value());
    CHECK(wanted->name == "screens.json"); // the only one that differs from the program's own set
    const auto bytes = base::read_file(folder + "/screens.json").value();
    CHECK(incoming->put(*wanted, base::ByteView(bytes).first(100)).error().code == Errc::corrupt);
    CHECK(incoming->wanted().has_value());
    REQUIRE(incoming->put(*wanted, bytes).has_value());

    auto again = store.begin(manifest, signatures, today); // after a restart
    REQUIRE(again.has_value());
    CHECK_FALSE(again->wanted().has_value());
    const auto name = again->finish();
    REQUIRE(name.has_value());
    REQUIRE(store.activate(*name).has_value());
    CHECK(greeting_after_start(store) == "Two");
}

TEST_CASE("a program that brings a newer set along uses its own", "[unit][C1]") {
    const ContentMaker maker;
    const auto two = taken_over(Store(maker.terms()), maker.make(2, "Two", {1, 2}));
    auto terms = maker.terms();
    terms.own_folder = maker.make(3, "Three", {});
    CHECK(Store(terms).begin_start().folder.empty());
    CHECK(Store(terms).install(maker.make(3, "Other", {1, 2}), today).error().code ==
          Errc::conflict);
    // What every start would pass over is not made active, also where it stands as active still.
    const auto again = Store(terms).activate(two);
    CHECK(again.error().code == Errc::conflict);
    CHECK(again.error().context.find("is not newer than version 3") != std::string::npos);
    terms.own_folder = maker.make(2, "The same version", {});
    CHECK(Store(terms).activate(two).error().code == Errc::conflict);
    CHECK(Store(terms).state()->active == two);
    const auto four = Store(terms).install(maker.make(4, "Four", {1, 2}), today);
    REQUIRE(four.has_value());
    REQUIRE(Store(terms).activate(*four).has_value());
    CHECK(greeting_in(Store(terms).begin_start().folder) == "Four");
}
