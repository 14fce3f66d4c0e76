// Receipt numbers: what is minted, and which mistakes of a reader are noticed.
#include "kiosk/base/seeded_random.hpp"
#include "kiosk/outbox/receipt_number.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace outbox;

TEST_CASE("a receipt number has twelve safe characters and the kiosk's prefix", "[unit][receipt]") {
    base::SeededRandom random(1);
    for (int i = 0; i < 1000; ++i) {
        const auto number = mint_receipt_number("K7", random);
        CHECK(number.size() == 12);
        CHECK(number.starts_with("K7"));
        CHECK(number.find_first_not_of(receipt_alphabet) == std::string::npos);
        CHECK(is_valid_receipt_number(number));
    }
    CHECK(receipt_alphabet.find_first_of("AEIOUYLBGSZ01") == std::string_view::npos);
}

TEST_CASE("receipt numbers of one kiosk differ", "[unit][receipt]") {
    base::SeededRandom random(2);
    std::set<std::string> numbers;
    for (int i = 0; i < 100'000; ++i) numbers.insert(mint_receipt_number("K7", random));
    CHECK(numbers.size() == 100'000);
}

TEST_CASE("every single wrong character of a receipt number is noticed", "[unit][receipt]") {
    base::SeededRandom random(3);
    int tried = 0;
    for (int i = 0; i < 200; ++i) {
        const auto number = mint_receipt_number("9X", random);
        for (std::size_t at = 0; at < number.size(); ++at) {
            for (const char wrong : receipt_alphabet) {
                if (wrong == number[at]) continue;
                auto changed = number;
                changed[at] = wrong;
                if (is_valid_receipt_number(changed)) FAIL(number << " and " << changed);
                ++tried;
            }
        }
    }
    CHECK(tried == 200 * 12 * 22);
}

TEST_CASE("two swapped characters of a receipt number are noticed", "[unit][receipt]") {
    base::SeededRandom random(4);
    for (int i = 0; i < 2000; ++i) {
        const auto number = mint_receipt_number("QX", random);
        for (std::size_t a = 0; a < number.size(); ++a) {
            for (std::size_t b = a + 1; b < number.size(); ++b) {
                if (number[a] == number[b]) continue;
                auto changed = number;
                std::swap(changed[a], changed[b]);
                if (is_valid_receipt_number(changed)) FAIL(number << " and " << changed);
            }
        }
    }
}

TEST_CASE("a receipt number is grouped for people and read back as they type it",
          "[unit][receipt]") {
    base::SeededRandom random(5);
    const auto number = mint_receipt_number("K7", random);
    const auto grouped = group_receipt_number(number);
    CHECK(grouped.size() == 14);
    CHECK(grouped[4] == '-');
    CHECK(grouped[9] == '-');
    CHECK(normalise_receipt_number(grouped) == number);
    CHECK(normalise_receipt_number("k7m4 92xh-t3qc") == "K7M492XHT3QC");
}

TEST_CASE("what is no receipt number is refused", "[unit][receipt]") {
    base::SeededRandom random(6);
    const auto number = mint_receipt_number("K7", random);
    CHECK_FALSE(is_valid_receipt_number(""));
    CHECK_FALSE(is_valid_receipt_number(number.substr(0, 11)));
    CHECK_FALSE(is_valid_receipt_number(number + "2"));
    CHECK_FALSE(is_valid_receipt_number(group_receipt_number(number)));
    CHECK_FALSE(is_valid_receipt_number("K7A492XHT3QC"));
    CHECK_FALSE(is_receipt_prefix("A7"));
    CHECK_FALSE(is_receipt_prefix("K"));
    CHECK_FALSE(is_receipt_prefix("K77"));
}
