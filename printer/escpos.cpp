#include "printer/escpos.hpp"

#include "kiosk/text/unicode.hpp"

#include <algorithm>
#include <cstring>
#include <initializer_list>

namespace printer {
namespace {

constexpr std::uint8_t dle = 0x10;
constexpr std::uint8_t esc = 0x1B;
constexpr std::uint8_t fs = 0x1C;
constexpr std::uint8_t gs = 0x1D;

bool makes_real_time_command(std::uint8_t after_dle) {
    return after_dle == 0x04 || after_dle == 0x05 || after_dle == 0x14; // EOT, ENQ, DC4
}

// Eight dots below each other, the upper one in the highest bit.
std::uint8_t column_byte(const Bitmap& dots, int x, int top) {
    unsigned byte = 0;
    for (int y = top; y < top + 8; ++y) byte = byte << 1 | unsigned(dots.is_black(x, y));
    return std::uint8_t(byte);
}

// The same for eight columns from `x` on, a multiple of 8; the left one in the highest byte: a
// square of eight by eight dots turned over its diagonal (Warren, Hacker's Delight, 7-3).
std::uint64_t eight_columns(const Bitmap& dots, int x, int top) {
    std::uint64_t square = 0;
    for (int y = top; y < top + 8; ++y) square = square << 8 | dots.row(y)[std::size_t(x) / 8];
    const auto swap = [&](std::uint64_t mask, int by) {
        const std::uint64_t changed = (square ^ (square >> by)) & mask;
        square ^= changed ^ (changed << by);
    };
    swap(0x00AA00AA00AA00AA, 7);
    swap(0x0000CCCC0000CCCC, 14);
    swap(0x00000000F0F0F0F0, 28);
    return square;
}

// Writes items as commands and knows which modes the printer is in.
// How far a presenter pushes a slip out. Chosen: it can be gripped; the length of a step differs
// per model (spec receipt-printer §7). Unverified on hardware.
constexpr int presented_steps = 12;

class Encoder {
public:
    Encoder(const Profile& profile, std::size_t expected_bytes, bool is_job) : profile_(profile) {
        stream_.reserve(expected_bytes);
        put({esc, '@'}); // modes of whoever printed before are gone
        // Online, error and paper, told by itself; again after each reset (spec §4.2).
        if (is_job && is_known(profile.asb)) put({gs, 'a', 0x0E});
        if (profile.motion_dpi > 0) put({gs, 'P', profile.motion_dpi, profile.motion_dpi});
        set_spacing(0); // no line feed of its own between bands
    }

    void add(const Raster& raster) {
        const auto& dots = raster.dots;
        CHECK(raster.left_dots + raster.width() <= profile_.width_dots);
        align(raster);
        const int row_bytes = int(dots.row_bytes());
        const int rows_per_band = std::clamp((profile_.band_bytes - 8) / row_bytes, 1, 255);
        for (int top = 0; top < dots.height(); top += rows_per_band) {
            const int rows = std::min(rows_per_band, dots.height() - top);
            put_raster_header(row_bytes, rows, raster.scale == 2 ? 3 : 0);
            const auto bytes =
                dots.bytes().subspan(std::size_t(top * row_bytes), std::size_t(rows * row_bytes));
            stream_.insert(stream_.end(), bytes.begin(), bytes.end());
        }
    }

    void add(const Native& line) {
        CHECK(line.pictures.empty() || line.scale == 1);
        begin_native();
        set_alignment(0);
        set_spacing(line.height_dots);
        set_scale(line.scale);
        int x = 0;
        for (const auto& piece : line.pieces) {
            set_bold(piece.is_bold);
            go_to(x, piece.left_dots);
            x = piece.left_dots + put_text(piece.text) * line.scale;
        }
        for (const auto& picture : line.pictures) {
            go_to(x, picture.left_dots);
            x = picture.left_dots + put_columns(picture);
        }
        put({'\n'});
    }

    void add(const NativeQr& code) {
        const std::string_view payload = code.payload;
        const int size = int(payload.size()) + 3;
        set_alignment(1);
        put({gs, '(', 'k', 4, 0, 0x31, 0x41, 0x32, 0});                // model 2
        put({gs, '(', 'k', 3, 0, 0x31, 0x43, code.module_dots});       // module
        put({gs, '(', 'k', 3, 0, 0x31, 0x45, 0x32});                   // level Q
        put({gs, '(', 'k', size & 0xFF, size >> 8, 0x31, 0x50, 0x30}); // store
        stream_.insert(stream_.end(), payload.begin(), payload.end());
        put({gs, '(', 'k', 3, 0, 0x31, 0x51, 0x30}); // print
    }

