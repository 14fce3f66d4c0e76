#include "tests/support/umockdev_sockets.hpp"

#include "drivers/wait.hpp"
#include "kiosk/base/check.hpp"

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <linux/capability.h>
#include <linux/usbdevice_fs.h>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

extern "C" {
#include <umockdev.h>
}

namespace test_support {

using base::Bytes;
using drivers::SimulatedUsbDevice;
using drivers::UsbAnswer;

namespace {

// The mocked node is always "ready", so libusb asks again and again while a transfer waits; a short
// rest before each "nothing yet" keeps that from taking the whole processor (spec usb-emulation §2,
// trap 2).
void rest() {
    static const auto wait = drivers::real_wait();
    wait(base::Milliseconds(1), {});
}

// What the kernel would know of one device.
struct Plugged {
    struct Transfer {
        UMockdevIoctlData* urb = nullptr;
        UMockdevIoctlData* buffer = nullptr;
        bool takes_no_more = false; // pending until the host cancels it and finds what went
        usbdevfs_urb& head() const { return *reinterpret_cast<usbdevfs_urb*>(urb->data); }
    };

    explicit Plugged(SimulatedUsbDevice& plugged) : device(plugged) {}
    ~Plugged() {
        for (auto* list : {&pending, &done})
            for (auto& transfer : *list) let_go(transfer);
    }
    static void let_go(Transfer& transfer) {
        if (transfer.buffer != nullptr) g_object_unref(transfer.buffer);
        if (transfer.urb != nullptr) g_object_unref(transfer.urb);
    }

    std::mutex mutex; // libusb's requests come on the testbed's thread
    SimulatedUsbDevice& device;
    std::list<Transfer> pending, done;
    bool is_gone = false, is_held = false;
    unsigned claims = 0, zero_length_transfers = 0;
    std::string driver, driver_taken_off;
    std::optional<std::size_t> bytes_left;
    std::string port, node, system_path;

    void count(std::size_t bytes) {
        if (!bytes_left) return;
        if (bytes >= *bytes_left)
            is_gone = true;
        else
            *bytes_left -= bytes;
    }

    static int status_of(UsbAnswer answer) {
        switch (answer) {
        case UsbAnswer::ok: return 0;
        case UsbAnswer::nak: return -EINPROGRESS;
        case UsbAnswer::stall: return -EPIPE;
        case UsbAnswer::gone: return -ENODEV;
        }
        return -EIO;
    }

    // False while the device has nothing to say.
    bool finish(Transfer& transfer) {
        auto& urb = transfer.head();
        auto* bytes = transfer.buffer == nullptr ? nullptr : transfer.buffer->data;
        std::size_t size = 0;
        UsbAnswer answer = UsbAnswer::ok;
        Bytes in;
        const auto asked = std::size_t(urb.buffer_length);
        const bool is_control = urb.type == USBDEVFS_URB_TYPE_CONTROL;
        if (!is_control && (urb.endpoint & 0x80) == 0) return finish_out(transfer);
        if (is_control) {
            const drivers::UsbRequest request{{bytes[0], bytes[1],
                                               std::uint16_t(bytes[2] | bytes[3] << 8),
                                               std::uint16_t(bytes[4] | bytes[5] << 8)},
                                              std::uint16_t(bytes[6] | bytes[7] << 8)};
            const bool is_in = request.setup.is_in();
            const base::ByteView out(bytes + 8, is_in ? 0 : asked - 8);
            answer = device.control(request, out, in);
            if (!in.empty()) std::memcpy(bytes + 8, in.data(), in.size());
            size = is_in ? in.size() : out.size();
        } else {
            answer = device.in(urb.endpoint, asked, in);
            if (!in.empty()) std::memcpy(bytes, in.data(), in.size());
            size = in.size();
        }
        if (answer == UsbAnswer::nak) return false;
        urb.status = status_of(answer);
        urb.actual_length = answer == UsbAnswer::ok ? int(size) : 0;
        count(size);
        return true;
    }

    // The rest of what the device had no room for is offered again.
    bool finish_out(Transfer& transfer) {
        auto& urb = transfer.head();
        auto* bytes = transfer.buffer == nullptr ? nullptr : transfer.buffer->data;
        if (urb.buffer_length == 0) ++zero_length_transfers;
        const base::ByteView all(bytes, std::size_t(urb.buffer_length));
        const auto rest = all.subspan(std::size_t(urb.actual_length));
        std::size_t size = 0;
        const auto answer = device.out(urb.endpoint, rest, size);
        urb.actual_length += int(size);
        urb.status = status_of(answer);
        count(size);
        transfer.takes_no_more = answer == UsbAnswer::ok && size < rest.size();
        return answer != UsbAnswer::nak && !transfer.takes_no_more;
    }

