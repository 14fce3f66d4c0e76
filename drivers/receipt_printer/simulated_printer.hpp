// A model of an ESC/POS printer on the wire: takes bytes, marks paper, answers, and suffers what
// people do to printers. For development and tests only.
//
// Byte-exact for the commands that the product sends (README.md lists them). Anything else is
// printed as a row of rubbish and counted, as real units do in their way. Prints at once unless its
// speed is given; then time passes in the waits of write() and read(), and now() tells it. Verbs
// may be called from another thread than the wire.
#pragma once

#include "drivers/receipt_printer/simulated_paper.hpp"
#include "drivers/transport.hpp"

#include <array>
#include <deque>
#include <functional>
#include <initializer_list>
#include <mutex>
#include <optional>

namespace drivers {

// Which type the unit has of its own. Its glyphs are patterns that depend on the code alone.
enum class SimulatedType { none, ascii, gbk, gb18030 };

struct SimulatedPrinterTraits {
    int width_dots = 576;
    std::size_t buffer_bytes = 8192; // spec receipt-printer §5: 4 kB to 64 kB
    int head_to_cutter_dots = 112;   // chosen, 14 mm; also the distance to the tear bar
    bool has_cutter = true;
    bool answers = true;              // false: one-way unit
    bool can_clear = true;            // understands Epson's "clear buffers"
    std::size_t largest_write = 4096; // takes no more at a time
    SimulatedType type = SimulatedType::none;
    bool has_process_id = false; // GS ( H
    bool has_asb = false;        // GS a
    bool can_recover = false;    // DLE ENQ 1 and 2
    bool has_port_status = true; // USB printer class
    bool has_presenter = false;  // GS e 2 and 3, DLE EOT 14 (Custom): a cut slip waits at the mouth
    // So many bytes stay in the buffer until nothing more comes, as in a unit that prints slower
    // than it is fed.
    std::size_t lag_bytes = 0;
    int near_end_dots = 800; // chosen: 10 cm, less than one receipt
    int dots_per_ms = 0;     // 2 is 250 mm/s; 0 takes no time
};

class SimulatedPrinter final : public Transport {
public:
    explicit SimulatedPrinter(SimulatedPrinterTraits traits = {});

    // The wire. What is not possible now is waited for on the printer's own clock, which costs no
    // real time.
    base::Result<std::size_t> write(base::ByteView bytes, base::Milliseconds limit) override;
    base::Result<std::size_t> read(std::span<std::uint8_t> into, base::Milliseconds limit) override;
    // GET_PORT_STATUS, which is answered even when the wire is stalled. Errors: unplugged,
    // unsupported.
    base::Result<std::uint8_t> port_status();

    // What people and the world do.
    void take_paper_out();
    void load_paper(); // a full roll; printing goes on from the buffer
    void paper_runs_out_after(int dots);
    void open_cover();
    void close_cover();
    void jam_cutter();  // at its next cut, which stays owed
    void free_cutter(); // the jam is gone; the unit still wants to be told
    void overheat();
    void cool_down();
    void break_down();  // until it is switched off and on
    void stop_taking(); // NAK for ever: the wire is stuck, status says nothing
    void start_taking();
    void pull_cable();
    void pull_cable_after(std::size_t bytes); // once so many more have been taken
    void plug_cable();
    void switch_off_and_on(); // forgets its buffer
    // Of the USB printer class: the same for what it has taken and for its answers, and a stuck
    // wire takes again. Paper, modes and faults stay.
    void soft_reset();
    // Tears off what hangs out; with it come all slips cut before, oldest first.
    std::vector<base::Picture> tear();
    void tear_keeping(); // the same, but the slips stay in slips()
    // With a presenter: pulls the slip out of the mouth. Oldest first, as above.
    std::vector<base::Picture> take_from_mouth();
    // Runs `what` once so many more bytes have been taken, or so much more time has passed. It may
    // call the verbs above.
    void after_bytes(std::size_t bytes, std::function<void()> what);
    void after_time(base::Milliseconds time, std::function<void()> what);

