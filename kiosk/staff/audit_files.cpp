#include "kiosk/staff/audit_files.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>

namespace staff {
namespace {

constexpr const char* lock_name = "/lock";

// A lock that belongs to the opened file, not to the process (fcntl(2), F_OFD_SETLK): it ends with
// the program however that ends, and unlike flock() it can be looked at without being taken.
struct flock whole_file() {
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    return lock;
}

class Folder final : public AuditFiles {
public:
    Folder(std::string folder, int lock) : folder_(std::move(folder)), lock_(lock) {}
    ~Folder() override { ::close(lock_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    base::Result<base::Bytes> read(const std::string& name, std::size_t limit) override {
        return base::read_file(at(name), limit);
    }
    base::Result<void> replace(const std::string& name, base::ByteView bytes) override {
        return base::write_file_durably(at(name), bytes);
    }
    base::Result<void> append(const std::string& name, base::ByteView bytes) override {
        return base::append_file_durably(at(name), bytes);
    }
    base::Result<void> cut(const std::string& name, std::size_t size) override {
        return base::cut_file_durably(at(name), size);
    }
    base::Result<void> rename(const std::string& from, const std::string& to) override {
        return base::rename_file_durably(at(from), at(to));
    }
    bool exists(const std::string& name) override {
        std::error_code ignored; // what cannot be looked at is met again when it is opened
        return std::filesystem::exists(at(name), ignored);
    }

private:
    std::string at(const std::string& name) const { return folder_ + "/" + name; }
    std::string folder_;
    int lock_;
};

} // namespace

base::Result<std::unique_ptr<AuditFiles>> open_audit_folder(const std::string& folder) {
    namespace fs = std::filesystem;
    std::error_code failed;
    if (fs::create_directories(folder, failed))
        fs::permissions(folder, fs::perms::owner_all, failed);
    if (failed) {
        const bool is_full = failed == std::errc::no_space_on_device;
        return base::Error{is_full ? base::Errc::disk_full : base::Errc::io,
                           "making the folder " + folder + ": " + failed.message()};
    }
    const auto path = folder + lock_name;
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        const bool is_full = errno == ENOSPC || errno == EDQUOT;
        return base::Error{is_full ? base::Errc::disk_full : base::Errc::io,
                           "opening " + path + ": " + std::strerror(errno)};
    }
    auto files = std::make_unique<Folder>(folder, fd);
    auto lock = whole_file();
    if (::fcntl(fd, F_OFD_SETLK, &lock) != 0) {
        return base::Error{base::Errc::locked,
                           "another program has the audit chain in " + folder + " open"};
    }
    return std::unique_ptr<AuditFiles>(std::move(files));
}

bool is_audit_folder_open(const std::string& folder) {
    const int fd = ::open((folder + lock_name).c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false;
    auto lock = whole_file();
    const bool is_open = ::fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
    ::close(fd);
    return is_open;
}

} // namespace staff
