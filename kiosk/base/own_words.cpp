#include "kiosk/base/own_words.hpp"

#include <cerrno>
#include <cstdlib>
#include <cxxabi.h>
#include <fcntl.h>
#include <memory>
#include <typeinfo>
#include <unistd.h>

namespace base {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool is_sanitized = true;
#elif defined(__has_feature)
constexpr bool is_sanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||
                              __has_feature(memory_sanitizer);
#else
constexpr bool is_sanitized = false;
#endif

// Where say() writes: standard error, or what it was before libraries were kept quiet.
int own_words = STDERR_FILENO;

// What the C++ library does otherwise is to print what the exception says.
[[noreturn]] void end_by_terminate() {
    try {
        if (std::current_exception()) throw;
    } catch (const std::exception& exception) {
        say("kiosk: " + last_words(exception));
    } catch (...) {
        say("kiosk: stopped by something nobody expected");
    }
    std::abort();
}

} // namespace

void say(std::string_view line) {
    auto bytes = std::string(line) + "\n";
    for (std::string_view left = bytes; !left.empty();) {
        const auto written = ::write(own_words, left.data(), left.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return; // nobody listens
        left.remove_prefix(std::size_t(written));
    }
}

bool keep_libraries_quiet() {
    if (is_sanitized || ::isatty(STDERR_FILENO) == 1) return false;
    const int kept = ::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    const bool is_done = kept >= 0 && nowhere >= 0 && ::dup2(nowhere, STDOUT_FILENO) >= 0 &&
                         ::dup2(nowhere, STDERR_FILENO) >= 0;
    if (nowhere >= 0) ::close(nowhere);
    if (!is_done) {
        if (kept >= 0) ::close(kept);
        return false;
    }
    own_words = kept;
    std::set_terminate(end_by_terminate);
    return true;
}

std::string last_words(const std::exception& exception) {
    int fault = 0;
    const std::unique_ptr<char, void (*)(void*)> name(
        abi::__cxa_demangle(typeid(exception).name(), nullptr, nullptr, &fault), std::free);
    std::string words = "stopped by something nobody expected: ";
    words += fault == 0 ? name.get() : typeid(exception).name();
    if (own_words == STDERR_FILENO) words += std::string(": ") + exception.what();
    return words;
}

} // namespace base
