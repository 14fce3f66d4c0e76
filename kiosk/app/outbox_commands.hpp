// `kiosk outbox`: the queue from outside, for staff and support. Shows numbers, states and ages,
// never contents: there is no way to read them here (DESIGN D9).
#pragma once

#include "kiosk/app/commands.hpp"

namespace app {

int list_outbox(const CommonOptions& common);
int verify_outbox(const CommonOptions& common);

// Every request that is not delivered, sealed as it is, into a new file; read again before it is
// called whole. Nothing is taken out of the queue. Not ok: some are damaged and are not in it.
int export_outbox(const CommonOptions& common, const std::string& file);
// Takes over what another kiosk exported. Beside a running kiosk too, which sends it within a
// minute. The same file again changes nothing. Not ok: the file is damaged or ended early (what was
// whole is taken over), a request is refused, or there is no room.
int import_outbox(const CommonOptions& common, const std::string& file);

// These need the kiosk stopped: `send` because a running kiosk sends by itself and two must not
// have the same request in hand, the others because their row in the audit chain is the running
// kiosk's.
int send_outbox(const CommonOptions& common);
// What was set aside goes out again, or out of the queue, because the counter finished it.
int release_outbox(const CommonOptions& common, const std::string& receipt_no);
int close_outbox(const CommonOptions& common, const std::string& receipt_no);

} // namespace app