    void add(const NativeCode& code) {
        const std::string_view payload = code.payload;
        set_alignment(1);
        put({gs, 'h', code.height_dots, gs, 'w', code.module_dots, gs, 'H', 0});
        const auto braces = std::count(payload.begin(), payload.end(), '{');
        put({gs, 'k', 0x49, int(payload.size()) + int(braces) + 2, '{', 'B'});
        for (const char c : payload) {
            put({c});
            if (c == '{') put({c});
        }
    }

    void add(const Gap& gap) {
        if (profile_.motion_dpi > 0) return feed(gap.dots);
        // An empty line of that height, where lines of type are set by the same order.
        if (is_known(profile_.ascii)) {
            for (int left = gap.dots; left > 0; left -= 255) {
                set_spacing(std::min(left, 255));
                put({'\n'});
            }
            return;
        }
        // The unit of ESC J differs between makers; rows of white dots do not.
        for (int left = gap.dots; left > 0; left -= 255) {
            const int rows = std::min(left, 255);
            put_raster_header(1, rows, 0);
            stream_.insert(stream_.end(), std::size_t(rows), 0);
        }
    }

    void add(const Feed& tail) { feed(tail.dots); }

    void add(const CutItem&) {
        put({gs, 'V', 0x42, 0}); // feed to the cutter, one point left
        if (profile_.presenter == Presenter::custom) put({gs, 'e', 3, presented_steps});
    }

    void ask_for(const ProcessId& id) {
        put({gs, '(', 'H', 6, 0, 0x30, 0x30, id[0], id[1], id[2], id[3]});
    }

    // Answered in stream order, by nearly every unit.
    void ask_for_paper() { put({gs, 'r', 1}); }

    std::size_t size() const { return stream_.size(); }
    base::SecretBytes take() { return std::move(stream_); }

private:
    void put(std::initializer_list<int> bytes) {
        for (const int byte : bytes) stream_.push_back(std::uint8_t(byte));
    }

    void put_raster_header(int row_bytes, int rows, int mode) { // GS v 0
        put({gs, 'v', '0', mode, row_bytes & 0xFF, row_bytes >> 8, rows, 0});
    }

    // Returns its width in dots at scale 1.
    int put_text(std::string_view text) {
        int width = 0;
        while (!text.empty()) {
            const auto [c, size] = text::decode_first(text);
            text.remove_prefix(size);
            CHECK((c >= 0x20 && c < 0x7F) || has_glyph(profile_.known_charset(), c));
            const auto code = to_gb18030(c);
            for (const std::uint8_t byte : code.view()) stream_.push_back(byte);
            width += cell_dots(c);
        }
        return width;
    }

    // Spaces, where they are shorter than an order: only at the beginning of a line.
    void go_to(int x, int left) {
        if (left == x) return;
        const int cell = cell_dots(' ') * scale_;
        if (x == 0 && left % cell == 0 && left / cell < 4) {
            for (int spaces = left / cell; spaces > 0; --spaces) put({' '});
        } else {
            put({esc, '$', left & 0xFF, left >> 8});
        }
    }

    // Three bytes a column, from the top down. Returns its width.
    int put_columns(const Native::Picture& picture) {
        CHECK(picture.dots.height() == cell_height_dots && picture.columns <= picture.dots.width());
        put({esc, '*', 33, picture.columns & 0xFF, picture.columns >> 8});
        for (int x = 0; x < picture.columns; x += 8) {
            const std::array<std::uint64_t, 3> columns{eight_columns(picture.dots, x, 0),
                                                       eight_columns(picture.dots, x, 8),
                                                       eight_columns(picture.dots, x, 16)};
            for (int i = 0; i < std::min(8, picture.columns - x); ++i)
                for (const std::uint64_t part : columns)
                    stream_.push_back(std::uint8_t(part >> (56 - 8 * i)));
        }
        return picture.columns;
    }

    // The printer's own type: American characters, Chinese codes without spaces between them.
    void begin_native() {
        if (has_begun_native_) return;
        has_begun_native_ = true;
        put({esc, 'R', 0});
        if (is_known(profile_.chinese)) put({fs, '&', fs, 'S', 0, 0});
    }

    void align(const Raster& raster) {
        const int right = profile_.width_dots - raster.left_dots - raster.width();
        const int alignment = raster.left_dots == 0 ? 0 : right == 0 ? 2 : 1;
        CHECK(alignment != 1 || raster.left_dots == right);
        set_alignment(alignment);
    }
    void set_alignment(int alignment) {
        if (alignment_ == alignment) return;
        alignment_ = alignment;
        put({esc, 'a', alignment});
    }
    void set_spacing(int dots) {
        CHECK(dots < 256);
        if (spacing_ == dots) return;
        spacing_ = dots;
        put({esc, '3', dots});
    }
    void set_scale(int scale) {
        if (scale_ == scale) return;
        scale_ = scale;
        put({gs, '!', (scale - 1) << 4 | (scale - 1)});
    }
    void set_bold(bool is_bold) {
        if (is_bold_ == is_bold) return;
        is_bold_ = is_bold;
        put({esc, 'E', is_bold ? 1 : 0});
    }
    void feed(int dots) {
        for (; dots > 0; dots -= 255) put({esc, 'J', std::min(dots, 255)});
    }

