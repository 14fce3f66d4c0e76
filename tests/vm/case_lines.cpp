// Says of each test case in a guest machine how it ended, in a line that tests/vm/run understands.
#define CATCH_CONFIG_EXTERNAL_INTERFACES // listeners
#include <catch2/catch.hpp>
#include <cstdio>

namespace {

struct CaseLines final : Catch::TestEventListenerBase {
    using TestEventListenerBase::TestEventListenerBase;
    void testCaseEnded(const Catch::TestCaseStats& ended) override {
        std::printf("CASE %s: %s\n", ended.testInfo.name.c_str(),
                    ended.totals.assertions.allOk() ? "ok" : "fail");
        std::fflush(stdout);
    }
};

} // namespace

CATCH_REGISTER_LISTENER(CaseLines)
