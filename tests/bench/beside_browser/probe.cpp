// probe: starts a program on an X display, waits for its first picture, taps one place many times
// and watches the glass. Prints one JSON line. Whatever it starts is measured in the same way: it
// knows pixels, the pointer and /proc, nothing of the program.
//
//     probe --taps N --tap X,Y --watch X,Y [--watch X,Y ...] --idle SECONDS -- PROGRAM ARGUMENTS...
//
// `--tap` is where the finger goes; each tap must change the colour at every `--watch` point, which
// is how a whole new picture is known. The same points tell the first picture: they must hold
// `--first` (0xRRGGBB), and so must `--marks` hold theirs (X,Y,0xRRGGBB).
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/XTest.h>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <map>
#include <signal.h>
#include <sstream>
#include <string>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

// Chosen: how often the glass is looked at. Looks cost the X server time that the program lacks, so
// not more often; the same for every program.
constexpr auto look_interval = 200us;
constexpr auto tap_limit = 2s; // not answered within it: lost
constexpr auto start_limit = 120s;

struct Mark {
    int x = 0;
    int y = 0;
    unsigned long colour = 0;
};

struct Order {
    int taps = 1000;
    int idle_seconds = 60;
    Mark tap;
    std::vector<Mark> watch;
    std::vector<Mark> marks;
    std::vector<char*> program;
};

[[noreturn]] void fail(const std::string& why) {
    std::fprintf(stderr, "probe: %s\n", why.c_str());
    std::exit(1);
}

double millis(Clock::duration span) {
    return std::chrono::duration<double, std::milli>(span).count();
}

Mark read_mark(const char* text) {
    Mark mark;
    if (std::sscanf(text, "%d,%d,%lx", &mark.x, &mark.y, &mark.colour) < 2)
        fail(std::string("not a place X,Y[,0xRRGGBB]: ") + text);
    return mark;
}

Order read_order(int count, char** words) {
    Order order;
    int i = 1;
    for (; i < count && std::strcmp(words[i], "--") != 0; i += 2) {
        if (i + 1 >= count) fail("an option without a value");
        const std::string name = words[i];
        if (name == "--taps")
            order.taps = std::atoi(words[i + 1]);
        else if (name == "--idle")
            order.idle_seconds = std::atoi(words[i + 1]);
        else if (name == "--tap")
            order.tap = read_mark(words[i + 1]);
        else if (name == "--watch")
            order.watch.push_back(read_mark(words[i + 1]));
        else if (name == "--mark")
            order.marks.push_back(read_mark(words[i + 1]));
        else
            fail("unknown option " + name);
    }
    for (++i; i < count; ++i) order.program.push_back(words[i]);
    if (order.program.empty() || order.watch.empty() || order.marks.empty())
        fail("usage: probe --taps N --tap X,Y --watch X,Y --mark X,Y,0xRRGGBB --idle SECONDS -- "
             "PROGRAM");
    order.program.push_back(nullptr);
    return order;
}

class Glass {
public:
    Glass() : display_(XOpenDisplay(nullptr)) {
        if (display_ == nullptr) fail("no display");
        root_ = DefaultRootWindow(display_);
    }
    ~Glass() { XCloseDisplay(display_); }
    Glass(const Glass&) = delete;

    // The program's window: the largest one on the glass. False while there is none.
    bool find_window() {
        Window root = 0, parent = 0, *windows = nullptr;
        unsigned count = 0;
        int most = 0;
        XQueryTree(display_, root_, &root, &parent, &windows, &count);
        for (unsigned i = 0; i < count; ++i) {
            XWindowAttributes window;
            if (XGetWindowAttributes(display_, windows[i], &window) == 0) continue;
            if (window.map_state != IsViewable || window.width * window.height <= most) continue;
            most = window.width * window.height;
            left_ = window.x;
            top_ = window.y;
        }
        if (windows != nullptr) XFree(windows);
        return most > 0;
    }
    unsigned long colour(int x, int y) {
        XImage* image = XGetImage(display_, root_, left_ + x, top_ + y, 1, 1, AllPlanes, ZPixmap);
        if (image == nullptr) fail("the display does not show its pixels");
        const unsigned long pixel = XGetPixel(image, 0, 0) & 0xFFFFFF;
        XDestroyImage(image);
        return pixel;
    }
    void tap(int x, int y) {
        XTestFakeMotionEvent(display_, -1, left_ + x, top_ + y, CurrentTime);
        XTestFakeButtonEvent(display_, 1, True, CurrentTime);
        XTestFakeButtonEvent(display_, 1, False, CurrentTime);
        XSync(display_, False);
    }

private:
    Display* display_;
    Window root_;
    int left_ = 0; // of the window on the glass
    int top_ = 0;
};

// A window may go while it is looked at.
int overlook(Display*, XErrorEvent*) {
    return 0;
}

// --- the program and its children, by /proc

std::string text_of(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

std::vector<int> family_of(int leader) {
    std::multimap<int, int> children;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        const int pid = std::atoi(entry.path().filename().c_str());
        if (pid == 0) continue;
        const auto stat = text_of(entry.path() / "stat");
        const auto end = stat.rfind(')');
        int parent = 0;
        if (end != std::string::npos &&
            std::sscanf(stat.c_str() + end + 1, " %*c %d", &parent) == 1)
            children.emplace(parent, pid);
    }
    std::vector<int> family{leader};
    for (std::size_t i = 0; i < family.size(); ++i) {
        const auto [from, to] = children.equal_range(family[i]);
        for (auto it = from; it != to; ++it) family.push_back(it->second);
    }
    return family;
}

