// What a screen may say about the kiosk itself, as the application knows it at this moment.
//
// Plain facts, gathered by the owner of the devices; nothing here is looked up, waited for or kept.
#pragma once

#include "kiosk/session/session.hpp"
#include "printer/state.hpp"
#include "screens/input/handwriting.hpp"
#include "screens/input/pinyin.hpp"
#include "screens/model.hpp"
#include "screens/scan_screen.hpp"

namespace present {

// How the card reader is, for staff: nothing about any card.
struct CardReaderFacts {
    std::string wire;                  // "USB 0400:c35a"; empty: not asked yet
    int pipes = 0;                     // drivers::TransportDescription::pipes
    std::string id;                    // of its module; empty: it never answered
    std::optional<base::Errc> trouble; // what went wrong with it last
    bool operator==(const CardReaderFacts&) const = default;
};

// What the face camera sees, and the one thing to say about it.
struct FaceFacts {
    screens::PictureRef live; // as in a mirror; empty while the camera has not answered
    std::string said;         // last part of a message key, face.say.X; empty: looking for a face
    bool is_asked = false;    // `said` is a movement to make, not something to change

    bool operator==(const FaceFacts&) const = default;
};

// One number of the place in the picture where a face belongs.
struct MirrorMeasure {
    std::string reason; // last part of staff.face.trouble.X
    double value = 0;
    double lowest = 0, highest = 0;
    bool is_good = true;
    bool operator==(const MirrorMeasure&) const = default;
};

// What a technician is shown of the face camera: their own picture, and how it is. Nobody is looked
// for in it.
struct MirrorFacts {
    screens::PictureRef live;            // as in a mirror; empty while the camera has not answered
    int width = 0, height = 0;           // of a frame, pixels
    double frames_per_second = 0;        // as they came; 0: too few yet
    std::vector<MirrorMeasure> measures; // in the order in which they are said

    bool operator==(const MirrorFacts&) const = default;
};

// The sheet in the live picture.
struct PaperFacts {
    std::vector<screens::Corner> outline; // four, clockwise; empty: no sheet is seen
    double held = 0;                      // from 0 to 1: it lies still; at 1 it is taken
};

struct Facts {
    // Time, and the content set of the next session: attract and out of service speak from it.
    session::World world;

    // The last picture of the document camera; empty while it has not answered. Scan step only.
    screens::PictureRef live;
    FaceFacts face;     // face_check alone
    PaperFacts paper;   // scan step only
    MirrorFacts mirror; // staff area, face_camera alone

    bool card_reader_ok = true;
    CardReaderFacts card_reader;
    bool card_reading = false;  // a card lies there and is being read
    bool card_on_reader = true; // goodbye: is there a card to be lifted?
    bool card_left = false;     // attract: one lies there whose visit has ended; whose, nobody says
    bool camera_ok = true;
    bool many_checks_failed = false; // ten face checks within an hour (spec safeguards G16)
    bool camera_failed = false;      // in this session: not offered again before the next one
    bool printer_ok = true;          // it would print now, and what it prints can be noted
    printer::State printer = printer::State::probing;
    // Storage is healthy and has room for one more request (spec reliability R5).
    bool accepting = true;

    // Staff. A witness needs all three of the first: somebody there, a reader, a list that is good.
    bool staff_on_duty = false;
    bool staff_reader_ok = false;
    bool roster_ok = false;
    bool takes_enrolment_code = false; // this kiosk has never had a staff list
    bool closed_by_staff = false;      // out of service by staff: other words than a fault
    std::string local_notice;          // id of a fixed template (local-notice.ID); empty: none

    // Input methods; null: that board is not offered here, and the screen says so. Not owned; they
    // outlive every frame.
    input::PinyinLookup* pinyin = nullptr;
    const input::HandwritingLookup* handwriting = nullptr;

    bool reads_aloud = false; // "Listen" is shown only where it can be answered
};

} // namespace present
