// A filled model of every screen, in the words that are shipped (assets/content), as long as they
// get. For the layout tests and the gallery. Everything about a person is synthetic: numbers of a
// county that does not exist, a bank that does not exist (spec matters §9).
#pragma once

#include "screens/screen.hpp"

#include <map>
#include <string>
#include <vector>

namespace samples {

struct Sample {
    std::string name; // "question_digits-phone"
    screens::ScreenModel model;
};

// Reads the catalogues below `content_folder` once per call. CHECKs that they are there.
std::vector<Sample> all(base::Language language, const std::string& content_folder);

// A grey page with lines, as a camera might give it.
screens::PictureRef page_picture(int width, int height);

} // namespace samples
