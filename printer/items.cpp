#include "printer/items.hpp"

#include <algorithm>

namespace printer {

base::Picture preview(const Items& items, int width_dots) {
    base::Picture page{.width = width_dots, .height = 0, .channels = 1};
    for (const Item& item : items) {
        if (const auto* raster = std::get_if<Raster>(&item)) {
            CHECK(raster->dots.width() == width_dots);
            const base::Picture part = raster->dots.to_picture();
            page.pixels.insert(page.pixels.end(), part.pixels.begin(), part.pixels.end());
            page.height += part.height;
        } else if (const auto* feed = std::get_if<Feed>(&item)) {
            page.height += feed->dots;
            page.pixels.resize(page.row_bytes() * std::size_t(page.height), 255);
        }
    }
    return page;
}

} // namespace printer
