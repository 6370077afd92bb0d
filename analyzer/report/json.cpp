// SPDX-License-Identifier: MIT
//
// The json format: the model as it is (json_fields.h), under a header that names schema and tool version.
// Nothing is truncated; `gordian report` and `gordian diff` read it back without loss.
#include "report/json_writer.h"
#include "report/report.h"

using namespace gordian;
using namespace gordian::report;
using llvm::StringRef;

static constexpr StringRef kBaselines[] = {"", "new", "unchanged", "updated", "absent"};
static_assert(std::size(kBaselines) == size_t(BaselineState::Absent) + 1);

StringRef report::baselineName(BaselineState state) {
  return kBaselines[size_t(state)];
}

std::optional<BaselineState> report::parseBaseline(StringRef name) {
  for (size_t i = 0; i < std::size(kBaselines); ++i)
    if (kBaselines[i] == name)
      return BaselineState(i);
  return std::nullopt;
}

void report::writeJson(const Result &result, const Options &, llvm::raw_ostream &os) {
  llvm::json::OStream json(os, /*IndentSize=*/1);
  json.object([&] {
    json.attributeObject("gordian", [&] {
      json.attribute("schema", kJsonSchema);
      json.attribute("version", GORDIAN_VERSION);
    });
    JsonWriter writer(json);
    fields(writer, result);
  });
  os << '\n';
}
