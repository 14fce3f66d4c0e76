// The main() of every Catch2 program (Catch2 v2 is compiled once, here).
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
