// Result<T>: a value or an Error, for everything that can happen in a working kiosk.
//
// Named as std::expected (which g++ 12 lacks) and always [[nodiscard]] (DESIGN D7). A bug is a
// CHECK (check.hpp), never an Error.
#pragma once

#include "kiosk/base/check.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace base {

// Says what the caller can do about it; text for people is chosen elsewhere by code and language.
enum class Errc {
    // ask the person again
    no_card,           // nothing on the reader within the time given
    card_removed,      // pulled away while it was being read
    card_unreadable,   // this card cannot be read here: another way is needed
    card_inconsistent, // checksum right, fields contradict each other
    invalid_input,     // what was given breaks a rule that the context names
    // retry later
    timed_out,   // no answer within the limit
    unreachable, // no connection
    busy,        // the other side asks to wait
    locked,      // something else holds it
    // call staff
    unplugged,  // the device is gone
    device,     // the device answers, but that it is broken
    bad_frame,  // checksum or length wrong twice in a row
    paper_out,  // no paper in the printer
    cover_open, // the printer's cover is open
    disk_full,  // no room to store
    io,         // reading or writing failed
    uncertain,  // written or not: nobody can tell before the disk works again
    // refuse
    refused,      // the other side answered no
    unauthorised, // who asks may not
    conflict,     // exists already, with other content
    not_found,    // no such thing
    corrupt,      // bytes do not match their digest or structure
    too_large,    // over the limit that the context names
    unsupported,  // known, but not handled here
    cancelled,    // the asking session ended
};

std::string_view to_string(Errc code);

// `context` is for the log of a technician. It never holds personal data.
struct Error {
    Errc code;
    std::string context;

    // "disk_full: writing outbox.db"
    std::string text() const;
    bool operator==(const Error&) const = default;
};

template <class T> class [[nodiscard]] Result {
public:
    using value_type = T;

    Result(T value) : content_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : content_(std::in_place_index<1>, std::move(error)) {}
    Result(Errc code, std::string context) : Result(Error{code, std::move(context)}) {}

    bool has_value() const { return content_.index() == 0; }
    explicit operator bool() const { return has_value(); }

    T& value() & {
        CHECK(has_value());
        return *std::get_if<0>(&content_);
    }
    const T& value() const& {
        CHECK(has_value());
        return *std::get_if<0>(&content_);
    }
    T&& value() && {
        CHECK(has_value());
        return std::move(*std::get_if<0>(&content_));
    }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

    const Error& error() const {
        CHECK(!has_value());
        return *std::get_if<1>(&content_);
    }
    T value_or(T other) const& { return has_value() ? value() : std::move(other); }

private:
    std::variant<T, Error> content_;
};

template <> class [[nodiscard]] Result<void> {
public:
    using value_type = void;

    Result() = default;
    Result(Error error) : error_(std::move(error)), failed_(true) {}
    Result(Errc code, std::string context) : Result(Error{code, std::move(context)}) {}

    bool has_value() const { return !failed_; }
    explicit operator bool() const { return has_value(); }
    void value() const { CHECK(!failed_); }
    const Error& error() const {
        CHECK(failed_);
        return error_;
    }

private:
    Error error_{};
    bool failed_ = false;
};

namespace detail {
template <class T> T&& take(Result<T>& result) {
    return std::move(result).value();
}
inline void take(Result<void>&) {}
} // namespace detail

} // namespace base

// TRY(expression): the value of a Result, or return its Error from the function around it.
#define TRY(...)                                                                                   \
    ({                                                                                             \
        auto try_result_ = (__VA_ARGS__);                                                          \
        if (!try_result_) return try_result_.error();                                              \
        ::base::detail::take(try_result_);                                                         \
    })
