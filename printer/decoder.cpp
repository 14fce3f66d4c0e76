#include "printer/decoder.hpp"

#include "kiosk/text/unicode.hpp"

#include <algorithm>

namespace printer {
namespace {

class Decoder {
public:
    Decoder(base::ByteView stream, const Profile& profile) : stream_(stream), profile_(profile) {
        out_.page = {.width = profile.width_dots, .height = 0, .channels = 1};
    }

    base::Result<Decoded> run() {
        while (at_ < stream_.size()) {
            const std::size_t before = at_;
            if (!step()) {
                return base::Error{base::Errc::bad_frame,
                                   "receipt stream: not understood at byte " +
                                       std::to_string(before)};
            }
        }
        return std::move(out_);
    }

private:
    bool has(std::size_t count) const { return stream_.size() - at_ >= count; }
    int byte(std::size_t offset) const { return stream_[at_ + offset]; }

    bool step() {
        if (byte(0) == 0x0A) return end_line();
        if (byte(0) >= 0x20) return take_character();
        if (!has(2)) return false;
        if (byte(0) == 0x1B) return escape();
        if (byte(0) == 0x1C) return chinese();
        if (byte(0) == 0x1D) return group();
        return false;
    }

    bool skip(std::size_t count) {
        if (!has(count)) return false;
        at_ += count;
        return true;
    }

    bool escape() {
        switch (byte(1)) {
        case '@': return skip(2);
        case '3':
            if (!has(3)) return false;
            spacing_ = byte(2);
            return skip(3);
        case 'a':
            if (!has(3) || byte(2) > 2 || !is_line_start()) return false;
            alignment_ = byte(2);
            return skip(3);
        case 'E':
            if (!has(3)) return false;
            is_bold_ = byte(2) & 1;
            is_new_piece_ = true;
            return skip(3);
        case 'R': return has(3) && byte(2) == 0 && skip(3);
        case '$':
            if (!has(4)) return false;
            x_ = byte(2) | byte(3) << 8;
            is_new_piece_ = true;
            is_indent_ = false;
            return skip(4);
        case '*': return columns();
        case 'J':
            if (!has(3) || !is_line_start()) return false;
            add_white(byte(2));
            return skip(3);
        default: return false;
        }
    }

    bool chinese() {
        if (profile_.known_charset() == Charset::none) return false;
        if (byte(1) == '&') {
            is_chinese_ = true;
            return skip(2);
        }
        return byte(1) == 'S' && has(4) && byte(2) == 0 && byte(3) == 0 && skip(4);
    }

    bool group() {
        switch (byte(1)) {
        case '!':
            if (!has(3) || (byte(2) >> 4) != (byte(2) & 15) || (byte(2) & 15) > 7) return false;
            scale_ = (byte(2) & 15) + 1;
            return skip(3);
        case 'P': return has(4) && byte(2) == profile_.motion_dpi && skip(4);
        case 'a': return is_known(profile_.asb) && skip(3);
        case 'r': return has(3) && byte(2) == 1 && skip(3);
        case 'h': return skip(3);
        case 'w': return skip(3);
        case 'H': return skip(3);
        case 'V':
            if (!has(4) || byte(2) != 0x42 || !is_line_start()) return false;
            ++out_.cuts;
            return skip(4);
        case 'e':
            return profile_.presenter == Presenter::custom && has(4) && byte(2) == 3 && skip(4);
        case 'v': return raster();
        case 'k': return bar_code();
        case '(': return function();
        default: return false;
        }
    }

    bool raster() {
        if (!has(8) || byte(2) != '0' || (byte(3) != 0 && byte(3) != 3) || !is_line_start())
            return false;
        const int scale = byte(3) == 3 ? 2 : 1;
        const int row_bytes = byte(4) | byte(5) << 8;
        const int rows = byte(6) | byte(7) << 8;
        const std::size_t size = std::size_t(row_bytes) * std::size_t(rows);
        const int width = row_bytes * 8 * scale;
        if (!has(8 + size) || width > profile_.width_dots) return false;
        const int free = profile_.width_dots - width;
        const int left = alignment_ == 0 ? 0 : alignment_ == 1 ? free / 2 : free;
        const int top = out_.page.height;
        add_white(rows * scale);
        for (int y = 0; y < rows * scale; ++y) {
            auto* row = out_.page.row(top + y) + left;
            const std::size_t start = 8 + std::size_t(y / scale) * std::size_t(row_bytes);
            for (int x = 0; x < width; ++x) {
                if (byte(start + std::size_t(x / scale / 8)) & (0x80 >> (x / scale % 8)))
                    row[x] = 0;
            }
        }
        return skip(8 + size);
    }

