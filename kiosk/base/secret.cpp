#include "kiosk/base/secret.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <mutex>
#include <sys/mman.h>

namespace base {
namespace {

constexpr std::size_t smallest_block = 32;

// Blocks are powers of two, so that a freed one fits the next request of its class.
std::size_t block_size(std::size_t size) {
    return std::bit_ceil(std::max(size, smallest_block));
}
std::size_t size_class(std::size_t block) {
    return std::size_t(std::countr_zero(block));
}

} // namespace

void wipe(void* at, std::size_t size) {
    // The C library's own, which no compiler leaves out: thirty times quicker than byte after byte.
    if (size > 0) ::explicit_bzero(at, size); // an empty owner may have no address
}

// Chosen: 256 KiB is more than any of our call chains uses (deepest seen: JPEG and TLS, below 100).
__attribute__((noinline)) void wipe_stack_below() {
    std::array<unsigned char, 256 * 1024> area;
    wipe(area.data(), area.size());
}

struct SessionArena::State {
    std::mutex mutex;
    unsigned char* region = nullptr;
    std::size_t top = 0; // bytes ever handed out, from the start of the region
    std::size_t used = 0;
    bool locked = false;
    // A free block keeps the address of the next one in its first bytes.
    std::array<void*, 64> free_blocks{};
};

SessionArena& SessionArena::instance() {
    static SessionArena arena;
    return arena;
}

SessionArena::SessionArena() : state_(std::make_unique<State>()) {
    void* region = ::mmap(nullptr, capacity, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    CHECK(region != MAP_FAILED);
    ::madvise(region, capacity, MADV_DONTDUMP);
    ::madvise(region, capacity, MADV_DONTFORK);
    // MLOCK_ONFAULT: lock pages as they are used, not 64 MiB at once.
    state_->locked = ::mlock2(region, capacity, MLOCK_ONFAULT) == 0;
    state_->region = static_cast<unsigned char*>(region);
}

void* SessionArena::allocate(std::size_t size) {
    const std::lock_guard lock(state_->mutex);
    const std::size_t block = block_size(size);
    state_->used += block;
    void*& head = state_->free_blocks[size_class(block)];
    if (head != nullptr) {
        void* taken = head;
        head = *static_cast<void**>(taken);
        return taken;
    }
    CHECK(state_->top + block <= capacity);
    void* taken = state_->region + state_->top;
    state_->top += block;
    return taken;
}

void SessionArena::release(void* at, std::size_t size) {
    if (at == nullptr) return;
    const std::lock_guard lock(state_->mutex);
    const std::size_t block = block_size(size);
    wipe(at, block);
    void*& head = state_->free_blocks[size_class(block)];
    *static_cast<void**>(at) = head;
    head = at;
    state_->used -= block;
}

std::size_t SessionArena::in_use() const {
    const std::lock_guard lock(state_->mutex);
    return state_->used;
}

std::size_t SessionArena::wipe_free() {
    const std::lock_guard lock(state_->mutex);
    // Freed blocks were wiped as they were freed. With nothing in use the region starts afresh.
    if (state_->used == 0) {
        wipe(state_->region, state_->top);
        state_->top = 0;
        state_->free_blocks.fill(nullptr);
    }
    return state_->used;
}

bool SessionArena::is_locked() const {
    return state_->locked;
}

} // namespace base