    void turn() {
        for (auto each = pending.begin(); each != pending.end();) {
            const auto next = std::next(each);
            if (!is_gone && !each->takes_no_more && finish(*each))
                done.splice(done.end(), pending, each);
            each = next;
        }
        if (!is_gone) return;
        for (auto& transfer : pending) transfer.head().status = -ENODEV;
        done.splice(done.end(), pending);
    }
};

struct Answer {
    glong result;
    int error = 0;
};

Answer submit(Plugged& plugged, UMockdevIoctlData* argument) {
    auto* urb = umockdev_ioctl_data_resolve(argument, 0, sizeof(usbdevfs_urb), nullptr);
    auto& head = *reinterpret_cast<usbdevfs_urb*>(urb->data);
    head.actual_length = 0;
    UMockdevIoctlData* buffer = nullptr;
    if (head.buffer_length > 0)
        buffer = umockdev_ioctl_data_resolve(urb, offsetof(usbdevfs_urb, buffer),
                                             gsize(head.buffer_length), nullptr);
    plugged.pending.push_back({urb, buffer, false});
    plugged.turn();
    return {0};
}

Answer discard(Plugged& plugged, UMockdevIoctlData* argument) {
    gulong address = 0;
    std::memcpy(&address, argument->data, sizeof address);
    for (auto each = plugged.pending.begin(); each != plugged.pending.end(); ++each) {
        if (each->urb->client_addr != address) continue;
        each->head().status = -ENOENT; // what went before stays counted
        plugged.done.splice(plugged.done.end(), plugged.pending, each);
        return {0};
    }
    return {-1, EINVAL};
}

std::uint32_t number_in(UMockdevIoctlData* argument) {
    g_autoptr(UMockdevIoctlData) data = umockdev_ioctl_data_resolve(argument, 0, 4, nullptr);
    std::uint32_t number = 0;
    std::memcpy(&number, data->data, sizeof number);
    return number;
}

Answer tell_driver(Plugged& plugged, UMockdevIoctlData* argument) {
    const auto& name = plugged.claims > 0 ? std::string("usbfs") : plugged.driver;
    if (name.empty()) return {-1, ENODATA};
    g_autoptr(UMockdevIoctlData) data =
        umockdev_ioctl_data_resolve(argument, 0, sizeof(usbdevfs_getdriver), nullptr);
    auto* driver = reinterpret_cast<usbdevfs_getdriver*>(data->data);
    g_strlcpy(driver->driver, name.c_str(), sizeof driver->driver);
    return {0};
}

Answer claim(Plugged& plugged, bool detaches) {
    if (plugged.is_held || (!detaches && !plugged.driver.empty())) return {-1, EBUSY};
    if (detaches && !plugged.driver.empty())
        plugged.driver_taken_off = std::exchange(plugged.driver, "");
    ++plugged.claims;
    return {0};
}

// The kernel binds the driver again that fits the interface: the one it had.
Answer attach_driver(Plugged& plugged, UMockdevIoctlData* argument) {
    g_autoptr(UMockdevIoctlData) data =
        umockdev_ioctl_data_resolve(argument, 0, sizeof(usbdevfs_ioctl), nullptr);
    const auto& inner = *reinterpret_cast<usbdevfs_ioctl*>(data->data);
    if (inner.ioctl_code != int(USBDEVFS_CONNECT)) return {0};
    if (plugged.claims > 0) return {-1, EBUSY};
    if (!plugged.driver_taken_off.empty())
        plugged.driver = std::exchange(plugged.driver_taken_off, "");
    return {0};
}

Answer ask(Plugged& plugged, gulong request, UMockdevIoctlData* argument) {
    if (plugged.is_gone && request != USBDEVFS_DISCARDURB) return {-1, ENODEV};
    switch (request) {
    case USBDEVFS_GET_CAPABILITIES: {
        g_autoptr(UMockdevIoctlData) data = umockdev_ioctl_data_resolve(argument, 0, 4, nullptr);
        const std::uint32_t known = USBDEVFS_CAP_BULK_CONTINUATION |
                                    USBDEVFS_CAP_NO_PACKET_SIZE_LIM |
                                    USBDEVFS_CAP_REAP_AFTER_DISCONNECT | USBDEVFS_CAP_ZERO_PACKET;
        std::memcpy(data->data, &known, sizeof known);
        return {0};
    }
    case USBDEVFS_GETDRIVER: return tell_driver(plugged, argument);
    case USBDEVFS_CLAIMINTERFACE: return claim(plugged, false);
    case USBDEVFS_DISCONNECT_CLAIM: return claim(plugged, true);
    case USBDEVFS_RELEASEINTERFACE: plugged.claims -= plugged.claims > 0 ? 1 : 0; return {0};
    case USBDEVFS_SETINTERFACE:
    case USBDEVFS_SETCONFIGURATION: return {0};
    case USBDEVFS_IOCTL: return attach_driver(plugged, argument);
    case USBDEVFS_RESET:
        plugged.device.reset();
        // A device that has to be opened anew: the kernel finds other descriptors and lets it go.
        return plugged.device.reset_outcome() == drivers::UsbOutcome::ok ? Answer{0}
                                                                         : Answer{-1, ENODEV};
    case USBDEVFS_CLEAR_HALT:
    case USBDEVFS_RESETEP: plugged.device.clear_halt(std::uint8_t(number_in(argument))); return {0};
    case USBDEVFS_DISCARDURB: return discard(plugged, argument);
    default: return {-1, ENOTTY}; // what libusb asks is what was seen
    }
}

using Handler = struct {
    UMockdevIoctlBase parent;
    Plugged* plugged;
};
using HandlerClass = struct { UMockdevIoctlBaseClass parent; };

gboolean handle(UMockdevIoctlBase* self, UMockdevIoctlClient* client) {
    auto& plugged = *reinterpret_cast<Handler*>(self)->plugged;
    const auto request = umockdev_ioctl_client_get_request(client);
    auto* argument = umockdev_ioctl_client_get_arg(client);
    std::unique_lock lock(plugged.mutex);
    if (request == USBDEVFS_SUBMITURB && !plugged.is_gone) {
        const auto answer = submit(plugged, argument);
        umockdev_ioctl_client_complete(client, answer.result, answer.error);
        return TRUE;
    }
    if (request != USBDEVFS_REAPURB && request != USBDEVFS_REAPURBNDELAY) {
        const auto answer = ask(plugged, request, argument);
        umockdev_ioctl_client_complete(client, answer.result, answer.error);
        return TRUE;
    }
    plugged.turn();
    if (plugged.done.empty()) {
        const bool is_gone = plugged.is_gone;
        lock.unlock();
        if (!is_gone) rest();
        umockdev_ioctl_client_complete(client, -1, is_gone ? ENODEV : EAGAIN);
        return TRUE;
    }
    auto transfer = plugged.done.front();
    plugged.done.pop_front();
    g_autoptr(UMockdevIoctlData) slot =
        umockdev_ioctl_data_resolve(argument, 0, sizeof(gpointer), nullptr);
    umockdev_ioctl_data_set_ptr(slot, 0, transfer.urb);
    umockdev_ioctl_client_complete(client, 0, 0);
    Plugged::let_go(transfer);
    return TRUE;
}

} // namespace
} // namespace test_support