    // What one can see.
    base::Picture hanging_out() const;
    // Slips that were cut or came off, oldest first, without taking them; the rows on the roll.
    const std::vector<SimulatedPaper::Slip>& slips() const { return paper_.slips(); }
    const SimulatedPaper::Slip& attached_rows() const { return paper_.attached_rows(); }
    bool is_at_mouth() const;
    std::size_t taken_back() const;      // slips that lie in the bin inside
    std::size_t rubbish() const;         // bytes printed as rubbish
    std::size_t waiting_bytes() const;   // taken, not printed
    std::size_t answered_status() const; // status answers given, wanted or not
    bool is_paper_out() const;
    std::string set_text() const; // bytes it has set in its own type, lines ended by LF
    base::Milliseconds now() const;

private:
    enum class Took { command, nothing }; // nothing: more bytes or paper are needed

    struct Picture {
        std::size_t row_bytes = 0;
        std::size_t rows_left = 0;
        bool is_doubled = false;
    };
    struct Cell {
        int left;
        int scale;
        bool is_wide;
        bool is_bold;
        std::uint32_t code;
    };
    struct Column {
        int x;
        std::uint32_t dots; // the top one of 24 in the highest bit
    };
    struct Modes {
        int line_spacing = 34;
        int alignment = 0;
        int scale = 1;
        bool is_bold = false;
        bool is_chinese = true; // Chinese models boot with it on
        int x = 0;
        std::vector<Cell> line;
        std::vector<Column> columns;
        std::string qr;
        int qr_module = 3;
        int code_height = 162;
        int code_module = 3;
    };
    struct TimedVerb {
        std::int64_t at_us;
        std::function<void()> what;
    };

    bool can_print() const {
        return !is_cover_open_ && !is_paper_out_ && !is_hot_ && !is_broken_ && !has_cutter_error_;
    }
    std::size_t buffered() const { return buffer_.size() - head_; }
    std::uint8_t ahead(std::size_t i) const { return buffer_[head_ + i]; }
    bool has_waiting(std::size_t bytes) const { return buffered() >= bytes; }

    std::size_t take(base::ByteView bytes);
    void store(base::ByteView bytes);
    void watch_for_real_time_command(std::uint8_t byte);
    void answer_status(std::uint8_t question);
    void recover(std::uint8_t how);
    void forget_buffer();
    void pass_time(std::int64_t us);
    void run_due_verbs();
    void run_byte_verb();
    void work(bool is_idle = false);
    Took work_one_command();
    Took work_picture();
    Took work_escape();
    Took work_columns();
    Took work_file_separator();
    Took work_group();
    Took work_function();
    Took work_bar_code();
    Took work_data_link_escape();
    Took work_cut();
    Took take_character();
    Took end_cut_off_command(std::size_t bytes);
    Took rubbish_byte();
    void print_qr();
    void end_line();
    void draw_cell(const Cell& cell, int line_height);
    void cut_now();
    Took work_presenter();
    void answer_full_status();
    void pay_owed_feed();
    void drop(std::size_t bytes);
    void print_row(base::ByteView row, int left);
    void feed(int dots);
    void use_paper(int dots);
    void answer(std::initializer_list<std::uint8_t> bytes);
    std::array<std::uint8_t, 4> asb_packet() const;
    void tell_changes();

    const SimulatedPrinterTraits traits_;
    mutable std::recursive_mutex mutex_; // verbs run inside write() and read() too
    SimulatedPaper paper_;
    base::Bytes buffer_; // from head_ on
    std::size_t head_ = 0;
    std::deque<std::uint8_t> answers_;
    base::Bytes last_received_; // what may become a real-time command; empty when nothing does
    Picture picture_;
    Modes modes_;
    int paper_left_dots_;
    int owed_feed_dots_ = 0; // of a feed that the paper's end interrupted
    bool owes_cut_ = false;  // after that feed
    bool is_at_mouth_ = false;
    std::size_t taken_back_ = 0;
    std::size_t taken_ = 0;
    std::size_t cable_bytes_left_;
    std::size_t byte_verb_at_;
    std::function<void()> byte_verb_;
    std::vector<TimedVerb> timed_verbs_;
    std::int64_t clock_us_ = 0;
    std::int64_t busy_until_us_ = 0;
    std::size_t rubbish_ = 0;
    std::size_t answered_status_ = 0;
    std::string set_text_;
    std::array<std::uint8_t, 4> last_asb_{};
    bool is_asb_on_ = false;
    bool is_plugged_ = true;
    bool is_cover_open_ = false;
    bool is_paper_out_ = false;
    bool is_hot_ = false;
    bool is_broken_ = false;
    bool is_stuck_ = false;
    bool will_jam_ = false;
    bool is_jammed_ = false;
    bool has_cutter_error_ = false;
};

} // namespace drivers