    const Profile& profile_;
    base::SecretBytes stream_;
    int alignment_ = 0;
    int spacing_ = -1;
    int scale_ = 1;
    bool is_bold_ = false;
    bool has_begun_native_ = false;
};

std::size_t expected_bytes(const Items& items) {
    std::size_t bytes = 256;
    for (const Item& item : items) {
        bytes += 100;
        if (const auto* raster = std::get_if<Raster>(&item)) bytes += raster->dots.bytes().size();
        if (const auto* line = std::get_if<Native>(&item)) {
            for (const auto& piece : line->pieces) bytes += 20 + piece.text.size() * 2;
            for (const auto& picture : line->pictures) bytes += 9 + picture.dots.bytes().size();
        }
    }
    return bytes;
}

} // namespace

int defuse(Bitmap& picture) {
    const auto bytes = picture.bytes();
    const auto row_bytes = picture.row_bytes();
    int changed = 0;
    for (const std::size_t at : find_real_time_commands(bytes)) {
        // 10 is the dot at place 3 of its byte; place 4 makes it 18.
        picture.set_black(int(at % row_bytes) * 8 + 4, int(at / row_bytes));
        ++changed;
    }
    return changed;
}

int defuse_columns(Bitmap& picture) {
    CHECK(picture.height() == cell_height_dots);
    int changed = 0;
    std::uint8_t before = 0;
    for (int x = 0; x < picture.width(); ++x) {
        for (int y = 0; y < picture.height(); y += 8) {
            const std::uint8_t byte = column_byte(picture, x, y);
            if (before == dle && makes_real_time_command(byte)) {
                // The dot of the 10 is the fourth of its eight; the fifth makes it 18.
                const int at = y == 0 ? x - 1 : x;
                picture.set_black(at, (y == 0 ? picture.height() : y) - 8 + 4);
                ++changed;
            }
            before = byte;
        }
    }
    return changed;
}

std::vector<std::size_t> find_real_time_commands(base::ByteView stream) {
    std::vector<std::size_t> found;
    const std::uint8_t* const begin = stream.data();
    const std::uint8_t* const end = begin + stream.size();
    for (const std::uint8_t* at = begin; at < end; ++at) {
        at = static_cast<const std::uint8_t*>(std::memchr(at, dle, std::size_t(end - at)));
        if (at == nullptr || at + 1 == end) break;
        if (makes_real_time_command(at[1])) found.push_back(std::size_t(at - begin));
    }
    return found;
}

ProcessId process_id(std::uint32_t job, Mark mark) {
    constexpr std::uint32_t letters = 93; // '!' to '}'
    const auto letter = [&](std::uint32_t value) { return std::uint8_t('!' + value % letters); };
    return {std::uint8_t(mark == Mark::cut ? 'C' : 'L'), letter(job), letter(job / letters),
            letter(job / letters / letters)};
}

namespace {

JobBytes encode_items(const Items& items, const Profile& profile,
                      std::optional<std::uint32_t> job) {
    Encoder encoder(profile, expected_bytes(items), job.has_value());
    const bool asks = job && is_known(profile.process_id);
    std::size_t end_of_slip = items.size(); // the last cut or feed to the bar
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (std::holds_alternative<CutItem>(items[i]) || std::holds_alternative<Feed>(items[i]))
            end_of_slip = i;
    }
    JobBytes made;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (asks && i == end_of_slip) encoder.ask_for(process_id(*job, Mark::last_line));
        if (job && !asks && i == end_of_slip) encoder.ask_for_paper();
        if (i == end_of_slip) made.end_at = encoder.size();
        std::visit([&](const auto& item) { encoder.add(item); }, items[i]);
        if (asks && i == end_of_slip) encoder.ask_for(process_id(*job, Mark::cut));
    }
    if (end_of_slip == items.size()) made.end_at = encoder.size();
    made.escpos = encoder.take();
    CHECK(find_real_time_commands(made.escpos).empty());
    return made;
}

} // namespace

base::SecretBytes encode(const Items& items, const Profile& profile,
                         std::optional<std::uint32_t> job) {
    return encode_items(items, profile, job).escpos;
}

JobBytes encode_job(const Items& items, const Profile& profile, std::uint32_t job) {
    return encode_items(items, profile, job);
}

} // namespace printer
