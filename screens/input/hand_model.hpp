// The installed handwriting model, and the recogniser that reads it.
//
// One file, made at build time by hand-train from packaged typefaces and a packaged list of words
// (screens/input/README.md). Whole numbers, little-endian, in this order:
//
//   head        magic "KIOSKINK"; u32: version, classes C, dimensions, feature size, pairs P,
//               bytes of the list of sources; f32: step of a prototype, weight of a distance
//   sources     text, one line each: SHA-256 and name of a face or list; filled up to 4 bytes
//   classes     u32 x C, ascending code points
//   projection  f32 scale x 128, f32 offset x 128, i16 x 128 x 512
//   prototypes  i8 x C x 128
//   singles     u8 x C: -ln(frequency) in steps of 1/12
//   pairs       u32 x (C+1): where each class's followers begin; u16 x P: the follower;
//               u8 x P: -ln(share) in steps of 1/16; likeliest first
//   style       f32 x 128 x 129, or nothing: how hands differ from typefaces, an affine map
//   digest      SHA-256 of all before
#pragma once

#include "kiosk/base/bytes.hpp"
#include "screens/input/ink_feature.hpp"

#include <memory>
#include <string>

namespace input {

namespace model_file {

inline constexpr std::string_view magic = "KIOSKINK";
inline constexpr std::uint32_t version = 1;
inline constexpr std::size_t head_size = 8 + 6 * 4 + 2 * 4;
inline constexpr std::size_t dimensions = 128;
inline constexpr std::size_t limit = 4u << 20;      // bytes that are read at all
inline constexpr std::size_t class_limit = 65535;   // a follower is two bytes
inline constexpr std::size_t sources_limit = 16384; // bytes
inline constexpr float feature_steps = 2048;        // of a feature of 1, in the projection
inline constexpr int fine_steps = 4;                // of ink, in one step of a prototype
inline constexpr float single_steps = 12;           // of ln, in one byte
inline constexpr float pair_steps = 16;

} // namespace model_file

class HandwritingModel final : public HandwritingLookup {
public:
    // Errors: not_found, io, too_large; unsupported (another version), corrupt (its digest, a size
    // or a figure is not right): install the kiosk again.
    static base::Result<std::unique_ptr<HandwritingModel>> open(const std::string& path);
    static base::Result<std::unique_ptr<HandwritingModel>> read(base::Bytes bytes);

    HandCandidates recognise(const Ink& ink, const HandContext& context, std::size_t first,
                             std::size_t most) const override;
    HandFollowers followers(char32_t previous, std::size_t most) const override;

    std::size_t class_count() const { return classes_.size(); }
    bool knows(char32_t character) const;
    const std::string& sources() const { return sources_; }
    // What the opened model holds on to, in bytes.
    std::size_t memory() const;

private:
    class Reader;
    struct Work;
    using Likelihood = std::vector<float, base::SecretAllocator<float>>;

    HandwritingModel() = default;
    std::size_t index_of(char32_t character) const; // class_count() where there is none
    void project(Work& work) const;
    void measure(const Work& work, Likelihood& scores) const;
    void add_likelihood(const HandContext& context, Likelihood& scores) const;
    void make_style_prototypes();

    base::Bytes bytes_; // the file; prototypes, singles and followers' shares stay in it
    std::string sources_;
    float distance_weight_ = 0; // of one fine step squared
    float step_ = 0;
    std::vector<char32_t> classes_;
    std::vector<float> scale_, offset_;    // into fine steps
    std::vector<std::int16_t> projection_; // dimensions rows of feature_size
    std::span<const std::int8_t> prototypes_;
    std::vector<std::int8_t> style_prototypes_; // empty, or a second one for each class
    std::vector<float> style_;                  // while opening
    base::ByteView singles_, shares_;
    std::vector<std::uint32_t> pair_begin_;
    std::vector<std::uint16_t> followers_;
};

} // namespace input
