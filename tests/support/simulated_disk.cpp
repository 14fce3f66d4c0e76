// The disk's files, what may become of them, and SQLite's table of calls around them.
#include "tests/support/simulated_disk.hpp"

#include "kiosk/base/check.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

namespace support {
namespace {

constexpr std::size_t sector = 4096;
constexpr std::size_t shared_region = 32 * 1024;

struct Change {
    std::optional<std::size_t> truncated_to; // else a write
    std::size_t offset = 0;
    base::Bytes bytes;
};

struct File {
    base::Bytes visible;          // what the program reads back
    base::Bytes durable;          // what surely survives
    std::vector<Change> unsynced; // from durable to visible
    bool name_is_durable = false;
    bool is_removed = false; // gone for the program; at a power cut it may come back
    // Locks of SQLite's unix model.
    int shared = 0;
    void* reserved = nullptr;
    void* pending = nullptr;
    void* exclusive = nullptr;
    // The index of the write-ahead log, which lives in memory only.
    std::vector<std::unique_ptr<std::uint8_t[]>> regions;
    std::array<int, SQLITE_SHM_NLOCK> region_shared{};
    std::array<void*, SQLITE_SHM_NLOCK> region_exclusive{};
    int mapped_by = 0;
};

void write_into(base::Bytes& to, std::size_t offset, base::ByteView bytes) {
    if (to.size() < offset + bytes.size()) to.resize(offset + bytes.size());
    std::copy(bytes.begin(), bytes.end(), to.begin() + std::ptrdiff_t(offset));
}

// One sector's part of an unsynced write at a power cut.
void survive(base::Bytes& to, std::size_t offset, base::ByteView bytes,
             base::RandomSource& random) {
    switch (random.below(4)) {
    case 0: return;
    case 1: {
        const auto kept = random.below(bytes.size() + 1);
        write_into(to, offset, bytes.first(kept));
        if (random.below(2) == 0) return;
        base::Bytes garbage(bytes.size() - kept);
        random.fill(garbage);
        write_into(to, offset + kept, garbage);
        return;
    }
    default: write_into(to, offset, bytes);
    }
}

void survive(base::Bytes& to, const Change& change, base::RandomSource& random) {
    if (change.truncated_to) {
        if (random.below(2) == 0) to.resize(std::min(to.size(), *change.truncated_to));
        return;
    }
    std::size_t done = 0;
    while (done < change.bytes.size()) {
        const auto at = change.offset + done;
        const auto size = std::min(sector - at % sector, change.bytes.size() - done);
        survive(to, at, base::ByteView(change.bytes).subspan(done, size), random);
        done += size;
    }
}

} // namespace

struct SimulatedDisk::State {
    std::string name;
    sqlite3_vfs vfs{};
    mutable std::recursive_mutex mutex;
    std::map<std::string, File, std::less<>> files;
    int boot = 0;
    bool is_cut = false;
    bool has_struck = false;
    std::uint64_t calls = 0;
    std::optional<std::uint64_t> strikes_at;
    DiskFault fault = DiskFault::io_error;
    Lasting lasting = Lasting::once;
    DiskDefect defect = DiskDefect::none;

    bool skips_sync(const std::string& file) const {
        return defect == DiskDefect::no_sync ||
               (defect == DiskDefect::no_log_sync && file.ends_with("-wal"));
    }

    // Counts the call; SQLITE_OK or how it fails.
    int count(int failure, bool is_write) {
        if (is_cut) return failure;
        const auto now = calls++;
        if (!strikes_at || now < *strikes_at) return SQLITE_OK;
        if (now > *strikes_at && lasting == Lasting::once) return SQLITE_OK;
        has_struck = true;
        if (fault == DiskFault::cut) is_cut = true;
        return fault == DiskFault::full && is_write ? SQLITE_FULL : failure;
    }

