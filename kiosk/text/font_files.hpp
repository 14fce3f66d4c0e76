// Which files the faces come from: for doctor and for tests that compare pixels.
#pragma once

#include <string>
#include <vector>

namespace text {

// Full names below `fonts_folder`, in the order of FaceId. Does not look whether they are there.
std::vector<std::string> font_files(const std::string& fonts_folder);

} // namespace text
