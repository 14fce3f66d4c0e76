// The disk under an audit chain, in memory: fails at any call, loses its power inside any write.
//
// Model, one call at a time, each durable when it has succeeded: replace, cut and rename happen or
// do not; an append may leave any part of what it was given, and behind that part whatever the disk
// had there before. The chain's own files on a real disk are tested with a real folder.
#pragma once

#include "kiosk/base/bytes.hpp"
#include "kiosk/staff/audit_files.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace support {

// What becomes of the call that is struck. It reports an error in any case.
struct AuditStrike {
    enum class Kind {
        undone,  // nothing happened
        done,    // it happened all the same; only its error came back
        torn,    // append: the first `kept` bytes; other calls: undone
        garbage, // append: the first `kept` bytes, then as many others as were to be written
    };
    Kind kind = Kind::undone;
    std::size_t kept = 0;
    bool power_goes = false; // every later call fails, until restart()
    base::Errc code = base::Errc::io;
};

class AuditDisk {
public:
    AuditDisk();
    // What a chain opens. Only one at a time; it fails for good once the machine was restarted.
    std::unique_ptr<staff::AuditFiles> mount();

    std::uint64_t calls() const; // that change something
    // Counted from now, 0 is the next.
    void strike(std::uint64_t call, AuditStrike how) { strike_many({{call, how}}); }
    void strike_many(std::map<std::uint64_t, AuditStrike> calls);
    // Every call from that one on: a full disk, a broken one.
    void fail_from(std::uint64_t call, base::Errc code);
    void heal(); // no more strikes
    bool has_struck() const;
    void set_limit(std::size_t bytes); // of the chain, for what is mounted from now on
    void restart();                    // the power is back

    std::optional<base::Bytes> contents(const std::string& name) const;
    void put(const std::string& name, base::Bytes bytes);
    void remove(const std::string& name);
    std::map<std::string, base::Bytes> everything() const;

    struct State; // for the .cpp
private:
    std::shared_ptr<State> state_;
};

} // namespace support
