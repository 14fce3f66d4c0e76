// Bytes as a printer might send them, in answer to anything or to nothing.
#include "printer/answers.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const base::ByteView bytes(data, size);
    printer::AnswerReader reader;
    const std::size_t half = size / 2;
    reader.hear(bytes.first(half));
    reader.hear(bytes.subspan(half));
    while (const auto answer = reader.next()) {
        if (const auto* packet = std::get_if<printer::AutomaticStatus>(&*answer))
            static_cast<void>(printer::check_ready(printer::read_asb(*packet)));
    }
    if (size > 0) static_cast<void>(printer::read_port_status(data[0]));
    if (size < 4) return 0;
    const auto status = printer::read_status(std::span<const std::uint8_t, 4>(data, 4));
    if (status) static_cast<void>(printer::check_ready(*status));
    return 0;
}
