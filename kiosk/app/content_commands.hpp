// `kiosk content ...`: what operators and technicians do with content sets.
#pragma once

#include "kiosk/app/commands.hpp"

namespace app {

// What `kiosk content validate` looks for, for its help; the same rules when a set is installed and
// activated, and all but the room for texts when it is started (kiosk/content/README.md).
inline constexpr std::string_view content_rules =
    "Rules, each named in front of what breaks it. A kiosk refuses a set that breaks one, whoever\n"
    "signed it: when it is installed, activated and started.\n"
    "  V1   ids and codes stand once\n"
    "  V2   a condition speaks about earlier fields\n"
    "  V3   no condition always holds, none never does\n"
    "  V4   every way through the form reaches the end\n"
    "  V5   codes in conditions exist\n"
    "  V6   three languages, none a copy, each in its own letters, the same {placeholders}, no "
    "text too long for its page\n"
    "  V7   whatever is asked can be read aloud\n"
    "  V8   L2 offers a way without a face, and confirms the identity on every way\n"
    "  V9   what describes a person has a term; nothing nobody may ask; at S2 and S3 a \"why\"\n"
    "  V10  every page of a paper has a label\n"
    "  V11  the receipt says nothing about a person\n"
    "  V12  a form that was changed has a higher version\n"
    "  V13  at most 20 questions, or a reason in \"manyQuestions\"\n"
    "  V14  bank and address at L1 or L2 alone; what is S3 is not fetched from the platform\n"
    "  G12  at L0 no card, and beside free text: about places and things only\n"
    "  kform/1, set: a file is not written as the vocabulary says, or missing, or altered\n";

// Each returns an exit code (DESIGN §6).
int verify_content(const CommonOptions& common, const std::string& folder);
// Everything that is wrong with a set that somebody is writing: file, field, place, what to do.
int validate_content(const CommonOptions& common, const std::string& folder);
// Makes manifest.json fit the files of the folder after a change.
int make_content_manifest(const std::string& folder);
int sign_content(const std::string& folder, const std::string& key_file);
int install_content(const CommonOptions& common, const std::string& folder, bool activate);
int activate_content(const CommonOptions& common, const std::string& name);
int roll_back_content(const CommonOptions& common);
int content_status(const CommonOptions& common);

} // namespace app