    void make_names_durable() {
        for (auto at = files.begin(); at != files.end();) {
            at->second.name_is_durable = true;
            at = at->second.is_removed ? files.erase(at) : std::next(at);
        }
    }
};

namespace {

using State = SimulatedDisk::State;

// SQLite allocates this and passes it to every call.
struct Handle {
    sqlite3_file base;
    State* disk;
    std::string* name;
    int boot;
    int lock;
    bool syncs_names; // a created journal or log: its first sync also syncs the folder
    bool is_mapped;
    unsigned shared_mask;
    unsigned exclusive_mask;
};

Handle& of(sqlite3_file* file) {
    return *reinterpret_cast<Handle*>(file);
}

// The file behind a handle, or nothing when the machine was restarted since.
File* file_of(Handle& handle) {
    if (handle.boot != handle.disk->boot) return nullptr;
    const auto found = handle.disk->files.find(*handle.name);
    return found == handle.disk->files.end() ? nullptr : &found->second;
}

#define LOCK_DISK(handle) const std::lock_guard disk_lock_((handle).disk->mutex)

void release_shared_memory(Handle& handle) {
    File* file = file_of(handle);
    if (!handle.is_mapped || !file) return;
    for (int i = 0; i < SQLITE_SHM_NLOCK; ++i) {
        if (handle.shared_mask & (1u << i)) --file->region_shared[std::size_t(i)];
        if (handle.exclusive_mask & (1u << i)) file->region_exclusive[std::size_t(i)] = nullptr;
    }
    handle.shared_mask = handle.exclusive_mask = 0;
    handle.is_mapped = false;
    // Whoever maps first after the last has gone rebuilds the index from the log.
    if (--file->mapped_by == 0) file->regions.clear();
}

int unlock(Handle& handle, int level) {
    File* file = file_of(handle);
    if (!file) return SQLITE_OK;
    if (handle.lock <= level) return SQLITE_OK;
    if (file->exclusive == &handle) file->exclusive = nullptr;
    if (file->pending == &handle) file->pending = nullptr;
    if (file->reserved == &handle) file->reserved = nullptr;
    if (level == SQLITE_LOCK_NONE && handle.lock >= SQLITE_LOCK_SHARED) --file->shared;
    handle.lock = level;
    return SQLITE_OK;
}

int disk_close(sqlite3_file* raw) noexcept {
    Handle& handle = of(raw);
    {
        LOCK_DISK(handle);
        release_shared_memory(handle);
        unlock(handle, SQLITE_LOCK_NONE);
    }
    delete handle.name;
    return SQLITE_OK;
}

int disk_read(sqlite3_file* raw, void* to, int size, sqlite3_int64 offset) noexcept {
    Handle& handle = of(raw);
    LOCK_DISK(handle);
    if (const int failed = handle.disk->count(SQLITE_IOERR_READ, false)) return failed;
    File* file = file_of(handle);
    if (!file) return SQLITE_IOERR_READ;
    std::memset(to, 0, std::size_t(size));
    const auto begin = std::min(std::size_t(offset), file->visible.size());
    const auto there = std::min(std::size_t(size), file->visible.size() - begin);
    std::copy_n(file->visible.begin() + std::ptrdiff_t(begin), there,
                static_cast<std::uint8_t*>(to));
    return there == std::size_t(size) ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int disk_write(sqlite3_file* raw, const void* from, int size, sqlite3_int64 offset) noexcept {
    Handle& handle = of(raw);
    LOCK_DISK(handle);
    const bool was_cut = handle.disk->is_cut;
    const int failed = handle.disk->count(SQLITE_IOERR_WRITE, true);
    File* file = file_of(handle);
    if (!file || was_cut) return SQLITE_IOERR_WRITE;
    const auto* bytes = static_cast<const std::uint8_t*>(from);
    // The write that the power cut hits has begun: it is on its way like the others.
    if (failed && !handle.disk->is_cut) return failed;
    file->unsynced.push_back({{}, std::size_t(offset), {bytes, bytes + size}});
    write_into(file->visible, std::size_t(offset), file->unsynced.back().bytes);
    return failed;
}

int disk_truncate(sqlite3_file* raw, sqlite3_int64 size) noexcept {
    Handle& handle = of(raw);
    LOCK_DISK(handle);
    if (const int failed = handle.disk->count(SQLITE_IOERR_TRUNCATE, true)) return failed;
    File* file = file_of(handle);
    if (!file) return SQLITE_IOERR_TRUNCATE;
    file->visible.resize(std::min(file->visible.size(), std::size_t(size)));
    file->unsynced.push_back({std::size_t(size), 0, {}});
    return SQLITE_OK;
}

int disk_sync(sqlite3_file* raw, int) noexcept {
    Handle& handle = of(raw);
    LOCK_DISK(handle);
    if (const int failed = handle.disk->count(SQLITE_IOERR_FSYNC, false)) return failed;
    File* file = file_of(handle);
    if (!file) return SQLITE_IOERR_FSYNC;
    if (handle.disk->skips_sync(*handle.name)) return SQLITE_OK;
    file->durable = file->visible;
    file->unsynced.clear();
    if (handle.syncs_names) handle.disk->make_names_durable();
    handle.syncs_names = false;
    return SQLITE_OK;
}

int disk_size(sqlite3_file* raw, sqlite3_int64* size) noexcept {
    Handle& handle = of(raw);
    LOCK_DISK(handle);
    File* file = file_of(handle);
    if (!file) return SQLITE_IOERR_FSTAT;
    *size = sqlite3_int64(file->visible.size());
    return SQLITE_OK;
}

int disk_lock(sqlite3_file* raw, int level) noexcept {
    Handle& handle = of(raw);
    LOCK_DISK(handle);
    File* file = file_of(handle);
    if (!file) return SQLITE_IOERR_LOCK;
    if (handle.lock >= level) return SQLITE_OK;
    const auto held_by_other = [&](void* owner) { return owner && owner != &handle; };
    if (level == SQLITE_LOCK_SHARED) {
        if (held_by_other(file->pending) || held_by_other(file->exclusive)) return SQLITE_BUSY;
        ++file->shared;
    }
    if (level == SQLITE_LOCK_RESERVED) {
        if (held_by_other(file->reserved) || held_by_other(file->exclusive)) return SQLITE_BUSY;
        file->reserved = &handle;
    }
    if (level == SQLITE_LOCK_EXCLUSIVE) {
        if (held_by_other(file->reserved) || held_by_other(file->pending)) return SQLITE_BUSY;
        file->pending = &handle;
        if (file->shared > 1) return SQLITE_BUSY;
        file->exclusive = &handle;
    }
    handle.lock = level;
    return SQLITE_OK;
}

int disk_unlock(sqlite3_file* raw, int level) noexcept {
    Handle& handle = of(raw);
    LOCK_DISK(handle);
    return unlock(handle, level);
}

int disk_reserved(sqlite3_file* raw, int* out) noexcept {
    Handle& handle = of(raw);
    LOCK_DISK(handle);
    File* file = file_of(handle);
    *out = file && file->reserved != nullptr;
    return SQLITE_OK;
}

int disk_control(sqlite3_file*, int, void*) noexcept {
    return SQLITE_NOTFOUND;
}
int disk_sector(sqlite3_file*) noexcept {
    return int(sector);
}
int disk_characteristics(sqlite3_file*) noexcept {
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

int disk_map(sqlite3_file* raw, int number, int size, int extend, void volatile** out) noexcept {
    Handle& handle = of(raw);
    LOCK_DISK(handle);
    *out = nullptr;
    if (const int failed = handle.disk->count(SQLITE_IOERR_SHMMAP, false)) return failed;
    File* file = file_of(handle);
    if (!file || size != int(shared_region)) return SQLITE_IOERR_SHMMAP;
    if (!handle.is_mapped) {
        handle.is_mapped = true;
        ++file->mapped_by;
    }
    auto& regions = file->regions;
    if (std::size_t(number) >= regions.size() && !extend) return SQLITE_OK;
    while (std::size_t(number) >= regions.size()) {
        regions.push_back(std::make_unique<std::uint8_t[]>(shared_region));
    }
    *out = regions[std::size_t(number)].get();
    return SQLITE_OK;
}

// Takes or gives back the slots [first, first + count) as sqlite3_io_methods.xShmLock describes.
int disk_shared_lock(sqlite3_file* raw, int first, int count, int flags) noexcept {
    Handle& handle = of(raw);
    LOCK_DISK(handle);
    File* file = file_of(handle);
    if (!file) return SQLITE_IOERR_SHMLOCK;
    const bool is_exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
    const auto blocked = [&](std::size_t slot, unsigned bit) {
        const auto* owner = file->region_exclusive[slot];
        if (owner && owner != &handle) return true;
        const int own = (handle.shared_mask & bit) ? 1 : 0;
        return is_exclusive && file->region_shared[slot] > own;
    };
    if (flags & SQLITE_SHM_LOCK) {
        for (int i = first; i < first + count; ++i) {
            if (blocked(std::size_t(i), 1u << i)) return SQLITE_BUSY;
        }
    }
    for (int i = first; i < first + count; ++i) {
        const auto slot = std::size_t(i);
        const unsigned bit = 1u << i;
        auto& mask = is_exclusive ? handle.exclusive_mask : handle.shared_mask;
        const bool is_held = (mask & bit) != 0;
        const bool takes = (flags & SQLITE_SHM_LOCK) != 0;
        if (is_held == takes) continue;
        mask ^= bit;
        if (is_exclusive) {
            file->region_exclusive[slot] = takes ? &handle : nullptr;
        } else {
            file->region_shared[slot] += takes ? 1 : -1;
        }
    }
    return SQLITE_OK;
}

void disk_barrier(sqlite3_file* raw) noexcept {
    LOCK_DISK(of(raw));
}

int disk_unmap(sqlite3_file* raw, int) noexcept {
    Handle& handle = of(raw);
    LOCK_DISK(handle);
    release_shared_memory(handle);
    return SQLITE_OK;
}

const sqlite3_io_methods file_calls{2,
                                    disk_close,
                                    disk_read,
                                    disk_write,
                                    disk_truncate,
                                    disk_sync,
                                    disk_size,
                                    disk_lock,
                                    disk_unlock,
                                    disk_reserved,
                                    disk_control,
                                    disk_sector,
                                    disk_characteristics,
                                    disk_map,
                                    disk_shared_lock,
                                    disk_barrier,
                                    disk_unmap,
                                    nullptr,
                                    nullptr};

State& of(sqlite3_vfs* vfs) {
    return *static_cast<State*>(vfs->pAppData);
}

int disk_open(sqlite3_vfs* vfs, const char* name, sqlite3_file* raw, int flags,
              int* out_flags) noexcept {
    State& disk = of(vfs);
    const std::lock_guard lock(disk.mutex);
    raw->pMethods = nullptr;
    if (const int failed = disk.count(SQLITE_CANTOPEN, false)) return failed;
    // Statement journals and the like stay in memory (temp_store).
    if (!name) return SQLITE_CANTOPEN;
    const auto found = disk.files.find(name);
    const bool exists = found != disk.files.end() && !found->second.is_removed;
    if (!exists && !(flags & SQLITE_OPEN_CREATE)) return SQLITE_CANTOPEN;
    if (!exists) disk.files[name] = File{};
    constexpr int logs = SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL;
    const bool syncs_names = (flags & SQLITE_OPEN_CREATE) && (flags & logs);
    *reinterpret_cast<Handle*>(raw) = {{&file_calls},
                                       &disk,
                                       new std::string(name),
                                       disk.boot,
                                       SQLITE_LOCK_NONE,
                                       syncs_names,
                                       false,
                                       0,
                                       0};
    if (out_flags) *out_flags = flags;
    return SQLITE_OK;
}

int disk_delete(sqlite3_vfs* vfs, const char* name, int sync_folder) noexcept {
    State& disk = of(vfs);
    const std::lock_guard lock(disk.mutex);
    if (const int failed = disk.count(SQLITE_IOERR_DELETE, false)) return failed;
    const auto found = disk.files.find(name);
    if (found == disk.files.end() || found->second.is_removed) return SQLITE_IOERR_DELETE_NOENT;
    found->second.is_removed = true;
    if (!found->second.name_is_durable) disk.files.erase(found);
    if (sync_folder) disk.make_names_durable();
    return SQLITE_OK;
}

int disk_access(sqlite3_vfs* vfs, const char* name, int, int* out) noexcept {
    State& disk = of(vfs);
    const std::lock_guard lock(disk.mutex);
    const auto found = disk.files.find(name);
    *out = found != disk.files.end() && !found->second.is_removed;
    return SQLITE_OK;
}

int disk_full_name(sqlite3_vfs*, const char* name, int size, char* out) noexcept {
    sqlite3_snprintf(size, out, "%s", name);
    return SQLITE_OK;
}

// Repeatable on purpose; nothing secret depends on it (rowids and the log's salt).
int disk_randomness(sqlite3_vfs*, int size, char* out) noexcept {
    std::memset(out, 7, std::size_t(size));
    return size;
}
int disk_sleep(sqlite3_vfs*, int micros) noexcept {
    return micros; // a busy handler's waits pass at once
}
int disk_time(sqlite3_vfs*, double* out) noexcept {
    *out = 2461000.5;
    return SQLITE_OK;
}
int disk_last_error(sqlite3_vfs*, int, char*) noexcept {
    return 0;
}

} // namespace

SimulatedDisk::SimulatedDisk(const std::string& name) : state_(std::make_unique<State>()) {
    state_->name = name;
    auto& vfs = state_->vfs;
    vfs.iVersion = 1;
    vfs.szOsFile = sizeof(Handle);
    vfs.mxPathname = 512;
    vfs.zName = state_->name.c_str();
    vfs.pAppData = state_.get();
    vfs.xOpen = disk_open;
    vfs.xDelete = disk_delete;
    vfs.xAccess = disk_access;
    vfs.xFullPathname = disk_full_name;
    vfs.xRandomness = disk_randomness;
    vfs.xSleep = disk_sleep;
    vfs.xCurrentTime = disk_time;
    vfs.xGetLastError = disk_last_error;
    CHECK(sqlite3_vfs_register(&vfs, 0) == SQLITE_OK);
}

SimulatedDisk::~SimulatedDisk() {
    sqlite3_vfs_unregister(&state_->vfs);
}

const char* SimulatedDisk::vfs() const {
    return state_->name.c_str();
}

std::uint64_t SimulatedDisk::calls() const {
    const std::lock_guard lock(state_->mutex);
    return state_->calls;
}

void SimulatedDisk::fail(std::uint64_t call, DiskFault fault, Lasting lasting) {
    const std::lock_guard lock(state_->mutex);
    state_->strikes_at = state_->calls + call;
    state_->fault = fault;
    state_->lasting = lasting;
    state_->has_struck = false;
}

void SimulatedDisk::plant(DiskDefect defect) {
    const std::lock_guard lock(state_->mutex);
    state_->defect = defect;
}

void SimulatedDisk::heal() {
    const std::lock_guard lock(state_->mutex);
    state_->strikes_at.reset();
}

bool SimulatedDisk::has_struck() const {
    const std::lock_guard lock(state_->mutex);
    return state_->has_struck;
}

void SimulatedDisk::restart(After after, base::RandomSource& random) {
    const std::lock_guard lock(state_->mutex);
    state_->is_cut = false;
    state_->strikes_at.reset();
    ++state_->boot;
    for (auto at = state_->files.begin(); at != state_->files.end();) {
        File& file = at->second;
        bool exists = !file.is_removed;
        if (after == After::power_cut) {
            // A name that was not made durable, new or removed, goes one way or the other.
            if (!file.name_is_durable || file.is_removed) exists = random.below(2) == 0;
            for (const auto& change : file.unsynced) survive(file.durable, change, random);
        } else {
            file.durable = file.visible;
        }
        if (!exists) {
            at = state_->files.erase(at);
            continue;
        }
        File fresh;
        fresh.durable = std::move(file.durable);
        fresh.visible = fresh.durable;
        fresh.name_is_durable = after == After::power_cut || file.name_is_durable;
        at->second = std::move(fresh);
        ++at;
    }
}

void SimulatedDisk::damage(const std::string& file, std::uint64_t offset) {
    const std::lock_guard lock(state_->mutex);
    auto& bytes = state_->files.at(file).visible;
    bytes.at(offset) ^= 0x10;
    state_->files.at(file).durable = bytes;
}

std::uint64_t SimulatedDisk::size_of(const std::string& file) const {
    const std::lock_guard lock(state_->mutex);
    const auto found = state_->files.find(file);
    return found == state_->files.end() ? 0 : found->second.visible.size();
}

base::Bytes SimulatedDisk::contents(const std::string& file) const {
    const std::lock_guard lock(state_->mutex);
    const auto found = state_->files.find(file);
    return found == state_->files.end() ? base::Bytes() : found->second.visible;
}

} // namespace support
