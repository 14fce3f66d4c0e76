// The kiosk program: reads the command line and hands over. Decides nothing.
#include "kiosk/app/commands.hpp"
#include "kiosk/app/content_commands.hpp"
#include "kiosk/app/device_keys_commands.hpp"
#include "kiosk/app/models_commands.hpp"
#include "kiosk/app/outbox_commands.hpp"
#include "kiosk/app/platform_check.hpp"
#include "kiosk/base/own_words.hpp"
#include "kiosk/base/process_privacy.hpp"
#include "kiosk/staff/audit_command.hpp"
#include "kiosk/staff/commands.hpp"
#ifdef KIOSK_DEVELOPMENT
#include "kiosk/app/development/commands.hpp"
#endif

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <functional>

namespace {

// What the chosen command does; set while the command line is read.
using Run = std::function<int()>;

// Every command takes these, before or behind its name.
void add_common(CLI::App& app, app::CommonOptions& common) {
    app.add_option("--config", common.config_file, "configuration file (JSON)");
    app.add_option("--data", common.data_folder, "folder for the outbox and the log");
    app.add_flag("--json", common.json, "tables as JSON");
    app.fallthrough();
}

struct Words {
    app::CommonOptions common;
    std::string window_size, file, out, profile, escpos, png, folder, url, paper, name;
    bool activate = false;
    std::vector<std::string> files;
    bool upright = false;
    staff::VerifyOptions audit;
#ifdef KIOSK_DEVELOPMENT
    bool demo = false;
    bool headless = false;
    bool quick = false;
    bool all = false;
    app::HeadlessOptions script;
    int kill_at = -1;
    app::ServeOptions serve;
    std::string items;
#endif
};

void add_run(CLI::App& app, Words& words, Run& run) {
    auto* command = app.add_subcommand("run", "the application");
    command->add_option("--windowed", words.window_size, "in a window, for instance 1080x1920");
#ifdef KIOSK_DEVELOPMENT
    auto* demo = command->add_flag("--demo", words.demo,
                                   "simulated devices, bundled content, a platform on loopback");
    command->add_option("--items", words.items, "keep a file of what stands where on the glass")
        ->needs(demo);
    auto* headless = command->add_flag("--headless", words.headless, "without a window, by script");
    command->add_option("--script", words.script.script, "script to play")->needs(headless);
    command->add_option("--out", words.script.out, "folder for pictures, receipts, requests")
        ->needs(headless);
    command
        ->add_option("--hand", words.script.hand,
                     "touch, keys (five keys) or switches (two): what presses are done with")
        ->needs(headless);
    command->add_option("--kill-at", words.kill_at, "end the process at this effect")
        ->needs(headless);
    command->add_flag("--kill-after", words.script.kill_after, "after that effect, not before")
        ->needs(headless);
    command->add_flag("--deliver", words.script.deliver, "deliver what is pending, then end")
        ->needs(headless);
#endif
    command->callback([&words, &run] {
        run = [&words] {
#ifdef KIOSK_DEVELOPMENT
            if (words.kill_at >= 0) words.script.kill_at = words.kill_at;
            if (words.headless) return app::run_script(words.common, words.script);
            if (words.demo) return app::run_demo(words.common, words.window_size, words.items);
#endif
            return app::run_kiosk(words.common, words.window_size);
        };
    });
}

void add_tools(CLI::App& app, Words& words, Run& run) {
    app.add_subcommand("doctor", "every part of this kiosk, one line each with what to do")
        ->callback([&] { run = [&] { return app::doctor(words.common); }; });

    auto* card = app.add_subcommand("card", "identity cards")->require_subcommand(1);
    auto* decode = card->add_subcommand("decode", "a recorded reply -> the fields that are kept");
    decode->add_option("FILE", words.file, "the reply, raw or as hexadecimal text")->required();
    decode->callback([&] { run = [&] { return app::decode_card(words.common, words.file); }; });

    auto* scan = app.add_subcommand(
        "scan", "one JSON line per image, each page found as PNG, all of them as PDF");
    scan->add_option("IMAGE", words.files, "JPEG or PNG")->required();
    scan->add_option("--out", words.out, "folder for the pages")->required();
    scan->add_option(
            "--paper", words.paper,
            "what is expected: any, a4, or id-1: sides of cards, two on each page of the PDF")
        ->check(CLI::IsMember({"any", "a4", "id-1"}));
    scan->add_flag("--upright", words.upright,
                   "a page on its head is told as upside_down; without it such a page is turned");
    scan->callback([&] {
        run = [&] { return app::scan_images(words.files, words.out, words.paper, words.upright); };
    });

    auto* receipt = app.add_subcommand("receipt", "receipts")->require_subcommand(1);
    auto* render = receipt->add_subcommand("render", "a receipt as printer bytes and as picture");
    render->add_option("DOC", words.file, "the receipt (JSON, see printer/README.md)")->required();
    render->add_option("--printer", words.profile, "profile of the printer");
    render->add_option("--escpos", words.escpos, "file for the bytes")->required();
    render->add_option("--png", words.png, "file for the picture")->required();
    render->callback([&] {
        run = [&] {
            return app::render_receipt(words.common, words.file, words.profile, words.escpos,
                                       words.png);
        };
    });

    auto* content =
        app.add_subcommand("content", "forms, texts and notices")->require_subcommand(1);
    auto* verify = content->add_subcommand("verify", "is this content set whole and readable?");
    verify->add_option("FOLDER", words.folder, "default: the set that came with the program");
    verify->callback(
        [&] { run = [&] { return app::verify_content(words.common, words.folder); }; });
    auto* validate = content->add_subcommand(
        "validate", "what is wrong in the forms and texts? (--json: the same for tools)");
    validate->add_option("FOLDER", words.folder, "default: the set that came with the program");
    validate->footer(std::string(app::content_rules));
    validate->callback(
        [&] { run = [&] { return app::validate_content(words.common, words.folder); }; });
    auto* manifest =
        content->add_subcommand("manifest", "makes manifest.json fit its files after a change");
    manifest->add_option("FOLDER", words.folder, "the set")->required();
    manifest->callback([&] { run = [&] { return app::make_content_manifest(words.folder); }; });
    auto* sign = content->add_subcommand("sign", "adds a signature to a whole content set");
    sign->add_option("FOLDER", words.folder, "the set")->required();
    sign->add_option("KEY", words.file, "private Ed25519 key (PEM)")->required();
    sign->callback([&] { run = [&] { return app::sign_content(words.folder, words.file); }; });
    auto* install = content->add_subcommand("install", "takes a signed set over; it is kept");
    install->add_option("FOLDER", words.folder, "the set")->required();
    install->add_flag("--activate", words.activate, "and makes it the kiosk's");
    install->callback([&] {
        run = [&] { return app::install_content(words.common, words.folder, words.activate); };
    });
    auto* activate = content->add_subcommand("activate", "makes a set that is kept the kiosk's");
    activate->add_option("SET", words.name, "as kiosk content status names it")->required();
    activate->callback(
        [&] { run = [&] { return app::activate_content(words.common, words.name); }; });
    content->add_subcommand("rollback", "back to the set before")->callback([&] {
        run = [&] { return app::roll_back_content(words.common); };
    });
    content->add_subcommand("status", "which sets are here, and which one is used")->callback([&] {
        run = [&] { return app::content_status(words.common); };
    });
}

void add_outbox(CLI::App& app, Words& words, Run& run) {
    auto* outbox =
        app.add_subcommand("outbox", "requests waiting to be sent")->require_subcommand(1);
    outbox->add_subcommand("list", "number, state, age; never contents")->callback([&] {
        run = [&] { return app::list_outbox(words.common); };
    });
    outbox->add_subcommand("verify", "the database and every payload")->callback([&] {
        run = [&] { return app::verify_outbox(words.common); };
    });
    outbox
        ->add_subcommand("send", "deliver now what waits, with the kiosk stopped (a running kiosk "
                                 "sends by itself)")
        ->callback([&] { run = [&] { return app::send_outbox(words.common); }; });
    auto* release = outbox->add_subcommand(
        "release", "send once more what was set aside, with the kiosk stopped");
    release->add_option("NUMBER", words.file, "the receipt number")->required();
    release->callback([&] { run = [&] { return app::release_outbox(words.common, words.file); }; });
    auto* close = outbox->add_subcommand(
        "close",
        "take out what was set aside and is finished at the counter, with the kiosk stopped");
    close->add_option("NUMBER", words.file, "the receipt number")->required();
    close->callback([&] { run = [&] { return app::close_outbox(words.common, words.file); }; });
    auto* to_file = outbox->add_subcommand(
        "export", "the sealed queue into a new file, for another kiosk to deliver");
    to_file->add_option("FILE", words.file, "for instance on a stick")->required();
    to_file->callback([&] { run = [&] { return app::export_outbox(words.common, words.file); }; });
    auto* from_file =
        outbox->add_subcommand("import", "take over what another kiosk exported, and deliver it");
    from_file->add_option("FILE", words.file, "the exported file")->required();
    from_file->callback(
        [&] { run = [&] { return app::import_outbox(words.common, words.file); }; });
}

void add_models(CLI::App& app, Words& words, Run& run) {
    auto* models =
        app.add_subcommand("models", "networks for the face check")->require_subcommand(1);
    models->add_subcommand("list", "which are known, which are there")->callback([&] {
        run = [&] { return app::list_models(words.common); };
    });
    auto* install = models->add_subcommand("install", "takes the files it knows, refuses the rest");
    install
        ->add_option("DIR|URL", words.folder,
                     "folder with downloaded files, or https://HOST/FOLDER")
        ->required();
    install->callback(
        [&] { run = [&] { return app::install_models(words.common, words.folder); }; });
}

void add_keys(CLI::App& app, Words& words, Run& run) {
    auto* keys = app.add_subcommand("keys", "the key and the certificate of this device")
                     ->require_subcommand(1);
    auto* enrol = keys->add_subcommand("enrol", "make the key on this device, and a request for "
                                                "its certificate");
    enrol->add_option("--csr", words.out, "new file for the request (PKCS#10)")->required();
    enrol->callback([&] { run = [&] { return app::enrol_keys(words.common, words.out); }; });
    auto* install = keys->add_subcommand("install", "put the district's certificate in place");
    install->add_option("FILE", words.file, "the certificate (PEM)")->required();
    install->callback([&] { run = [&] { return app::install_keys(words.common, words.file); }; });
    keys->add_subcommand("status", "until when which certificate, and where the key lies")
        ->callback([&] { run = [&] { return app::show_keys(words.common); }; });
    auto* destroy = keys->add_subcommand(
        "destroy", "before the board is given away: overwrite and remove key and certificate");
    destroy->add_option("--exported", words.file,
                        "file of kiosk outbox export that holds what is not delivered");
    destroy->callback([&] { run = [&] { return app::destroy_keys(words.common, words.file); }; });
}

void add_staff(CLI::App& app, Words& words, Run& run) {
    auto* staff =
        app.add_subcommand("staff", "who may log in at this kiosk")->require_subcommand(1);
    staff
        ->add_subcommand("code", "a code of 12 digits for the first installation, shown once; good "
                                 "until the kiosk has its first staff list")
        ->callback([&] { run = [&] { return staff::make_code(words.common); }; });
    auto* roster = staff->add_subcommand("roster", "check a signed staff list and put it in place");
    roster->add_option("FILE", words.file, "the list as the district gave it")->required();
    roster->callback(
        [&] { run = [&] { return staff::install_roster(words.common, words.file); }; });
    staff->add_subcommand("status", "which staff list, until when, how many of which role, locks")
        ->callback([&] { run = [&] { return staff::show_status(words.common); }; });
}

void add_audit(CLI::App& app, Words& words, Run& run) {
    auto* audit = app.add_subcommand("audit", "what staff did here")->require_subcommand(1);
    auto* verify = audit->add_subcommand("verify", "is the audit chain whole? if not: the first "
                                                   "bad row");
    verify->add_option(
        "--head", words.audit.known_head,
        "a head that the platform remembers, ROW:DIGEST or a file: it must be a row");
    verify->add_option("--certificate", words.audit.certificate,
                       "whose signature it must carry; default: the configured device's");
    verify->callback(
        [&] { run = [&] { return staff::verify_audit_chain(words.common, words.audit); }; });
}

void add_platform(CLI::App& app, Words& words, Run& run) {
    auto* platform = app.add_subcommand("platform", "the district platform")->require_subcommand(1);
    auto* check = platform->add_subcommand("check", "is that platform fit for kiosks? sends one "
                                                    "test request and takes it back");
    check->add_option("URL", words.url, "https://host[:port]")->required();
    check->callback([&] { run = [&] { return app::check_platform(words.common, words.url); }; });
#ifdef KIOSK_DEVELOPMENT
    auto* serve =
        platform->add_subcommand("serve", "the reference platform on loopback HTTPS (development)");
    serve->add_option("--port", words.serve.port, "default: any free one");
    serve->add_option("--fault-seed", words.serve.fault_seed, "misbehave, repeatably");
    serve->add_option("--faults", words.serve.faults_per_mille,
                      "about how many of 1000 requests misbehave");
    serve->add_option("--content", words.serve.content, "folder of a signed content set to offer");
    serve->callback([&] { run = [&] { return app::serve_platform(words.common, words.serve); }; });
#endif
}

#ifdef KIOSK_DEVELOPMENT
void add_development(CLI::App& app, Words& words, Run& run) {
    auto* screens = app.add_subcommand("screens", "pictures of the screens (development)")
                        ->require_subcommand(1);
    auto* capture = screens->add_subcommand(
        "capture", "every screen as PNG: every two of language, size, theme, "
                   "panel and reach meet in one picture");
    capture->add_option("--out", words.out, "folder for the pictures")->required();
    auto* quick =
        capture->add_flag("--quick", words.quick, "portrait, standard size and light theme only");
    capture->add_flag("--all", words.all, "every language x size x theme x panel")->excludes(quick);
    capture->callback([&] {
        run = [&] {
            const auto extent = words.quick ? app::Extent::quick
                                : words.all ? app::Extent::full
                                            : app::Extent::pairwise;
            return app::capture_screens(words.common, words.out, extent);
        };
    });
    auto* crawl = screens->add_subcommand("crawl", "presses everything and reports faults");
    crawl->add_option("--out", words.out, "folder for pictures of faults")->required();
    crawl->callback([&] { run = [&] { return app::crawl_screens(words.common, words.out); }; });

    auto* handwriting =
        app.add_subcommand("handwriting", "what is read in recorded ink: JSON lines "
                                          "with \"strokes\" in, with \"candidates\" "
                                          "out (development)");
    handwriting->add_option("FILE", words.file, "the lines of ink")->required();
    handwriting->callback(
        [&] { run = [&] { return app::read_handwriting(words.common, words.file); }; });
}
#endif

// One line: what was not understood, and where to look.
int refuse(const CLI::App& program, const CLI::ParseError& error) {
    // CLI11 names the missing command where there is an unknown word in its place.
    const auto strangers = program.remaining(true);
    std::string what = error.what();
    if (what == "A subcommand is required") what = "a command is missing";
    if (!strangers.empty()) what = "unknown: " + strangers.front();
    std::replace(what.begin(), what.end(), '\n', ' ');
    std::string chosen;
    for (const auto* at = &program; !at->get_subcommands().empty();) {
        at = at->get_subcommands().front();
        chosen += at->get_name() + " ";
    }
    std::fprintf(stderr, "kiosk: %s; see kiosk %s--help\n", what.c_str(), chosen.c_str());
    return app::exit_usage;
}

} // namespace

int main(int argc, char** argv) {
    base::make_process_private();
    std::signal(SIGPIPE, SIG_IGN);
    CLI::App program("The community kiosk.", "kiosk");
    program.set_version_flag("--version", KIOSK_VERSION);
    program.require_subcommand(1);
    Words words;
    words.common.program = argv[0];
    Run run;
    add_common(program, words.common);
    add_run(program, words, run);
    add_tools(program, words, run);
    add_outbox(program, words, run);
    add_models(program, words, run);
    add_keys(program, words, run);
    add_staff(program, words, run);
    add_audit(program, words, run);
    add_platform(program, words, run);
#ifdef KIOSK_DEVELOPMENT
    add_development(program, words, run);
#endif
    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const bool is_asked_for = error.get_exit_code() == 0; // --help, --version
        return is_asked_for ? program.exit(error) : refuse(program, error);
    }
    try {
        return run();
    } catch (const std::exception& error) {
        base::say("kiosk: " + base::last_words(error));
        return app::exit_internal;
    }
}
