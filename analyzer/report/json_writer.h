// SPDX-License-Identifier: MIT
//
// The archive that writes json_fields.h's lists to a stream, and what all JSON-based formats need.
#ifndef GORDIAN_REPORT_JSON_WRITER_H
#define GORDIAN_REPORT_JSON_WRITER_H

#include "finding/rules.h"
#include "report/json_fields.h"

#include "llvm/Support/JSON.h"

namespace gordian::report {

/// File names and symbols may hold any byte; JSON may not.
inline std::string validUtf8(llvm::StringRef s) {
  return llvm::json::isUTF8(s) ? s.str() : llvm::json::fixUTF8(s);
}

/// "", "new", "unchanged", "updated", "absent": SARIF's words.
llvm::StringRef baselineName(BaselineState state);
std::optional<BaselineState> parseBaseline(llvm::StringRef name);

/// Writes each member; empty strings, lists, unknown places and numbers that are 0 are left out.
class JsonWriter {
public:
  explicit JsonWriter(llvm::json::OStream &stream) : json(stream) {}

  template <typename T>
  void operator()(llvm::StringRef name, const T &value) {
    if (isEmpty(value))
      return;
    json.attributeBegin(name);
    write(value);
    json.attributeEnd();
  }

  template <typename T>
  void write(const T &value) {
    json.objectBegin();
    fields(*this, value);
    json.objectEnd();
  }
  template <typename T>
  void write(const std::vector<T> &list) {
    json.arrayBegin();
    for (const T &x : list)
      write(x);
    json.arrayEnd();
  }
  void write(bool value) { json.value(value); }
  void write(int n) { json.value(n); }
  void write(const std::string &s) { json.value(validUtf8(s)); }
  void write(unsigned n) { json.value(n); }
  void write(uint64_t n) { json.value(n); }
  void write(double n) { json.value(n); }
  void write(Level level) { json.value(levelName(level)); }
  void write(Evidence evidence) { json.value(evidenceName(evidence)); }
  void write(StepKind kind) { json.value(stepName(kind)); }
  void write(Mode mode) { json.value(mode == Mode::Shared ? "shared" : "exclusive"); }
  void write(BaselineState state) { json.value(baselineName(state)); }

private:
  template <typename T>
  static bool isEmpty(const std::vector<T> &list) {
    return list.empty();
  }
  static bool isEmpty(const std::string &s) { return s.empty(); }
  static bool isEmpty(const Location &at) { return at == Location(); }
  static bool isEmpty(unsigned n) { return n == 0; }
  static bool isEmpty(uint64_t n) { return n == 0; }
  static bool isEmpty(int subject) { return subject < 0; }
  static bool isEmpty(BaselineState state) { return state == BaselineState::None; }
  template <typename T>
  static bool isEmpty(const T &) {
    return false;
  }

  llvm::json::OStream &json;
};

} // namespace gordian::report

#endif
