#include "tests/support/sample_hand_model.hpp"

#include "screens/input/hand_model.hpp"
#include "screens/input/training/chance.hpp"
#include "screens/input/training/model_writer.hpp"

namespace sample {

base::Bytes hand_model() {
    using namespace input::training;
    Trained trained;
    trained.classes = {U'一', U'丁', U'七', U'万', U'丈', U'三', U'上', U'下'};
    trained.projection = Matrix(input::model_file::dimensions, input::feature_size);
    trained.prototypes = Matrix(trained.classes.size(), input::model_file::dimensions);
    trained.style = Matrix(input::model_file::dimensions, input::model_file::dimensions + 1);
    trained.offset.assign(input::model_file::dimensions, 0.5f);
    Chance chance(1);
    for (auto* values : {&trained.projection.values, &trained.prototypes.values})
        for (auto& value : *values) value = 10 * chance.normal();
    for (auto& value : trained.style.values) value = 0.01f * chance.normal();
    const auto counts = count_words("三万\t10\n一下\t5\n", trained.classes, 100);
    return write_model(trained, counts.value(), "sample\n");
}

} // namespace sample
