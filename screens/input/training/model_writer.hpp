// The trained model as the bytes that screens/input/hand_model.hpp describes.
#pragma once

#include "kiosk/base/bytes.hpp"
#include "screens/input/training/trainer.hpp"
#include "screens/input/training/word_counts.hpp"

namespace input::training {

// `sources`: lines "SHA-256  name", what the model was made from.
base::Bytes write_model(const Trained& trained, const WordCounts& counts,
                        const std::string& sources);

} // namespace input::training
