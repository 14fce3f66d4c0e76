// The photo of an identity card, from 1,024 proprietary bytes to a picture.
//
// The decoder is a vendor's plug-in behind our own small C interface (kiosk_photo_decoder.h). Such
// libraries write files, exit and crash (spec id-card-reader §8), so it is never loaded here: each
// photo has a helper process of its own (kiosk-photo-decoder) without files, network or children,
// that is killed when its time is over. Its return code is not believed; the picture is looked at.
//
// Call it only after the person has consented (spec safeguards G6). Nothing of the chip bytes or
// the picture is written, logged, or part of an Error.
#pragma once

#include "kiosk/base/clock.hpp"
#include "kiosk/base/secret.hpp"

#include <stop_token>
#include <string>

namespace drivers {

inline constexpr std::size_t chip_photo_bytes = 1024;

// Red, green, blue; rows from the top, without padding. In locked memory, wiped with its owner.
struct CardPhoto {
    static constexpr int width = 102;
    static constexpr int height = 126;
    base::SecretBytes pixels;

    CardPhoto() = default;
    CardPhoto(CardPhoto&&) = default;
    CardPhoto& operator=(CardPhoto&&) = default;
    CardPhoto(const CardPhoto&) = delete; // a copy of a face is a decision
    CardPhoto& operator=(const CardPhoto&) = delete;
};

struct PhotoDecoderSettings {
    std::string plug_in; // empty: this kiosk has none
    std::string helper;  // the program kiosk-photo-decoder
    // Where the empty folder for the helper is made and removed again; in memory on a kiosk.
    std::string scratch_folder;
    base::Milliseconds limit{3000}; // spec id-card-reader §8
};

// For `kiosk doctor` and the staff page. Which fences the system granted beside those that the
// helper insists on.
struct PhotoDecoderDescription {
    bool has_no_network = false;
    bool has_file_fence = false;
    bool has_locked_memory = false;
};

// One call at a time, from one thread.
class PhotoDecoder {
public:
    PhotoDecoder(PhotoDecoderSettings settings, const base::Clock& clock)
        : settings_(std::move(settings)), clock_(clock) {}

    // Takes at most the limit and a moment to kill what is still there. Errors, each of which
    // leaves the kiosk and the text of the card as they are, and the comparison to staff:
    //   unsupported    no plug-in is configured, or it is made for another version of the interface
    //   not_found      plug-in or helper is not there, or the plug-in needs a library that is not
    //   unauthorised   somebody else could have changed the plug-in: its file or a folder above it
    //                  belongs to, or can be written by, others
    //   invalid_input  not 1,024 chip bytes
    //   refused        the plug-in did what it may not do (a file, a socket, a process); killed
    //   timed_out      killed after the limit
    //   device         the plug-in crashed, ended the process, or said that there is no picture
    //   corrupt        what came back is no picture, or not of the right length
    //   io             the system gave no process, pipe, folder or fence
    //   cancelled      `stop` was requested; killed
    base::Result<CardPhoto> decode(base::ByteView chip_bytes, std::stop_token stop) const;

    // Loads the plug-in in the helper and asks for its version; decodes nothing. Same errors.
    base::Result<PhotoDecoderDescription> look() const;

private:
    PhotoDecoderSettings settings_;
    const base::Clock& clock_;
};

// Nothing when nobody but root and this user can change the file or exchange a folder above it.
// Errors: not_found, unauthorised (names the path).
base::Result<void> check_plug_in(const std::string& path);

// A picture of a person has light and dark in both halves, and neighbours that resemble each other.
// Errors: corrupt (says what it is instead: one colour, noise).
base::Result<void> check_is_picture(const CardPhoto& photo);

} // namespace drivers
