// Every text and every icon of a screen model, collected for tests that look at all of them.
#pragma once

#include "screens/screen.hpp"

#include <string>
#include <vector>

struct ShownWords {
    std::vector<std::string> texts; // without empty ones
    std::vector<std::string> icons;
    std::string typed; // what the person is editing at this moment: never masked

    bool contains(std::string_view part) const;
};

ShownWords words_of(const screens::ScreenModel& model);
