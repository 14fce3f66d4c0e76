// What a receipt says, before anybody knows how wide the paper is.
//
// A document is a list of blocks from top to bottom. It holds words and their rank, never dots,
// fonts or printer bytes: layout.hpp turns it into those, once, for the printer and for the picture
// alike (DESIGN D11). Texts are finished words in one language; composing them is the business of
// whoever issues the receipt. All text is secret, since a receipt names a person.
#pragma once

#include "kiosk/base/language.hpp"
#include "kiosk/base/secret.hpp"

#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace printer {

enum class Size { normal, large, huge };
enum class Align { start, centre, end }; // start is the right side for Uyghur

struct Text {
    base::SecretText text;
    base::Language language = base::Language::zh; // shaping, direction of the line, font
};

struct Paragraph {
    Text content;
    Size size = Size::normal;
    bool is_bold = false;
    Align align = Align::start;
};

// A bold label and its value, on one line where both fit, else the value below.
struct Pair {
    base::SecretText label;
    base::SecretText value;
    base::Language language = base::Language::zh;
};

// The state of the request: large, white on black, all texts beside each other where they fit,
// else below each other.
struct Banner {
    std::vector<Text> texts;
};

enum class RuleStyle { solid, dashed };
struct Rule {
    RuleStyle style = RuleStyle::solid;
};

struct Space {
    int millimetres = 2; // 1 to 50
};

// Centred, with its quiet zone. Printable ASCII, 1 to 120 characters; spaces stay in.
struct Qr {
    base::SecretText payload;
};

// CODE128, centred, for scanners at the counter. Printable ASCII, 1 to 30 characters.
struct Code {
    base::SecretText payload;
};

// Cells beside each other in columns of relative widths; long cells get further lines.
struct Table {
    std::vector<int> columns;  // relative widths, 1 to 4 columns of 1 to 20
    std::vector<Align> aligns; // as many
    std::vector<std::vector<base::SecretText>> rows;
    base::Language language = base::Language::zh; // Uyghur columns run from right to left
    bool has_header = false;                      // the first row is bold
};

// A picture in dots, centred. Not about a person: it comes with the content.
struct Logo {
    int width = 0; // dots, a multiple of 4, at most 576
    int height = 0;
    base::Bytes rows; // eight dots a byte, left dot in the highest bit, rows padded to bytes
};

// Feeds the slip out and cuts it. A document that does not end with one gets one.
struct Cut {};

using Block = std::variant<Paragraph, Pair, Banner, Rule, Space, Qr, Code, Table, Logo, Cut>;

struct Document {
    std::vector<Block> blocks;

    // In place: g++ 12 takes a variant moved from a temporary for uninitialised.
    template <class Kind> Document& add(Kind block) {
        blocks.emplace_back(std::move(block));
        return *this;
    }
};

// Chosen: the longest receipt of the matters has about 30 blocks; a line of 80 mm paper holds 24
// Chinese characters (72 bytes).
inline constexpr std::size_t block_limit = 200;
inline constexpr std::size_t text_bytes_limit = 2000;
inline constexpr std::size_t qr_bytes_limit = 120;
inline constexpr std::size_t code_bytes_limit = 30;
inline constexpr std::size_t table_rows_limit = 50;
inline constexpr int logo_width_limit = 576;
inline constexpr int logo_height_limit = 400; // 5 cm
inline constexpr std::size_t document_bytes_limit = 256 * 1024;

// Reads the JSON form that README.md describes. Nothing is guessed: an unknown, doubled or missing
// key, a wrong type, text that is not UTF-8 are refused. Errors: invalid_input, too_large; the
// context is one line naming the place ("receipt: blocks[3].size: ...") and never quotes a value.
base::Result<Document> read_document(base::ByteView json);

// A receipt number in groups of four, the way it is printed and read aloud: "7K4M92HX3PRD" is
// "7K4M 92HX 3PRD".
base::SecretText in_groups_of_four(std::string_view number);

} // namespace printer
