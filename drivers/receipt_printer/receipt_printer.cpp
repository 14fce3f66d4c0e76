#include "drivers/receipt_printer/receipt_printer.hpp"

namespace drivers {

std::string_view to_string(Delivery delivery) {
    switch (delivery) {
    case Delivery::printed: return "printed";
    case Delivery::sent: return "sent";
    case Delivery::unfinished: return "unfinished";
    }
    CHECK(false);
}

} // namespace drivers
