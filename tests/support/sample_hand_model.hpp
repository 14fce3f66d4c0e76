// A handwriting model of a few characters, made of chance instead of typefaces: whole in form,
// useless for reading. For fuzzers, which have no time to train.
#pragma once

#include "kiosk/base/bytes.hpp"

namespace sample {

base::Bytes hand_model();

} // namespace sample
