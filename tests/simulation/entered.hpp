// What one person entered, kept beside the program: the measure for what the platform opens.
//
// Filled from what the person did (typed, laid down, pressed), never from the session.
#pragma once

#include "drivers/card_reader/simulated_card.hpp"
#include "kiosk/content/content_set.hpp"
#include "kiosk/forms/answers.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <string>
#include <vector>

namespace simulation {

// The value as an opened request must hold it (spec platform-api §3).
nlohmann::json as_request_value(const forms::Field& field, const forms::Value& value);

class Entered {
public:
    // A matter begins.
    void begin(const forms::Form& form);
    void answer(const forms::Field& field, const forms::Value& value); // monostate takes it away
    void card(forms::Holder holder, const drivers::SimulatedCard& card);
    // The matter was finished and another one of the same person follows.
    void remember();
    void forget() { *this = Entered(); }

    // What the request must say about a field, given where the session says it came from; null when
    // nobody entered such a thing.
    nlohmann::json expected(const forms::Field& field, forms::Source source) const;
    const std::map<std::string, nlohmann::json>& typed() const { return typed_; }
    // Texts about this person that may stand nowhere in clear.
    const std::vector<std::string>& personal() const { return personal_; }

private:
    void note_personal(const forms::Field& field, const nlohmann::json& value);

    const forms::Form* form_ = nullptr;
    std::map<std::string, nlohmann::json> typed_;      // by field
    std::map<std::string, std::string> on_card_;       // by term
    std::map<std::string, nlohmann::json> remembered_; // by term or field, and type
    std::vector<std::string> personal_;
};

} // namespace simulation
