#include "drivers/card_reader/simulated_card.hpp"

#include <algorithm>
#include <array>

namespace drivers {
namespace {

using base::Bytes;

// UTF-16 of well-formed UTF-8: the table of people below and tests write nothing else.
std::u16string to_utf16(std::string_view text) {
    std::u16string out;
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i++]);
        const int tail = lead < 0x80 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
        char32_t c = tail == 0 ? lead : lead & (0x3f >> tail);
        for (int n = 0; n < tail && i < text.size(); ++n)
            c = c << 6 | (static_cast<unsigned char>(text[i++]) & 0x3f);
        if (c < 0x10000) {
            out += char16_t(c);
        } else {
            out += char16_t(0xd800 + ((c - 0x10000) >> 10));
            out += char16_t(0xdc00 + ((c - 0x10000) & 0x3ff));
        }
    }
    return out;
}

// Offsets are written out again, not shared with the codec: a slip there is then seen here.
class TextArea {
public:
    TextArea() {
        for (std::size_t i = 0; i < bytes_.size(); i += 2) bytes_[i] = ' ';
    }
    void put(std::size_t offset, std::size_t size, std::u16string_view units) {
        for (std::size_t i = 0; i < std::min(size / 2, units.size()); ++i) {
            bytes_[offset + 2 * i] = std::uint8_t(units[i] & 0xff);
            bytes_[offset + 2 * i + 1] = std::uint8_t(units[i] >> 8);
        }
    }
    void put(std::size_t offset, std::size_t size, std::string_view text) {
        put(offset, size, std::u16string_view(to_utf16(text)));
    }
    Bytes bytes() const { return bytes_; }

private:
    Bytes bytes_ = Bytes(256);
};

void put_resident(TextArea& area, const SimulatedCard& card) {
    area.put(0, 30, card.name);
    area.put(30, 2, card.sex);
    area.put(32, 4, card.ethnic_code);
    area.put(36, 16, card.birth);
    area.put(52, 70, card.address);
    area.put(122, 36, card.number);
    area.put(158, 30, card.issuer);
}

void put_permit(TextArea& area, const SimulatedCard& card) {
    put_resident(area, card);
    area.put(220, 18, "H99999999"); // travel permit number: not kept by the product
    area.put(238, 4, "01");
    area.put(248, 2, "J");
}

void put_foreigner_2017(TextArea& area, const SimulatedCard& card) {
    area.put(0, 120, card.latin_name);
    area.put(120, 2, card.sex);
    area.put(122, 30, card.number);
    area.put(152, 6, "XXA"); // user-assigned country code: no country
    area.put(158, 30, card.name);
    area.put(220, 16, card.birth);
    area.put(236, 4, "01");
    area.put(240, 8, "9999");
    area.put(248, 2, "I");
}

void put_foreigner_2023(TextArea& area, const SimulatedCard& card) {
    const auto latin = to_utf16(card.latin_name);
    area.put(0, 30, card.name);
    area.put(30, 2, card.sex);
    area.put(32, 4, "00");
    area.put(36, 16, card.birth);
    area.put(52, 70, std::u16string_view(latin));
    if (latin.size() > 35) area.put(220, 22, std::u16string_view(latin).substr(35));
    area.put(122, 36, card.number);
    area.put(242, 6, "XXA");
    area.put(248, 2, "Y");
}

void append_big_endian(Bytes& out, std::size_t number) {
    out.push_back(std::uint8_t(number >> 8));
    out.push_back(std::uint8_t(number));
}

