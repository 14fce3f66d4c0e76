#include "printer/code128.hpp"

#include <array>

namespace printer {
namespace {

// Widths of bar, space, bar, space, bar, space; each row sums to 11 modules.
constexpr std::array<std::string_view, 106> symbols{
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212",
    "221213", "221312", "231212", "112232", "122132", "122231", "113222", "123122", "123221",
    "223211", "221132", "221231", "213212", "223112", "312131", "311222", "321122", "321221",
    "312212", "322112", "322211", "212123", "212321", "232121", "111323", "131123", "131321",
    "112313", "132113", "132311", "211313", "231113", "231311", "112133", "112331", "132131",
    "113123", "113321", "133121", "313121", "211331", "231131", "213113", "213311", "213131",
    "311123", "311321", "331121", "312113", "312311", "332111", "314111", "221411", "431111",
    "111224", "111422", "121124", "121421", "141122", "141221", "112214", "112412", "122114",
    "122411", "142112", "142211", "241211", "221114", "413111", "241112", "134111", "111242",
    "121142", "121241", "114212", "124112", "124211", "411212", "421112", "421211", "212141",
    "214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311",
    "113141", "114131", "311141", "411131", "211412", "211214", "211232",
};
constexpr std::string_view stop_symbol = "2331112"; // 13 modules
constexpr int start_b = 104;

constexpr bool every_symbol_has_eleven_modules() {
    for (const auto symbol : symbols) {
        int sum = 0;
        for (const char width : symbol) sum += width - '0';
        if (sum != 11) return false;
    }
    return true;
}
static_assert(every_symbol_has_eleven_modules());

} // namespace

int code128_modules(std::size_t characters) {
    return 11 * (int(characters) + 2) + 13; // start and check character
}

Bitmap draw_code128(std::string_view payload, int module_dots, int height_dots) {
    const int width = code128_modules(payload.size()) * module_dots;
    Bitmap dots((width + 7) / 8 * 8, height_dots);
    int x = 0;
    const auto draw = [&](std::string_view symbol) {
        bool is_bar = true;
        for (const char modules : symbol) {
            const int wide = (modules - '0') * module_dots;
            if (is_bar) dots.fill(x, 0, wide, height_dots);
            x += wide;
            is_bar = !is_bar;
        }
    };
    int sum = start_b;
    draw(symbols[start_b]);
    int place = 0;
    for (const char c : payload) {
        CHECK(c >= ' ' && c < 0x7F);
        sum += ++place * (c - ' ');
        draw(symbols[std::size_t(c - ' ')]);
    }
    draw(symbols[std::size_t(sum % 103)]);
    draw(stop_symbol);
    return dots;
}

} // namespace printer
