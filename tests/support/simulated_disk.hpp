// A disk in memory that can fail and lose power, as an SQLite VFS.
//
// Model. What was written but not synced may, at a power cut, survive, be lost or be torn, each
// 4096-byte sector for itself and in any order; a torn sector keeps a part of the new bytes, and
// the rest of what was being written is old or garbage. Bytes outside a write are never harmed
// ("power-safe overwrite", what SQLite assumes of its unix VFS). New and removed names are safe
// once a journal or log file created since was synced, as unixSync() does it for the folder.
// A killed program, in contrast, loses nothing that was written. Several connections, also from
// several threads, may use one disk.
#pragma once

#include "kiosk/base/bytes.hpp"
#include "kiosk/base/random.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace support {

enum class DiskFault {
    io_error,
    full, // writes find no room; other calls fail with an I/O error
    cut,  // this call and all after it fail, until restart()
};
// What a test plants to see that it would notice. no_log_sync: of the write-ahead log alone, which
// is what synchronous=NORMAL leaves out at a commit.
enum class DiskDefect { none, no_sync, no_log_sync };
enum class Lasting { once, from_then_on };
enum class After { kill, power_cut };

class SimulatedDisk {
public:
    explicit SimulatedDisk(const std::string& name); // a VFS of that name is registered
    ~SimulatedDisk();                                // every connection must be closed
    SimulatedDisk(const SimulatedDisk&) = delete;
    SimulatedDisk& operator=(const SimulatedDisk&) = delete;

    const char* vfs() const;

    // Calls counted: open, read, write, truncate, sync, delete, mapping of shared memory.
    std::uint64_t calls() const;
    // The `call`-th from now on (0 is the next) meets `fault`.
    void fail(std::uint64_t call, DiskFault fault, Lasting lasting = Lasting::once);
    void heal();             // no more faults; a cut stays a cut until restart()
    bool has_struck() const; // the fault armed last has happened

    void plant(DiskDefect defect); // syncs that say "done" and do nothing

    // The machine starts again: old connections can only be closed, locks are gone.
    void restart(After after, base::RandomSource& random);

    // Flips one bit of a file as it is on the disk: a fault of the medium.
    void damage(const std::string& file, std::uint64_t offset);
    std::uint64_t size_of(const std::string& file) const;
    base::Bytes contents(const std::string& file) const;

    struct State; // for the .cpp
private:
    std::unique_ptr<State> state_;
};

} // namespace support