// Numbers: spec matters §9 and id-card-reader §6. Addresses and names are invented.
const std::array people{
    DemoPerson{"pensioner", "pensioner, born 1950, long name",
               SimulatedCard{.name = "阿卜杜热合曼·麦麦提图尔荪",
                             .number = "65999919500101001X",
                             .sex = "1",
                             .ethnic_code = "05",
                             .birth = "19500101",
                             .address = "新疆乌鲁木齐市新市区正扬路街道试验巷999号9栋9单元999室",
                             .issuer = "试验市公安局",
                             .valid_from = "20060101",
                             .valid_to = "长期"}},
    DemoPerson{"applicant-86", "applicant, born 1940, elderly allowance",
               SimulatedCard{.name = "帕提古丽·试验",
                             .number = "659999194003150046",
                             .sex = "2",
                             .ethnic_code = "05",
                             .birth = "19400315",
                             .address = "新疆乌鲁木齐市新市区长春中路街道样品里99号1单元101室",
                             .issuer = "试验市公安局",
                             .valid_from = "20060101",
                             .valid_to = "长期"}},
    DemoPerson{"agent", "agent, born on 29 February 1988",
               SimulatedCard{.name = "王试验",
                             .number = "659999198802290027",
                             .sex = "2",
                             .ethnic_code = "01",
                             .birth = "19880229",
                             .address = "新疆乌鲁木齐市新市区长春中路街道样品里99号1单元102室",
                             .issuer = "试验市公安局",
                             .valid_from = "20180301",
                             .valid_to = "20380301"}},
    DemoPerson{"child", "child, born 2019",
               SimulatedCard{.name = "李样品",
                             .number = "659999201906300036",
                             .sex = "1",
                             .ethnic_code = "01",
                             .birth = "20190630",
                             .address = "新疆乌鲁木齐市新市区长春中路街道样品里99号2单元201室",
                             .issuer = "试验市公安局",
                             .valid_from = "20240701",
                             .valid_to = "20290701"}},
    DemoPerson{"rare-name", "rare characters: beyond 16 bits and private use",
               SimulatedCard{.name = "\U00020BB7\U0002A6A5\uE863",
                             .number = "659999199003070014",
                             .sex = "1",
                             .ethnic_code = "01",
                             .birth = "19900307",
                             .address = "新疆乌鲁木齐市新市区正扬路街道\U00030EDE巷9号",
                             .issuer = "试验市公安局",
                             .valid_from = "20160307",
                             .valid_to = "20360307"}},
    DemoPerson{"expired", "card expired in 2020",
               SimulatedCard{.name = "赵样品",
                             .number = "659999199003070022",
                             .sex = "2",
                             .ethnic_code = "01",
                             .birth = "19900307",
                             .address = "新疆乌鲁木齐市新市区正扬路街道试验巷9号",
                             .issuer = "试验市公安局",
                             .valid_from = "20100307",
                             .valid_to = "20200307"}},
    DemoPerson{"inconsistent", "sex and number contradict each other",
               SimulatedCard{.name = "钱样品",
                             .number = "659999199003070022",
                             .sex = "1",
                             .ethnic_code = "01",
                             .birth = "19900307",
                             .address = "新疆乌鲁木齐市新市区正扬路街道试验巷9号",
                             .issuer = "试验市公安局",
                             .valid_from = "20160307",
                             .valid_to = "20360307"}},
    DemoPerson{"permit", "residence permit (type J)",
               SimulatedCard{.kind = CardKind::residence_permit,
                             .name = "陈样品",
                             .number = "810000190001010018",
                             .sex = "1",
                             .birth = "19000101",
                             .address = "新疆乌鲁木齐市新市区正扬路街道试验巷9号",
                             .issuer = "试验市公安局"}},
    DemoPerson{"foreigner-2017", "foreigner's card of 2017 (type I)",
               SimulatedCard{.kind = CardKind::foreigner_2017,
                             .latin_name = "SAMPLE, PERSON",
                             .number = "XXA999990010109",
                             .sex = "2",
                             .birth = "19900101"}},
    DemoPerson{"foreigner-2023", "foreigner's card of 2023 (type Y)",
               SimulatedCard{.kind = CardKind::foreigner_2023,
                             .name = "样品",
                             .latin_name = "SAMPLE-WITH-A-RATHER-LONG-FAMILY-NAME, PERSON",
                             .number = "965999199001010017",
                             .sex = "1",
                             .birth = "19900101"}},
    DemoPerson{"unknown-kind", "a kind of card nobody knows",
               SimulatedCard{.name = "样品",
                             .number = "659999199003070014",
                             .birth = "19900307",
                             .type_flag = u'Z'}},
};

} // namespace

Bytes card_text(const SimulatedCard& card) {
    TextArea area;
    switch (card.kind) {
    case CardKind::resident: put_resident(area, card); break;
    case CardKind::residence_permit: put_permit(area, card); break;
    case CardKind::foreigner_2017: put_foreigner_2017(area, card); break;
    case CardKind::foreigner_2023: put_foreigner_2023(area, card); break;
    }
    area.put(188, 16, card.valid_from);
    area.put(204, 16, card.valid_to);
    if (card.type_flag != 0) area.put(248, 2, std::u16string_view(&card.type_flag, 1));
    return area.bytes();
}

Bytes card_photo(const SimulatedCard& card) {
    Bytes photo(1024);
    std::uint32_t state = 0x9e3779b9u * (card.photo_seed + 1u);
    for (auto& byte : photo) {
        state = state * 1664525u + 1013904223u;
        byte = std::uint8_t(state >> 24);
    }
    std::copy(card.photo_marks.begin(), card.photo_marks.end(), photo.begin() + 100);
    return photo;
}

Bytes card_new_address(const SimulatedCard& card) {
    Bytes address;
    auto units = to_utf16(card.new_address);
    units.resize(35, u' ');
    for (const char16_t unit : units) {
        address.push_back(std::uint8_t(unit & 0xff));
        address.push_back(std::uint8_t(unit >> 8));
    }
    return address;
}

Bytes reply_frame(std::uint8_t sw3, base::ByteView data) {
    Bytes frame{0xaa, 0xaa, 0xaa, 0x96, 0x69};
    append_big_endian(frame, data.size() + 4);
    frame.insert(frame.end(), {0, 0, sw3});
    frame.insert(frame.end(), data.begin(), data.end());
    std::uint8_t sum = 0;
    for (std::size_t i = 5; i < frame.size(); ++i) sum ^= frame[i];
    frame.push_back(sum);
    return frame;
}

Bytes read_reply(const SimulatedCard& card, std::optional<std::size_t> fingerprint_bytes) {
    const auto text = card_text(card);
    const auto photo = card_photo(card);
    Bytes data;
    append_big_endian(data, text.size());
    append_big_endian(data, photo.size());
    if (fingerprint_bytes) append_big_endian(data, *fingerprint_bytes);
    data.insert(data.end(), text.begin(), text.end());
    data.insert(data.end(), photo.begin(), photo.end());
    for (std::size_t i = 0; i < fingerprint_bytes.value_or(0); ++i)
        data.push_back(card.fingerprint.empty()
                           ? std::uint8_t(0xf1)
                           : std::uint8_t(card.fingerprint[i % card.fingerprint.size()]));
    return reply_frame(0x90, data);
}

std::span<const DemoPerson> demo_people() {
    return people;
}

const DemoPerson* find_demo_person(std::string_view id) {
    const auto found = std::find_if(people.begin(), people.end(),
                                    [id](const DemoPerson& person) { return person.id == id; });
    return found == people.end() ? nullptr : &*found;
}

} // namespace drivers
