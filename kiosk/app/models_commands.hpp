// `kiosk models`, as functions; exit codes and manners as in commands.hpp.
#pragma once

#include "kiosk/app/commands.hpp"

namespace app {

int list_models(const CommonOptions& common);
int install_models(const CommonOptions& common, const std::string& from);

} // namespace app