// GObject's way to make a class; its functions are C and named by this macro.
namespace {
using test_support::Handler;
using test_support::HandlerClass;
G_DEFINE_TYPE(Handler, handler, UMOCKDEV_TYPE_IOCTL_BASE)
void handler_class_init(HandlerClass* type) {
    type->parent.handle_ioctl = test_support::handle;
}
void handler_init(Handler*) {}
} // namespace

namespace test_support {

struct UmockdevSockets::State {
    UMockdevTestbed* testbed = umockdev_testbed_new();
    std::map<std::string, std::unique_ptr<Plugged>> sockets;
    std::list<std::unique_ptr<Plugged>> pulled; // handles of libusb may still ask
    int next_address = 2;
    Plugged& at(const std::string& port) const { return *sockets.at(port); }
};

namespace {

// Root may open what is nobody's; without these rights of root, it may not.
void keep_rights_over_files(bool yes) {
    __user_cap_header_struct head{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct rights[2]{};
    if (syscall(SYS_capget, &head, rights) != 0) return;
    const auto both = 1u << CAP_DAC_OVERRIDE | 1u << CAP_DAC_READ_SEARCH;
    const auto allowed = both & rights[0].permitted;
    rights[0].effective = yes ? rights[0].effective | allowed : rights[0].effective & ~both;
    syscall(SYS_capset, &head, rights); // of this thread alone
}

// Only the text form with an N: line makes the device node (spec usb-emulation §2).
std::string described(const Plugged& plugged, int address) {
    const auto& looks = plugged.device.looks();
    auto descriptors = plugged.device.device_descriptor();
    const auto configuration = plugged.device.configuration_descriptor();
    descriptors.insert(descriptors.end(), configuration.begin(), configuration.end());
    const auto id = drivers::to_string(looks.id);
    const auto number = std::to_string(address);
    return "P: /devices/usb1/" + plugged.port + "\nN: bus/usb/001/" + plugged.node.substr(17) +
           "\nE: SUBSYSTEM=usb\nE: DEVTYPE=usb_device\nE: DEVNAME=" + plugged.node +
           "\nE: BUSNUM=001\nE: DEVNUM=" + plugged.node.substr(17) +
           "\nA: busnum=1\\n\nA: devnum=" + number +
           "\\n\nA: speed=12\\n\nA: bConfigurationValue=1\\n\nA: idVendor=" + id.substr(0, 4) +
           "\\n\nA: idProduct=" + id.substr(5) +
           "\\n\nH: descriptors=" + base::to_hex(descriptors) + "\n";
}

} // namespace

bool UmockdevSockets::are_there() {
    // umockdev_in_mock_environment() remembers a "no" from before the testbed (spec §2, trap 1).
    const char* preloaded = std::getenv("LD_PRELOAD");
    return preloaded != nullptr && std::strstr(preloaded, "libumockdev-preload") != nullptr;
}

UmockdevSockets::UmockdevSockets() : state_(std::make_unique<State>()) {}

UmockdevSockets::~UmockdevSockets() {
    keep_rights_over_files(true);
    g_object_unref(state_->testbed);
}

void UmockdevSockets::plug(const std::string& port, SimulatedUsbDevice& device, Event event) {
    auto plugged = std::make_unique<Plugged>(device);
    // As the kernel: after the highest address of a bus (USB 2.0, 9.4.6) comes 2 again; nothing is
    // plugged that long here.
    constexpr int highest_address = 127;
    const int address = state_->next_address;
    state_->next_address = address < highest_address ? address + 1 : 2;
    const auto digits = std::to_string(address);
    plugged->port = port;
    plugged->node =
        "/dev/bus/usb/001/" + std::string(digits.size() < 3 ? 3 - digits.size() : 0, '0') + digits;
    plugged->system_path = "/sys/devices/usb1/" + port;
    GError* failed = nullptr;
    CHECK(umockdev_testbed_add_from_string(state_->testbed, described(*plugged, address).c_str(),
                                           &failed));
    auto* handler = static_cast<Handler*>(g_object_new(handler_get_type(), nullptr));
    handler->plugged = plugged.get();
    CHECK(umockdev_testbed_attach_ioctl(state_->testbed, plugged->node.c_str(),
                                        UMOCKDEV_IOCTL_BASE(handler), &failed));
    g_object_unref(handler);
    if (event == Event::told)
        umockdev_testbed_uevent(state_->testbed, plugged->system_path.c_str(), "add");
    state_->sockets[port] = std::move(plugged);
}

void UmockdevSockets::unplug(const std::string& port, Event event) {
    auto plugged = std::move(state_->sockets.at(port));
    state_->sockets.erase(port);
    {
        const std::lock_guard lock(plugged->mutex);
        plugged->is_gone = true;
    }
    if (event == Event::told)
        umockdev_testbed_uevent(state_->testbed, plugged->system_path.c_str(), "remove");
    GError* failed = nullptr;
    umockdev_testbed_detach_ioctl(state_->testbed, plugged->node.c_str(), &failed);
    umockdev_testbed_remove_device(state_->testbed, plugged->system_path.c_str());
    state_->pulled.push_back(std::move(plugged));
}

void UmockdevSockets::deny(const std::string& port, bool yes) {
    auto* root = umockdev_testbed_get_root_dir(state_->testbed);
    const std::string node = root + state_->at(port).node;
    g_free(root);
    ::chmod(node.c_str(), yes ? 0 : 0666);
    keep_rights_over_files(!yes);
}

void UmockdevSockets::bind_driver(const std::string& port, const std::string& name) {
    auto& plugged = state_->at(port);
    const std::lock_guard lock(plugged.mutex);
    plugged.driver = name;
}

std::string UmockdevSockets::driver(const std::string& port) const {
    auto& plugged = state_->at(port);
    const std::lock_guard lock(plugged.mutex);
    return plugged.driver;
}

void UmockdevSockets::hold(const std::string& port, bool yes) {
    auto& plugged = state_->at(port);
    const std::lock_guard lock(plugged.mutex);
    plugged.is_held = yes;
}

void UmockdevSockets::unplug_after(const std::string& port, std::size_t bytes) {
    auto& plugged = state_->at(port);
    const std::lock_guard lock(plugged.mutex);
    plugged.bytes_left = bytes;
}

unsigned UmockdevSockets::claims(const std::string& port) const {
    auto& plugged = state_->at(port);
    const std::lock_guard lock(plugged.mutex);
    return plugged.claims;
}

unsigned UmockdevSockets::zero_length_transfers(const std::string& port) const {
    auto& plugged = state_->at(port);
    const std::lock_guard lock(plugged.mutex);
    return plugged.zero_length_transfers;
}

} // namespace test_support
