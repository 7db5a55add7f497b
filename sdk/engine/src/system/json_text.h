// JSON written straight into one text: a form is 70 KiB, drawn again at every answer that somebody gives.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace careplug::engine {

class JsonText {
public:
    // Before each member of an object; then its value.
    JsonText& member(std::string_view name) {
        separate();
        quote(name);
        text_ += ':';
        first_ = true;
        return *this;
    }
    void open(char bracket) {
        separate();
        text_ += bracket;
        first_ = true;
    }
    void close(char bracket) {
        text_ += bracket;
        first_ = false;
    }
    void words(std::string_view value) {
        separate();
        quote(value);
    }
    void number(std::int64_t value) { written(std::to_string(value)); }
    void truth(bool value) { written(value ? "true" : "false"); }
    // A value that is JSON already.
    void written(std::string_view json) {
        separate();
        text_ += json;
    }
    const std::string& str() const { return text_; }

private:
    void separate() {
        if (!first_) text_ += ',';
        first_ = false;
    }
    void quote(std::string_view value);

    std::string text_;
    bool first_ = true;
};

}  // namespace careplug::engine
