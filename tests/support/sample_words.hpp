// The shipped words in one language, and a frame around a sample screen. For sample_models.cpp and
// sample_staff_models.cpp alone.
#pragma once

#include "kiosk/text/message.hpp"
#include "screens/model.hpp"
#include "tests/support/sample_models.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace samples {

using Json = nlohmann::json;

// The catalogues below a content folder.
class Words {
public:
    Words(base::Language language, const std::string& folder);

    std::string operator()(const std::string& key,
                           std::initializer_list<text::Insertion> values = {}) const;
    std::string of(const Json& texts) const { return texts.at(key_).get<std::string>(); }
    screens::ThreeTexts three(const std::string& key) const;
    // Of the three languages, for what no catalogue holds.
    std::string pick(const char* zh, const char* ug, const char* en) const {
        return key_ == "zh" ? zh : key_ == "ug" ? ug : en;
    }
    const Json& matters() const { return matters_; }
    const Json& groups() const { return groups_; }
    const Json& notices() const { return notices_; }
    const Json& consents() const { return consents_; }
    // What follows `prefix` in the message keys that begin with it.
    std::vector<std::string> ids(const std::string& prefix) const;

private:
    const Json& entry(const std::string& key) const;

    std::string key_;
    Json texts_, matters_, groups_, notices_, consents_;
};

screens::FrameModel frame(const Words& w, int step = 0);

// What is looked at or asked without a form.
std::vector<Sample> enquiry_screens(const Words& w);
// Everything that staff see, and what a resident sees of them.
std::vector<Sample> staff_screens(const Words& w);

} // namespace samples
