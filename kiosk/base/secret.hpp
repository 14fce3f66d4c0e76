// Memory for what must not outlive a session: card text, answers, pictures.
//
// All of it lives in one locked region (SessionArena), which is not dumped, not swapped,
// overwritten block by block as it is freed and as a whole when the session ends (spec reliability
// M1, M3). SecretText has no small-string buffer, so no copy stays behind in an object or on the
// stack.
#pragma once

#include "kiosk/base/bytes.hpp"

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace base {

// Overwrites memory in a way the compiler may not remove.
void wipe(void* at, std::size_t size);
inline void wipe(std::string& text) {
    wipe(text.data(), text.size());
    text.clear();
}

// Overwrites the stack below the caller, where ended calls may have left copies. Call it on each
// thread that has touched personal data, after the touching is over.
void wipe_stack_below();

// The locked region. Any thread may allocate; the session's owner wipes.
class SessionArena {
public:
    // 64 MiB of address space; pages are taken as they are used. Chosen: four scanned A4 pages as
    // JPEG (each at most 4 MiB) and everything typed fit many times.
    static constexpr std::size_t capacity = 64u << 20;

    static SessionArena& instance();

    void* allocate(std::size_t size);         // CHECKs when the region is full
    void release(void* at, std::size_t size); // wipes first

    // Bytes in use now: zero after a session has ended and every owner is gone.
    std::size_t in_use() const;
    // Overwrites every free byte that was ever used. Blocks still owned by somebody are kept and
    // their size is returned, so that the caller can report a leak.
    std::size_t wipe_free();
    // False when the system refused to lock the region (RLIMIT_MEMLOCK): doctor says so.
    bool is_locked() const;

private:
    SessionArena();
    struct State;
    std::unique_ptr<State> state_;
};

template <class T> struct SecretAllocator {
    using value_type = T;
    SecretAllocator() = default;
    template <class U> SecretAllocator(const SecretAllocator<U>&) {}
    T* allocate(std::size_t n) {
        return static_cast<T*>(SessionArena::instance().allocate(n * sizeof(T)));
    }
    void deallocate(T* at, std::size_t n) { SessionArena::instance().release(at, n * sizeof(T)); }
    template <class U> bool operator==(const SecretAllocator<U>&) const { return true; }
};

using SecretBytes = std::vector<std::uint8_t, SecretAllocator<std::uint8_t>>;

// UTF-8 text about a person.
class SecretText {
public:
    SecretText() = default;
    explicit SecretText(std::string_view text) : characters_(text.begin(), text.end()) {}

    std::string_view view() const { return {characters_.data(), characters_.size()}; }
    operator std::string_view() const { return view(); }
    bool empty() const { return characters_.empty(); }
    std::size_t size() const { return characters_.size(); }
    void append(std::string_view text) {
        characters_.insert(characters_.end(), text.begin(), text.end());
    }
    void resize(std::size_t size) { characters_.resize(size); }
    void clear() { SecretText().characters_.swap(characters_); }

    bool operator==(const SecretText& other) const { return view() == other.view(); }

private:
    std::vector<char, SecretAllocator<char>> characters_;
};

// One trivially copyable value, wiped when its owner goes.
template <class T> class Secret {
    static_assert(std::is_trivially_copyable_v<T>);

public:
    Secret() : value_(1) {}
    explicit Secret(const T& value) : value_(1, value) {}
    T& expose() { return value_.front(); }
    const T& expose() const { return value_.front(); }

private:
    std::vector<T, SecretAllocator<T>> value_;
};

} // namespace base
