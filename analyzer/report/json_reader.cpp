// SPDX-License-Identifier: MIT
//
// The archive that reads json_fields.h's lists from a parsed document.
#include "report/json_reader.h"

#include "finding/rules.h"
#include "report/json_writer.h"

using namespace gordian;
using namespace gordian::report;
using llvm::StringRef;
namespace json = llvm::json;

namespace {

/// Reads one object's members; stops at the first that has the wrong form.
class JsonReader {
public:
  JsonReader(const json::Object &from, std::string at, std::string &failure)
      : object(from), path(std::move(at)), error(failure) {}

  template <typename T>
  void operator()(StringRef name, T &value) {
    const json::Value *v = object.get(name);
    if (v && error.empty())
      read(*v, value, path.empty() ? name.str() : path + "." + name.str());
  }

private:
  void fail(const std::string &at, const char *expected) {
    if (error.empty())
      error = at + " is not " + expected;
  }

  template <typename T>
  void read(const json::Value &v, T &value, const std::string &at) {
    const json::Object *o = v.getAsObject();
    if (!o)
      return fail(at, "an object");
    JsonReader inner(*o, at, error);
    fields(inner, value);
  }
  template <typename T>
  void read(const json::Value &v, std::vector<T> &list, const std::string &at) {
    const json::Array *array = v.getAsArray();
    if (!array)
      return fail(at, "a list");
    list.resize(array->size());
    for (size_t i = 0; i < list.size() && error.empty(); ++i)
      read((*array)[i], list[i], at + "[" + std::to_string(i) + "]");
  }
  void read(const json::Value &v, std::string &s, const std::string &at) {
    if (auto text = v.getAsString())
      s = text->str();
    else
      fail(at, "a string");
  }
  void read(const json::Value &v, bool &b, const std::string &at) {
    if (auto value = v.getAsBoolean())
      b = *value;
    else
      fail(at, "true or false");
  }
  void read(const json::Value &v, double &d, const std::string &at) {
    if (auto value = v.getAsNumber())
      d = *value;
    else
      fail(at, "a number");
  }
  template <typename T>
  void readInteger(const json::Value &v, T &n, const std::string &at) {
    auto value = v.getAsUINT64();
    if (value && *value <= std::numeric_limits<T>::max())
      n = T(*value);
    else
      fail(at, "a whole number in range");
  }
  void read(const json::Value &v, unsigned &n, const std::string &at) { readInteger(v, n, at); }
  void read(const json::Value &v, uint64_t &n, const std::string &at) { readInteger(v, n, at); }
  void read(const json::Value &v, int &n, const std::string &at) { readInteger(v, n, at); }

  template <typename T>
  void readName(const json::Value &v, T &value, std::optional<T> (*parse)(StringRef), const std::string &at,
                const char *expected) {
    auto text = v.getAsString();
    if (auto parsed = text ? parse(*text) : std::nullopt)
      value = *parsed;
    else
      fail(at, expected);
  }
  void read(const json::Value &v, Level &x, const std::string &at) {
    readName(v, x, parseLevel, at, "a level");
  }
  void read(const json::Value &v, Evidence &x, const std::string &at) {
    readName(v, x, parseEvidence, at, "a kind of evidence");
  }
  void read(const json::Value &v, StepKind &x, const std::string &at) {
    readName(v, x, parseStep, at, "a kind of step");
  }
  void read(const json::Value &v, BaselineState &x, const std::string &at) {
    readName(v, x, parseBaseline, at, "a baseline state");
  }
  void read(const json::Value &v, Mode &x, const std::string &at) {
    auto text = v.getAsString();
    if (!text || (*text != "shared" && *text != "exclusive"))
      return fail(at, "a mode");
    x = *text == "shared" ? Mode::Shared : Mode::Exclusive;
  }

  const json::Object &object;
  std::string path;
  std::string &error;
};

} // namespace

llvm::Expected<Result> report::readJson(const json::Object &document) {
  const json::Object *header = document.getObject("gordian");
  std::optional<int64_t> schema = header ? header->getInteger("schema") : std::nullopt;
  if (!schema)
    return llvm::createStringError("gordian.schema is missing");
  if (*schema != kJsonSchema)
    return llvm::createStringError("written by another version of gordian (schema %lld, this one reads %d)",
                                   static_cast<long long>(*schema), kJsonSchema);
  if (!document.getArray("findings") && document.get("findings"))
    return llvm::createStringError("findings is not a list");
  Result result;
  std::string error;
  JsonReader reader(document, "", error);
  fields(reader, result);
  if (!error.empty())
    return llvm::createStringError(error);
  return result;
}
