#include "face/evaluation/comparer.hpp"

#include "face/evaluation/read_picture.hpp"
#include "kiosk/base/clock.hpp"
#include "kiosk/base/digest.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <sstream>

namespace evaluation {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t cache_limit = 1u << 30; // chosen: half a million pictures

std::string subject_of(const std::string& file) {
    return fs::path(file).parent_path().filename().string();
}
std::string photo_of(const std::string& file) {
    return fs::path(file).stem().string();
}

struct Probe {
    std::string subject;
    std::set<std::string>
        photos; // stems, so that a reference is not compared with its own original
    face::Embedding embedding;
    bool has_face() const { return !embedding.empty(); }
};

std::vector<Probe> single_probes(Comparer& comparer, const std::vector<Pair>& pairs) {
    std::set<std::string> files;
    for (const auto& pair : pairs) files.insert(pair.file_b);
    std::vector<Probe> probes;
    for (const auto& file : files)
        probes.push_back({subject_of(file), {photo_of(file)}, comparer.probe(file).embedding});
    return probes;
}

// Groups of `fused` photos of one subject that are not `left_out`, in the order of their names.
std::vector<Probe> fused_probes(Comparer& comparer, const fs::path& folder, int fused,
                                const std::string& left_out) {
    std::vector<std::string> files;
    std::error_code failed;
    for (fs::directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed))
        if (at->path().stem().string() != left_out) files.push_back(at->path().string());
    std::sort(files.begin(), files.end());
    std::vector<Probe> probes;
    const auto size = std::size_t(fused);
    for (std::size_t first = 0; first + size <= files.size(); first += size) {
        Probe probe{subject_of(files[first]), {}, {}};
        std::vector<face::Embedding> several;
        for (std::size_t i = first; i < first + size; ++i) {
            probe.photos.insert(photo_of(files[i]));
            const auto& one = comparer.probe(files[i]);
            if (!one.embedding.empty()) several.push_back(one.embedding);
        }
        probe.embedding = face::fused(several);
        probes.push_back(std::move(probe));
    }
    return probes;
}

void add(Scores& scores, const face::Embedding& reference, const Probe& probe, bool is_genuine) {
    const bool both = !reference.empty() && probe.has_face();
    if (is_genuine && !both) ++scores.genuine_without_face;
    if (both)
        (is_genuine ? scores.genuine : scores.impostor)
            .push_back(face::cosine(reference, probe.embedding));
}

} // namespace

Levels measured_levels() {
    // FMR 1e-4 and 1e-3 on folds 1 and 2, measured on 30 November 2026 (face/README.md).
    return {0.4191, 0.3377};
}

const Comparer::Taken& Comparer::take(const std::string& file, Files& files, bool is_reference) {
    const auto known = files.find(file);
    if (known != files.end()) return *known->second;
    const auto bytes = base::read_file(file);
    const auto digest =
        (is_reference ? "a" : "b") + (bytes ? base::sha256_hex(*bytes) : "no file " + file);
    auto kept = kept_.find(digest);
    if (kept == kept_.end()) {
        Taken taken;
        if (bytes)
            taken = taken_from(*bytes, is_reference);
        else
            taken.fault = bytes.error().text();
        kept = kept_.emplace(digest, std::move(taken)).first;
    }
    files.emplace(file, &kept->second);
    return kept->second;
}

Comparer::Taken Comparer::taken_from(base::ByteView bytes, bool is_reference) {
    const base::Stopwatch watch;
    Taken taken;
    const auto picture = decode_any_picture(bytes);
    if (!picture) {
        taken.fault = picture.error().text();
    } else {
        auto sample = is_reference ? pipeline_.reference(*picture) : pipeline_.probe(*picture);
        if (!sample) {
            taken.fault = sample.error().text();
        } else {
            taken.sight = sample->sight;
            taken.embedding = std::move(sample->embedding);
        }
    }
    taken.millis = watch.millis();
    return taken;
}

// A line that names the set, then one for each picture: role and digest, sight, milliseconds, and
// the embedding's values as they lie in memory, in hex.
std::vector<std::string> Comparer::not_read() const {
    std::set<std::string> all; // once, where a file is a reference and a probe
    for (const auto* files : {&references_, &probes_})
        for (const auto& [file, taken] : *files)
            if (!taken->fault.empty()) all.insert(file + ": " + taken->fault);
    return {all.begin(), all.end()};
}

