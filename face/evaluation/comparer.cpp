#include "face/evaluation/comparer.hpp"

#include "face/evaluation/read_picture.hpp"
#include "kiosk/base/clock.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

namespace evaluation {
namespace {

namespace fs = std::filesystem;

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
    // FMR 1e-4 and 1e-3 on folds 1 and 2, measured on 29 November 2026 with one view on each side
    // (face/README.md); with two views not measured yet.
    return {0.419, 0.336};
}

const Comparer::Taken& Comparer::take(const std::string& file, Kept& kept, bool is_reference) {
    const auto known = kept.find(file);
    if (known != kept.end()) return known->second;
    const base::Stopwatch watch;
    Taken taken;
    const auto picture = read_picture(file);
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
    return kept.emplace(file, std::move(taken)).first->second;
}

Row Comparer::compare(const std::string& reference_file, const std::string& probe_file) {
    const auto& a = reference(reference_file);
    const auto& b = probe(probe_file);
    Row row;
    row.millis = a.millis + b.millis;
    if (a.embedding.empty() || b.embedding.empty()) return row;
    row.score = face::cosine(a.embedding, b.embedding);
    row.is_pass = *row.score >= levels_.pass;
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
