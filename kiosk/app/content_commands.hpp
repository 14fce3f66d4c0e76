// `kiosk content ...`: what operators and technicians do with content sets.
#pragma once

#include "kiosk/app/commands.hpp"

namespace app {

// Each returns an exit code (DESIGN §6).
int verify_content(const CommonOptions& common, const std::string& folder);
int sign_content(const std::string& folder, const std::string& key_file);
int install_content(const CommonOptions& common, const std::string& folder, bool activate);
int activate_content(const CommonOptions& common, const std::string& name);
int roll_back_content(const CommonOptions& common);
int content_status(const CommonOptions& common);

} // namespace app
