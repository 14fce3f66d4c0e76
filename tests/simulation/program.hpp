// One run of the program, from its start to its end or its death: the product's own parts, on one
// thread, at a place where everything can go wrong.
#pragma once

#include "drivers/card_reader/sam_reader.hpp"
#include "drivers/receipt_printer/escpos_printer.hpp"
#include "kiosk/app/sending.hpp"
#include "kiosk/present/present.hpp"
#include "kiosk/staff/authenticator.hpp"
#include "tests/simulation/watch.hpp"

#include <functional>
#include <memory>
#include <optional>

namespace simulation {

class Program {
public:
    // `entered` is what the person in front of it has entered so far; a card that was read is noted
    // there by what lay on the reader.
    Program(Place& place, Watch& watch, Trace& trace, Entered& entered);
    ~Program();

    const session::Session& session() const { return kiosk_->session(); }
    bool is_accepting() const { return submitter_->is_accepting(); }
    // What a person does on the glass, and what follows from it. False: the table refused it.
    bool tell(session::Input input);
    // What arrived, what is due, and a look at everything.
    void turn();
    // When something is due at the latest: a deadline of the session or a try of the sender.
    base::MonotonicTime next_wake() const;
    void send_now();
    base::Result<std::unique_ptr<outbox::Outbox>> look_into_outbox() {
        return submitter_->another_connection();
    }
    // Counted from now; `after` lets the effect itself happen.
    void die_at_effect(int effect, bool after) {
        dies_at_effect_ = effect;
        dies_after_effect_ = after;
    }

private:
    // The log, read while it is written.
    class Notes final : public base::Log {
    public:
        Notes(Watch& watch, Trace& trace) : watch_(watch), trace_(trace) {}
        void write(base::LogEvent event, std::initializer_list<base::LogEntry> entries) override;

    private:
        Watch& watch_;
        Trace& trace_;
    };
    // The printer as the watch sees it: which receipt went to it, how often.
    class WatchedPrinter final : public drivers::ReceiptPrinter {
    public:
        WatchedPrinter(Place& place, Watch& watch)
            : place_(place), watch_(watch), printer_(place.paper) {}
        base::Result<drivers::StatusAnswers> status() override;
        base::Result<drivers::PrintReport> print(base::ByteView stream,
                                                 std::stop_token stop) override;
        base::Result<drivers::CarryReport> carry(base::ByteView stream, std::stop_token stop,
                                                 drivers::PrintWatch& watch) override;
        base::Result<void> clear(drivers::PrintWatch* watch = nullptr) override;
        std::string key; // whose receipt was rendered last

    private:
        Place& place_;
        Watch& watch_;
        drivers::EscposPrinter printer_;
    };

    app::SubmitterSettings submitter_settings();
    void open_staff();
    app::Services services();
    void look(app::Kiosk::EffectMoment moment, session::EffectKind kind);
    void show();

    Place& place_;
    Watch& watch_;
    Trace& trace_;
    Entered& entered_;
    Notes notes_;
    std::unique_ptr<base::EventStream> events_;
    drivers::SamReader reader_;
    WatchedPrinter printer_;
    Place::Line upload_line_, call_line_, errand_line_;
    platform::Client upload_client_, call_client_, errand_client_;
    // Only where staff are about.
    std::unique_ptr<staff::AuditChain> audit_;
    std::unique_ptr<staff::DeskState> desk_state_;
    std::unique_ptr<staff::Authenticator> authenticator_;
    std::unique_ptr<app::StaffDesk> desk_;
    std::unique_ptr<app::Submitter> submitter_;
    std::unique_ptr<app::Printing> printing_;
    app::InlineWorker worker_;
    std::unique_ptr<app::Kiosk> kiosk_;
    std::unique_ptr<app::Sender> sender_;
    base::MonotonicTime next_try_{};
    // What stands on the glass until something else does.
    std::optional<screens::ScreenModel> glass_;
    // The last text that was edited, as an editor's own buffers keep it.
    std::optional<screens::ScreenModel> edited_;
    present::View view_;
    std::string shown_;
    std::optional<int> dies_at_effect_;
    bool dies_after_effect_ = false;
    bool is_at_card_ = false;
    bool has_staff_card_ = false;
};

} // namespace simulation
