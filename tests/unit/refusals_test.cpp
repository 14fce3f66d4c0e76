// Refusals that hold because the wrong thing cannot be written down: proved on the types.
// The names are those of DESIGN §4, spec safeguards and spec reliability §6.
#include "kiosk/base/log.hpp"
#include "kiosk/base/secret.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <type_traits>

using base::LogEntry;
using base::LogField;

TEST_CASE("a log call takes no text that is made while the program runs", "[unit][refusal][P11]") {
    STATIC_REQUIRE(std::is_constructible_v<LogEntry, LogField, std::int64_t>);
    STATIC_REQUIRE_FALSE(std::is_constructible_v<LogEntry, LogField, std::string>);
    STATIC_REQUIRE_FALSE(std::is_constructible_v<LogEntry, LogField, std::string_view>);
    STATIC_REQUIRE_FALSE(std::is_constructible_v<LogEntry, LogField, base::SecretText>);
    STATIC_REQUIRE_FALSE(std::is_constructible_v<LogEntry, std::string>);
    STATIC_REQUIRE_FALSE(std::is_constructible_v<base::Word, std::string_view>);
    STATIC_REQUIRE_FALSE(std::is_constructible_v<base::Word, std::string>);
    STATIC_REQUIRE_FALSE(std::is_constructible_v<base::Word, const char*>);
}

TEST_CASE("a secret cannot be streamed or copied into an error by accident",
          "[unit][refusal][P11]") {
    STATIC_REQUIRE_FALSE(std::is_convertible_v<base::SecretText, std::string>);
    STATIC_REQUIRE_FALSE(std::is_constructible_v<base::Error, base::Errc, base::SecretText>);
}