base::Result<void> Comparer::take_cache(const std::string& path, const std::string& set) {
    const auto bytes = base::read_file(path, cache_limit);
    if (!bytes) {
        if (bytes.error().code == base::Errc::not_found) return {};
        return bytes.error();
    }
    std::istringstream lines{std::string(base::as_text(*bytes))};
    std::string line;
    std::getline(lines, line);
    if (line != set) return {}; // of another pipeline: computed anew
    while (std::getline(lines, line)) {
        std::istringstream words(line);
        std::string digest, hex;
        int sight = 0;
        Taken taken;
        words >> digest >> sight >> taken.millis >> hex;
        const auto values = base::from_hex(hex == "-" ? "" : hex);
        if (!values || values->size() % sizeof(float) != 0 || sight < 0 ||
            sight > int(face::Sight::several))
            return base::Error{base::Errc::corrupt, path + ": not what this program wrote"};
        taken.sight = face::Sight(sight);
        taken.embedding.resize(values->size() / sizeof(float));
        std::copy(values->begin(), values->end(),
                  reinterpret_cast<std::uint8_t*>(taken.embedding.data()));
        kept_.emplace(digest, std::move(taken));
    }
    return {};
}

base::Result<void> Comparer::write_cache(const std::string& path, const std::string& set) const {
    std::ostringstream out;
    out << set << "\n";
    for (const auto& [digest, taken] : kept_) {
        if (!taken.fault.empty()) continue;
        const auto* values = reinterpret_cast<const std::uint8_t*>(taken.embedding.data());
        const auto hex =
            base::to_hex(base::ByteView(values, taken.embedding.size() * sizeof(float)));
        out << digest << " " << int(taken.sight) << " " << taken.millis << " "
            << (hex.empty() ? "-" : hex) << "\n";
    }
    return base::write_file_durably(path, base::as_bytes(out.str()));
}

Row Comparer::compare(const std::string& reference_file, const std::string& probe_file) {
    const auto& a = reference(reference_file);
    const auto& b = probe(probe_file);
    Row row;
    row.millis = a.millis + b.millis;
    if (a.embedding.empty() || b.embedding.empty()) return row;
    row.score = face::cosine(a.embedding, b.embedding);
    const bool is_alone = a.sight == face::Sight::one && b.sight == face::Sight::one;
    row.is_pass = is_alone && *row.score >= levels_.pass;
    return row;
}

Crossing cross(Comparer& comparer, const std::vector<Pair>& pairs, int fused) {
    Crossing result;
    std::set<std::string> references;
    for (const auto& pair : pairs) references.insert(pair.file_a);
    std::vector<Probe> probes;
    std::map<std::string, fs::path> folders;
    if (fused <= 1) {
        probes = single_probes(comparer, pairs);
    } else {
        for (const auto& pair : pairs)
            folders[subject_of(pair.file_b)] = fs::path(pair.file_b).parent_path();
        for (const auto& [subject, folder] : folders)
            for (auto& probe : fused_probes(comparer, folder, fused, ""))
                probes.push_back(std::move(probe));
    }
    result.references = references.size();
    result.probes = probes.size();
    for (const auto& probe : probes) result.probes_without_face += !probe.has_face();
    for (const auto& file : references) {
        const auto& reference = comparer.reference(file).embedding;
        result.references_without_face += reference.empty();
        const auto subject = subject_of(file);
        for (const auto& probe : probes)
            if (probe.subject != subject) add(result.scores, reference, probe, false);
        if (fused > 1 && folders.contains(subject))
            for (const auto& probe :
                 fused_probes(comparer, folders[subject], fused, photo_of(file)))
                add(result.scores, reference, probe, true);
    }
    if (fused <= 1)
        for (const auto& pair : pairs)
            if (pair.is_same)
                add(result.scores, comparer.reference(pair.file_a).embedding,
                    Probe{"", {}, comparer.probe(pair.file_b).embedding}, true);
    result.scores.sort();
    return result;
}

} // namespace evaluation
