// A model of an ESC/POS printer on the wire: takes bytes, marks paper, answers, and suffers what
// people do to printers. For development and tests only.
//
// Byte-exact for the commands that the product sends (README.md lists them). Anything else is
// printed as a row of rubbish and counted, as real units do in their way. Prints at once, without
// taking time. Verbs may be called from another thread than the wire.
#pragma once

#include "drivers/receipt_printer/simulated_paper.hpp"
#include "drivers/transport.hpp"

#include <deque>
#include <initializer_list>
#include <mutex>

namespace drivers {

struct SimulatedPrinterTraits {
    int width_dots = 576;
    std::size_t buffer_bytes = 8192; // spec receipt-printer §5: 4 kB to 64 kB
    int head_to_cutter_dots = 112;   // chosen, 14 mm; also the distance to the tear bar
    bool has_cutter = true;
    bool answers = true;              // false: one-way unit
    bool can_clear = true;            // understands Epson's "clear buffers"
    std::size_t largest_write = 4096; // takes no more at a time
};

class SimulatedPrinter final : public Transport {
public:
    explicit SimulatedPrinter(SimulatedPrinterTraits traits = {});

    // The wire. Time limits are not waited for: what is not possible now is reported at once.
    base::Result<std::size_t> write(base::ByteView bytes, base::Milliseconds limit) override;
    base::Result<std::size_t> read(std::span<std::uint8_t> into, base::Milliseconds limit) override;

    // What people do.
    void take_paper_out();
    void load_paper(); // a full roll; printing goes on from the buffer
    void paper_runs_out_after(int dots);
    void open_cover();
    void close_cover();
    void pull_cable();
    void pull_cable_after(std::size_t bytes); // once so many more have been taken
    void plug_cable();
    void switch_off_and_on(); // forgets its buffer
    // Tears off what hangs out; with it come all slips cut before, oldest first.
    std::vector<base::Picture> tear();

    // What one can see.
    base::Picture hanging_out() const;
    std::size_t rubbish() const;         // bytes printed as rubbish
    std::size_t waiting_bytes() const;   // taken, not printed
    std::size_t answered_status() const; // status answers given, wanted or not
    bool is_paper_out() const;

private:
    enum class Took { command, nothing }; // nothing: more bytes or paper are needed

    struct Picture {
        std::size_t row_bytes = 0;
        std::size_t rows_left = 0;
    };

    bool can_print() const { return !is_cover_open_ && !is_paper_out_; }
    std::size_t take(base::ByteView bytes);
    void watch_for_real_time_command(std::uint8_t byte);
    void answer_status(std::uint8_t question);
    void work();
    Took work_one_command();
    Took work_picture();
    Took work_escape();
    Took work_group();
    Took work_data_link_escape();
    Took work_cut();
    Took rubbish_byte();
    void cut_now();
    void pay_owed_feed();
    bool has_waiting(std::size_t bytes) const { return buffer_.size() >= bytes; }
    void drop(std::size_t bytes);
    void print_row(base::ByteView row, int left);
    void feed(int dots);
    void use_paper(int dots);
    void answer(std::initializer_list<std::uint8_t> bytes);

    const SimulatedPrinterTraits traits_;
    mutable std::mutex mutex_;
    SimulatedPaper paper_;
    std::deque<std::uint8_t> buffer_;
    std::deque<std::uint8_t> answers_;
    std::vector<std::uint8_t> last_received_; // enough to recognise the longest real-time command
    Picture picture_;
    int line_spacing_ = 34;
    int alignment_ = 0;
    int paper_left_dots_;
    int owed_feed_dots_ = 0; // of a feed that the paper's end interrupted
    bool owes_cut_ = false;  // after that feed
    std::size_t cable_bytes_left_;
    std::size_t rubbish_ = 0;
    std::size_t answered_status_ = 0;
    bool is_plugged_ = true;
    bool is_cover_open_ = false;
    bool is_paper_out_ = false;
};

} // namespace drivers
