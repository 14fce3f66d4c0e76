#include "tests/support/audit_disk.hpp"

#include "kiosk/base/check.hpp"

#include <functional>
#include <mutex>

namespace support {

struct AuditDisk::State {
    mutable std::mutex mutex;
    std::map<std::string, base::Bytes> files;
    std::uint64_t calls = 0;
    std::map<std::uint64_t, AuditStrike> strikes; // by call
    std::optional<base::Errc> failing;
    std::uint64_t fails_from = 0;
    bool has_struck = false;
    bool is_dark = false;
    int boot = 0;
    std::size_t limit = staff::chain_file_limit;
};

namespace {

using State = AuditDisk::State;

class Mounted final : public staff::AuditFiles {
public:
    explicit Mounted(std::shared_ptr<State> disk)
        : disk_(std::move(disk)), boot_(disk_->boot), limit_(disk_->limit) {}
    std::size_t limit() const override { return limit_; }

    base::Result<base::Bytes> read(const std::string& name, std::size_t limit) override {
        const std::lock_guard lock(disk_->mutex);
        if (is_gone()) return base::Error{base::Errc::io, "no power"};
        const auto found = disk_->files.find(name);
        if (found == disk_->files.end()) return base::Error{base::Errc::not_found, name};
        if (found->second.size() > limit) return base::Error{base::Errc::too_large, name};
        return found->second;
    }
    base::Result<void> replace(const std::string& name, base::ByteView bytes) override {
        return change([&] { disk_->files[name].assign(bytes.begin(), bytes.end()); });
    }
    base::Result<void> append(const std::string& name, base::ByteView bytes) override {
        const auto add = [&](base::ByteView part) {
            auto& file = disk_->files[name];
            file.insert(file.end(), part.begin(), part.end());
        };
        return change([&] { add(bytes); },
                      [&](const AuditStrike& how) {
                          const auto kept = std::min(how.kept, bytes.size());
                          add(bytes.first(kept));
                          if (how.kind == AuditStrike::Kind::garbage)
                              add(base::Bytes(bytes.size() - kept, 0xa7));
                      });
    }
    base::Result<void> cut(const std::string& name, std::size_t size) override {
        if (!exists(name)) return base::Error{base::Errc::not_found, name};
        return change([&] {
            auto& file = disk_->files[name];
            CHECK(size <= file.size());
            file.resize(size);
        });
    }
    base::Result<void> rename(const std::string& from, const std::string& to) override {
        if (!exists(from)) return base::Error{base::Errc::not_found, from};
        return change([&] {
            disk_->files[to] = std::move(disk_->files[from]);
            disk_->files.erase(from);
        });
    }
    bool exists(const std::string& name) override {
        const std::lock_guard lock(disk_->mutex);
        return disk_->files.contains(name);
    }

private:
    bool is_gone() const { return disk_->is_dark || boot_ != disk_->boot; }

    base::Result<void> change(const std::function<void()>& work,
                              const std::function<void(const AuditStrike&)>& part = {}) {
        const std::lock_guard lock(disk_->mutex);
        if (is_gone()) return base::Error{base::Errc::io, "no power"};
        const auto call = disk_->calls++;
        if (disk_->failing && call >= disk_->fails_from)
            return base::Error{*disk_->failing, "failing"};
        const auto struck = disk_->strikes.find(call);
        if (struck == disk_->strikes.end()) {
            work();
            return {};
        }
        disk_->has_struck = true;
        const auto& how = struck->second;
        disk_->is_dark = how.power_goes;
        const bool is_part =
            how.kind == AuditStrike::Kind::torn || how.kind == AuditStrike::Kind::garbage;
        if (how.kind == AuditStrike::Kind::done) work();
        if (is_part && part) part(how);
        return base::Error{how.code, "struck"};
    }

    std::shared_ptr<State> disk_;
    int boot_;
    std::size_t limit_;
};

} // namespace

AuditDisk::AuditDisk() : state_(std::make_shared<State>()) {}

std::unique_ptr<staff::AuditFiles> AuditDisk::mount() {
    return std::make_unique<Mounted>(state_);
}

std::uint64_t AuditDisk::calls() const {
    const std::lock_guard lock(state_->mutex);
    return state_->calls;
}

void AuditDisk::strike_many(std::map<std::uint64_t, AuditStrike> calls) {
    const std::lock_guard lock(state_->mutex);
    state_->strikes.clear();
    for (const auto& [call, how] : calls) state_->strikes[state_->calls + call] = how;
    state_->has_struck = false;
}

void AuditDisk::fail_from(std::uint64_t call, base::Errc code) {
    const std::lock_guard lock(state_->mutex);
    state_->fails_from = state_->calls + call;
    state_->failing = code;
}

void AuditDisk::heal() {
    const std::lock_guard lock(state_->mutex);
    state_->failing.reset();
    state_->strikes.clear();
}

bool AuditDisk::has_struck() const {
    const std::lock_guard lock(state_->mutex);
    return state_->has_struck;
}

void AuditDisk::set_limit(std::size_t bytes) {
    const std::lock_guard lock(state_->mutex);
    state_->limit = bytes;
}

void AuditDisk::restart() {
    const std::lock_guard lock(state_->mutex);
    state_->is_dark = false;
    state_->failing.reset();
    state_->strikes.clear();
    ++state_->boot;
}

std::optional<base::Bytes> AuditDisk::contents(const std::string& name) const {
    const std::lock_guard lock(state_->mutex);
    const auto found = state_->files.find(name);
    return found == state_->files.end() ? std::nullopt : std::optional(found->second);
}

void AuditDisk::put(const std::string& name, base::Bytes bytes) {
    const std::lock_guard lock(state_->mutex);
    state_->files[name] = std::move(bytes);
}

void AuditDisk::remove(const std::string& name) {
    const std::lock_guard lock(state_->mutex);
    state_->files.erase(name);
}

std::map<std::string, base::Bytes> AuditDisk::everything() const {
    const std::lock_guard lock(state_->mutex);
    return state_->files;
}

} // namespace support