long number_after(const std::string& text, const char* name) {
    const auto at = text.find(name);
    return at == std::string::npos ? 0 : std::atol(text.c_str() + at + std::strlen(name));
}

long pss_kib(int leader) {
    long sum = 0;
    for (const int pid : family_of(leader))
        sum += number_after(text_of("/proc/" + std::to_string(pid) + "/smaps_rollup"), "\nPss:");
    return sum;
}

struct Effort {
    double cpu_ms = 0;
    long wake_ups = 0;
};

// Time on a processor to the nanosecond, and how often a thread went to sleep of its own accord and
// was woken again.
Effort effort_of(int leader) {
    Effort effort;
    for (const int pid : family_of(leader)) {
        std::error_code gone;
        const std::filesystem::path tasks = "/proc/" + std::to_string(pid) + "/task";
        for (const auto& task : std::filesystem::directory_iterator(tasks, gone)) {
            effort.cpu_ms += std::atof(text_of(task.path() / "schedstat").c_str()) / 1e6;
            effort.wake_ups +=
                number_after(text_of(task.path() / "status"), "\nvoluntary_ctxt_switches:");
        }
    }
    return effort;
}

int start(const Order& order) {
    const int pid = ::fork();
    if (pid != 0) return pid;
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int nowhere = ::open("/dev/null", O_WRONLY);
    ::dup2(nowhere, 1);
    if (std::getenv("PROBE_LOUD") == nullptr) ::dup2(nowhere, 2);
    ::execvp(order.program[0], order.program.data());
    ::_exit(127);
}

void end(int leader) {
    const auto family = family_of(leader);
    ::kill(leader, SIGTERM);
    for (int i = 0; i < 500 && ::waitpid(leader, nullptr, WNOHANG) == 0; ++i)
        std::this_thread::sleep_for(10ms);
    for (const int pid : family) ::kill(pid, SIGKILL);
}

template <class Seen> bool look_until(Clock::time_point limit, Seen seen) {
    while (!seen()) {
        if (Clock::now() > limit) return false;
        std::this_thread::sleep_for(look_interval);
    }
    return true;
}

struct Taps {
    std::vector<double> answered_ms;
    int lost = 0;
};

Taps tap_all(Glass& glass, const Order& order) {
    Taps taps;
    for (int i = 0; i < order.taps; ++i) {
        std::vector<unsigned long> before;
        for (const auto& place : order.watch) before.push_back(glass.colour(place.x, place.y));
        const auto begin = Clock::now();
        glass.tap(order.tap.x, order.tap.y);
        std::size_t next = 0;
        const bool answered = look_until(begin + tap_limit, [&] {
            while (next < order.watch.size() &&
                   glass.colour(order.watch[next].x, order.watch[next].y) != before[next])
                ++next;
            return next == order.watch.size();
        });
        if (answered)
            taps.answered_ms.push_back(millis(Clock::now() - begin));
        else
            ++taps.lost;
    }
    std::sort(taps.answered_ms.begin(), taps.answered_ms.end());
    return taps;
}

double part(const std::vector<double>& sorted, double share) {
    return sorted.empty() ? -1 : sorted[std::size_t(double(sorted.size() - 1) * share)];
}

} // namespace

int main(int count, char** words) {
    const Order order = read_order(count, words);
    Glass glass;
    // Nothing of an earlier program may be taken for the first picture.
    XSetErrorHandler(&overlook);
    const auto is_there = [&] {
        return glass.find_window() &&
               std::all_of(order.marks.begin(), order.marks.end(), [&](const Mark& mark) {
                   return glass.colour(mark.x, mark.y) == mark.colour;
               });
    };
    if (is_there()) fail("the display already shows the picture");
    const auto begin = Clock::now();
    const int program = start(order);
    const bool shown = look_until(begin + start_limit, [&] {
        return is_there() || ::waitpid(program, nullptr, WNOHANG) != 0;
    });
    if (!shown || !is_there()) {
        end(program);
        fail("no first picture");
    }
    const double first_ms = millis(Clock::now() - begin);
    std::this_thread::sleep_for(5s); // settled: loaded what it loads after the first picture
    const Taps taps = tap_all(glass, order);
    const long pss = pss_kib(program);
    std::this_thread::sleep_for(5s);
    const Effort before = effort_of(program);
    const auto idle_begin = Clock::now();
    std::this_thread::sleep_for(std::chrono::seconds(order.idle_seconds));
    const double idle_ms = millis(Clock::now() - idle_begin);
    const Effort after = effort_of(program);
    end(program);
    std::printf("{\"first_picture_ms\": %.1f, \"taps\": %d, \"lost\": %d, \"tap_median_ms\": %.2f, "
                "\"tap_p99_ms\": %.2f, \"pss_kib\": %ld, \"idle_cpu_percent\": %.4f, "
                "\"idle_wake_ups_per_s\": %.2f}\n",
                first_ms, order.taps, taps.lost, part(taps.answered_ms, 0.5),
                part(taps.answered_ms, 0.99), pss, (after.cpu_ms - before.cpu_ms) / idle_ms * 100,
                double(after.wake_ups - before.wake_ups) / (idle_ms / 1000));
    return 0;
}
