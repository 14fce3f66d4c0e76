// Overwrites every heap block as it is freed, whoever frees it: our code, OpenSSL, SQLite, libcurl.
//
// Wiping our own buffers alone is not enough; copies stayed in freed blocks of JSON, HTTP and
// database code (spec reliability M2). glibc's M_PERTURB does not fill blocks that go to the
// per-thread cache, so free() and realloc() are replaced here and operator delete with them.
#include <cstdlib>
#include <cstring>
#include <malloc.h>
#include <new>

#ifndef KIOSK_HEAP_IS_INSTRUMENTED

extern "C" {
// glibc's own, under its internal names.
void __libc_free(void* at);       // NOLINT(bugprone-reserved-identifier): glibc chose the name
void* __libc_malloc(size_t size); // NOLINT(bugprone-reserved-identifier): the same

static void fill_block(void* at) {
    const size_t size = malloc_usable_size(at);
    explicit_bzero(at, size);
}

void free(void* at) noexcept {
    if (at == nullptr) return;
    fill_block(at);
    __libc_free(at);
}

// Never grows in place: glibc would free the old block itself, without filling it.
void* realloc(void* at, size_t size) noexcept {
    if (at == nullptr) return __libc_malloc(size);
    if (size == 0) {
        free(at);
        return nullptr;
    }
    const size_t old = malloc_usable_size(at);
    if (old >= size && old / 2 <= size) return at;
    void* fresh = __libc_malloc(size);
    if (fresh == nullptr) return nullptr;
    memcpy(fresh, at, old < size ? old : size);
    free(at);
    return fresh;
}
} // extern "C"

void operator delete(void* at) noexcept {
    free(at);
}
void operator delete[](void* at) noexcept {
    free(at);
}
void operator delete(void* at, std::size_t) noexcept {
    free(at);
}
void operator delete[](void* at, std::size_t) noexcept {
    free(at);
}

#endif
