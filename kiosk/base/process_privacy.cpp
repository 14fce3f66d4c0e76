#include "kiosk/base/process_privacy.hpp"
#include "kiosk/base/secret.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>

namespace base {

void make_process_private() {
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    SessionArena::instance();
}

} // namespace base
