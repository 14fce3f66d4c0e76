#include "face/locked_mats.hpp"

#include "kiosk/base/check.hpp"

#include <array>
#include <bit>
#include <cstring>
#include <mutex>
#include <opencv2/core.hpp>
#include <sys/mman.h>

namespace face {
namespace {

// Address space; pages are locked as the region grows. Chosen: all networks of this room together
// hold about 60 MiB of blobs for a 640x480 picture.
constexpr std::size_t capacity = 256u << 20;
constexpr std::size_t growth = 1u << 20;
constexpr std::size_t smallest_block = 64;
// Larger blocks (a camera's full picture, a scanned page) get pages of their own.
constexpr std::size_t largest_block = 16u << 20;
constexpr std::size_t page = 4096;

std::size_t in_whole_pages(std::size_t size) {
    return (size + page - 1) / page * page;
}

class LockedMats final : public cv::MatAllocator {
public:
    LockedMats() {
        void* region = ::mmap(nullptr, capacity, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        CHECK(region != MAP_FAILED);
        keep_out_of_dumps(region, capacity);
        region_ = static_cast<unsigned char*>(region);
    }

    // As OpenCV's own allocator does it, but for where the bytes come from.
    cv::UMatData* allocate(int dims, const int* sizes, int type, void* given, size_t* step,
                           cv::AccessFlag, cv::UMatUsageFlags) const override {
        std::size_t total = CV_ELEM_SIZE(type);
        for (int i = dims - 1; i >= 0; --i) {
            if (step != nullptr) {
                if (given != nullptr && step[i] != cv::Mat::AUTO_STEP) {
                    CV_Assert(total <= step[i]);
                    total = step[i];
                } else {
                    step[i] = total;
                }
            }
            total *= std::size_t(sizes[i]);
        }
        auto* made = new cv::UMatData(this);
        made->size = total;
        made->data = made->origdata =
            static_cast<unsigned char*>(given != nullptr ? given : take(total));
        if (given != nullptr) made->flags |= cv::UMatData::USER_ALLOCATED;
        return made;
    }
    bool allocate(cv::UMatData* mat, cv::AccessFlag, cv::UMatUsageFlags) const override {
        return mat != nullptr;
    }
    void deallocate(cv::UMatData* mat) const override {
        if (mat == nullptr) return;
        CHECK(mat->urefcount == 0 && mat->refcount == 0);
        if ((mat->flags & cv::UMatData::USER_ALLOCATED) == 0) give_back(mat->origdata, mat->size);
        delete mat;
    }

    std::size_t in_use() const {
        const std::lock_guard lock(mutex_);
        return used_;
    }
    bool is_locked() const {
        const std::lock_guard lock(mutex_);
        return locked_;
    }

private:
    static std::size_t block_size(std::size_t size) {
        return std::bit_ceil(std::max(size, smallest_block));
    }
    static void keep_out_of_dumps(void* at, std::size_t size) {
        ::madvise(at, size, MADV_DONTDUMP);
        ::madvise(at, size, MADV_DONTFORK);
    }

    void* take(std::size_t size) const {
        const std::lock_guard lock(mutex_);
        used_ += size;
        if (size <= largest_block)
            if (void* block = take_block(block_size(size))) return block;
        return take_pages(size);
    }

    void* take_block(std::size_t block) const {
        void*& head = free_blocks_[std::size_t(std::countr_zero(block))];
        if (head != nullptr) {
            void* taken = head;
            std::memcpy(&head, taken, sizeof(head));
            return taken;
        }
        if (top_ + block > capacity) return nullptr;
        void* taken = region_ + top_;
        top_ += block;
        while (locked_up_to_ < top_) {
            if (::mlock(region_ + locked_up_to_, growth) != 0) locked_ = false;
            locked_up_to_ += growth;
        }
        return taken;
    }

    void* take_pages(std::size_t size) const {
        void* pages = ::mmap(nullptr, in_whole_pages(size), PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (pages == MAP_FAILED) {
            used_ -= size;
            CV_Error(cv::Error::StsNoMem, "no memory for a picture");
        }
        keep_out_of_dumps(pages, in_whole_pages(size));
        if (::mlock(pages, in_whole_pages(size)) != 0) locked_ = false;
        return pages;
    }

    void give_back(void* at, std::size_t size) const {
        ::explicit_bzero(at, size);
        const std::lock_guard lock(mutex_);
        used_ -= size;
        if (!is_in_region(at)) {
            ::munmap(at, in_whole_pages(size));
            return;
        }
        void*& head = free_blocks_[std::size_t(std::countr_zero(block_size(size)))];
        std::memcpy(at, &head, sizeof(head));
        head = at;
    }

    bool is_in_region(const void* at) const {
        const auto* byte = static_cast<const unsigned char*>(at);
        return std::less_equal<>{}(region_, byte) && std::less<>{}(byte, region_ + capacity);
    }

    mutable std::mutex mutex_;
    unsigned char* region_ = nullptr;
    mutable std::size_t top_ = 0;
    mutable std::size_t locked_up_to_ = 0;
    mutable std::size_t used_ = 0;
    mutable bool locked_ = true;
    mutable std::array<void*, 64> free_blocks_{};
};

// Never destroyed: Mats of static storage may outlive any order of destructors.
LockedMats& locked_mats() {
    static auto* mats = new LockedMats;
    return *mats;
}

} // namespace

void keep_mats_in_locked_memory() {
    cv::Mat::setDefaultAllocator(&locked_mats());
}

std::size_t mat_bytes_in_use() {
    return locked_mats().in_use();
}

bool are_mats_locked() {
    return locked_mats().is_locked();
}

} // namespace face
