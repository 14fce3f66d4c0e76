// Pictures in, scores out, for measuring only: it keeps embeddings of whole lists, which the room
// itself never does. A program and a package of its own (safeguard G13).
#pragma once

#include "face/evaluation/pair_list.hpp"
#include "face/evaluation/statistics.hpp"
#include "face/pipeline.hpp"

#include <map>
#include <optional>

namespace evaluation {

// From which cosine on. Without --calibration the levels that face/README.md names are used:
// measured on the developer set, for measuring; no kiosk passes anybody by them (safeguard G15).
struct Levels {
    double pass = 0;
    double band = 0;
};
Levels measured_levels();

struct Row {
    std::optional<double> score; // none: a picture without exactly one dominant face
    bool is_pass = false;
    double millis = 0; // both pictures and the comparison, as if nothing had been kept
};

class Comparer {
public:
    Comparer(face::Models& models, Levels levels) : pipeline_(models), levels_(levels) {}

    Row compare(const std::string& reference, const std::string& probe);

    struct Taken {
        face::Embedding embedding; // empty: none
        face::Sight sight = face::Sight::nobody;
        std::string fault; // why the file is no picture
        double millis = 0;
    };
    const Taken& reference(const std::string& file) { return take(file, references_, true); }
    const Taken& probe(const std::string& file) { return take(file, probes_, false); }

    // "FILE: why" of every file so far that is no picture; they count as without a face.
    std::vector<std::string> not_read() const;

    // Embeddings of earlier runs, by the content of the pictures; `set` names what made them, and
    // another one's are not taken. For measuring again without computing again: this program may
    // keep them (issue: face), the kiosk never does. Errors: corrupt; not_found is none.
    base::Result<void> take_cache(const std::string& path, const std::string& set);
    base::Result<void> write_cache(const std::string& path, const std::string& set) const;

private:
    using Files = std::map<std::string, const Taken*>; // into kept_
    const Taken& take(const std::string& file, Files& files, bool is_reference);
    Taken taken_from(base::ByteView bytes, bool is_reference);

    face::Pipeline pipeline_;
    Levels levels_;
    Files references_, probes_;
    std::map<std::string, Taken> kept_; // by role and digest of the picture
};

// The same people compared with everybody else: every reference with every probe of another subject
// (the name of the folder a picture stands in), and the pairs of the list that are the same.
// `fused` > 1: instead of one probe, so many photos of a subject are fused; the subject's folder is
// searched for them, the reference's own photo is left out.
struct Crossing {
    Scores scores;
    std::size_t references = 0, probes = 0;
    std::size_t references_without_face = 0, probes_without_face = 0;
};
Crossing cross(Comparer& comparer, const std::vector<Pair>& pairs, int fused);

} // namespace evaluation