    // ESC * 33: dots in the line that is open.
    bool columns() {
        if (!is_known(profile_.bit_image) || !has(5) || byte(2) != 33) return false;
        const std::size_t count = std::size_t(byte(3)) | std::size_t(byte(4)) << 8;
        const std::size_t size = count * 3;
        if (!has(5 + size) || x_ + int(count) > profile_.width_dots) return false;
        for (std::size_t i = 0; i < size * 8; ++i)
            if (byte(5 + i / 8) & (0x80 >> (i % 8)))
                line_dots_.push_back({x_ + int(i / 24), int(i % 24)});
        x_ += int(count);
        is_line_open_ = true;
        is_new_piece_ = true;
        tallest_ = std::max(tallest_, cell_height_dots);
        return skip(5 + size);
    }

    bool bar_code() {
        if (!has(4) || byte(2) != 0x49) return false;
        const auto size = std::size_t(byte(3));
        if (!has(4 + size) || size < 2 || byte(4) != '{' || byte(5) != 'B') return false;
        std::string code;
        for (std::size_t i = 6; i < 4 + size; ++i) {
            code += char(byte(i));
            if (byte(i) == '{') ++i; // doubled
        }
        out_.codes.push_back(code);
        return skip(4 + size);
    }

    bool function() { // GS ( k and GS ( H
        if (!has(5)) return false;
        const std::size_t size = std::size_t(byte(3)) | std::size_t(byte(4)) << 8;
        if (!has(5 + size) || size < 3) return false;
        if (byte(2) == 'H') {
            if (size != 6 || byte(5) != 0x30 || byte(6) != 0x30) return false;
            out_.asked_for.push_back({std::uint8_t(byte(7)), std::uint8_t(byte(8)),
                                      std::uint8_t(byte(9)), std::uint8_t(byte(10))});
            return skip(5 + size);
        }
        if (byte(2) != 'k' || byte(5) != 0x31) return false;
        if (byte(6) == 0x50) {
            stored_qr_.clear();
            for (std::size_t i = 8; i < 5 + size; ++i) stored_qr_ += char(byte(i));
        }
        if (byte(6) == 0x51) out_.qr_payloads.push_back(stored_qr_);
        return skip(5 + size);
    }

    bool take_character() {
        const auto character = from_gb18030(stream_.subspan(at_));
        if (!character) return false;
        const char32_t c = character->character;
        if (c >= 0x80 && (!is_chinese_ || !has_glyph(profile_.known_charset(), c))) return false;
        if (c == 0x7F) return false;
        // Spaces at the beginning of a line are a way to its first piece.
        if (c == ' ' && (!is_line_open_ || is_indent_)) {
            is_indent_ = is_line_open_ = true;
            x_ += cell_dots(c) * scale_;
            return skip(character->size);
        }
        if (is_new_piece_ || !is_line_open_ || is_indent_) {
            is_indent_ = false;
            out_.texts.push_back({out_.page.height, x_, scale_, is_bold_, {}});
            is_new_piece_ = false;
        }
        is_line_open_ = true;
        out_.texts.back().text += text::encode_utf8(std::u32string(1, c));
        x_ += cell_dots(c) * scale_;
        tallest_ = std::max(tallest_, scale_ * cell_height_dots);
        return x_ <= profile_.width_dots && skip(character->size);
    }

    bool end_line() {
        const int top = out_.page.height;
        add_white(std::max(spacing_, tallest_));
        for (const auto& [x, y] : line_dots_) out_.page.row(top + y)[x] = 0;
        line_dots_.clear();
        tallest_ = 0;
        x_ = 0;
        is_line_open_ = false;
        is_new_piece_ = false;
        is_indent_ = false;
        return skip(1);
    }

    bool is_line_start() const { return !is_line_open_; }

    void add_white(int rows) {
        out_.page.height += rows;
        out_.page.pixels.resize(out_.page.row_bytes() * std::size_t(out_.page.height), 255);
    }

    base::ByteView stream_;
    const Profile& profile_;
    std::size_t at_ = 0;
    Decoded out_;
    std::string stored_qr_;
    int spacing_ = 34;
    int alignment_ = 0;
    int scale_ = 1;
    int x_ = 0;
    int tallest_ = 0;
    bool is_bold_ = false;
    bool is_chinese_ = false;
    bool is_line_open_ = false;
    bool is_new_piece_ = false;
    bool is_indent_ = false;
    std::vector<std::pair<int, int>> line_dots_; // of the open line: column, row below its top
};

} // namespace

base::Result<Decoded> decode(base::ByteView stream, const Profile& profile) {
    return Decoder(stream, profile).run();
}

} // namespace printer
