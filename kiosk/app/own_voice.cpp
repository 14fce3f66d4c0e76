#include "kiosk/app/own_voice.hpp"

#include <cstdlib>
#include <unistd.h>

namespace app {

namespace {

// Where the system itself looks for programs when nobody told it: posix_spawnp() does the same.
std::string default_path() {
    std::string path(::confstr(_CS_PATH, nullptr, 0), '\0');
    path.resize(::confstr(_CS_PATH, path.data(), path.size()));
    return std::string(path.c_str());
}

} // namespace

bool is_program_there(std::string_view name) {
    const char* told = std::getenv("PATH");
    const std::string path = told == nullptr ? default_path() : told;
    std::string_view folders(path);
    while (!folders.empty()) {
        const auto end = std::min(folders.find(':'), folders.size());
        const auto file = std::string(folders.substr(0, end)) + "/" + std::string(name);
        if (::access(file.c_str(), X_OK) == 0) return true;
        folders.remove_prefix(std::min(end + 1, folders.size()));
    }
    return false;
}

base::Result<std::unique_ptr<OwnVoice>> OwnVoice::open(const std::string& folder,
                                                       const content::ContentSet& content,
                                                       drivers::SoundSink& sound,
                                                       const base::Clock& clock,
                                                       std::function<void(base::Errc)> on_fault) {
    if (!is_program_there(voice_program))
        return base::Error{base::Errc::not_found, "no program espeak-ng"};
    std::unique_ptr<OwnVoice> own(new OwnVoice());
    own->readings_ = TRY(drivers::Readings::open(folder + "/" + std::string(readings_file)));
    for (const auto& clip : content.clips())
        own->clips_.add(clip.language, content.text(clip.key, clip.language), clip.file);
    auto jack = drivers::EvdevJack::open();
    if (jack)
        own->jack_ = std::move(jack).value();
    else
        own->jack_ = std::make_unique<drivers::NoHeadphones>();
    own->voice_ = std::make_unique<drivers::SpeakingVoice>(
        drivers::SpeakerParts{own->espeak_, sound, *own->jack_, clock, own->readings_.get(),
                              &own->clips_, std::move(on_fault)},
        *own->jack_);
    return own;
}

void OwnVoice::on_change(const std::function<void()>& wake) {
    voice_->on_change.set(wake);
}

} // namespace app
