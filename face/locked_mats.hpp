// Memory for pictures of faces and for what networks make of them: locked, not dumped, overwritten
// when it is freed (spec reliability P6, M3).
//
// cv::dnn takes its inner blobs from the default allocator of OpenCV, so that one is replaced, for
// the whole process: every cv::Mat made afterwards lives here.
#pragma once

#include <cstddef>

namespace face {

// Once, before the first picture; later calls do nothing. Mats made before keep their memory.
void keep_mats_in_locked_memory();

// Bytes in cv::Mats now.
std::size_t mat_bytes_in_use();
// False when the system refused to lock some of it (RLIMIT_MEMLOCK): doctor should say so.
bool are_mats_locked();

} // namespace face
