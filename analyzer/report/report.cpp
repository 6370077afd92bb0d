// SPDX-License-Identifier: MIT
//
// The format table and the choice of a reader.
#include "report/report.h"

#include "report/json_reader.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace gordian;
using namespace gordian::report;
using llvm::StringRef;

static constexpr Format kFormats[] = {
#define FORMAT(NAME, FLAG, EXTENSION, HELP) {FLAG, EXTENSION, HELP, write##NAME},
#include "report/formats.def"
};

llvm::ArrayRef<Format> report::formats() {
  return kFormats;
}

const Format *report::findFormat(StringRef name) {
  const Format *it = llvm::find_if(kFormats, [&](const Format &f) { return name == f.name; });
  return it == std::end(kFormats) ? nullptr : it;
}

const Format *report::formatOfFile(StringRef path) {
  StringRef extension = llvm::sys::path::extension(path);
  extension.consume_front(".");
  const Format *it = llvm::find_if(kFormats, [&](const Format &f) { return extension == f.extension; });
  return it == std::end(kFormats) ? nullptr : it;
}

static llvm::Expected<Result> readDocument(const llvm::json::Value &document) {
  const llvm::json::Object *object = document.getAsObject();
  if (object && object->get("gordian"))
    return readJson(*object);
  if (object && object->get("runs"))
    return readSarif(*object);
  return llvm::createStringError("is JSON, but neither a gordian result nor SARIF");
}

/// LLVM's parser descends by recursion; what is nested deeper than any result would end the process.
static bool nestedTooDeeply(StringRef text) {
  constexpr unsigned kMaxDepth = 200;
  unsigned depth = 0;
  bool inString = false;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (inString && c == '\\')
      ++i;
    else if (c == '"')
      inString = !inString;
    else if (!inString && (c == '[' || c == '{') && ++depth > kMaxDepth)
      return true;
    else if (!inString && (c == ']' || c == '}') && depth > 0)
      --depth;
  }
  return false;
}

llvm::Expected<Result> report::parseResult(StringRef text) {
  text.consume_front("\xef\xbb\xbf");
  if (text.trim().empty())
    return llvm::createStringError("the file is empty");
  if (nestedTooDeeply(text))
    return llvm::createStringError("nested too deeply for a result");
  llvm::Expected<llvm::json::Value> document = llvm::json::parse(text);
  if (!document)
    return llvm::createStringError("not complete JSON: " + llvm::toString(document.takeError()));
  return readDocument(*document);
}

llvm::Expected<Result> report::readResult(StringRef path) {
  auto failed = [&](const llvm::Twine &why) {
    return llvm::createStringError("cannot read " + path + ": " + why);
  };
  auto buffer = llvm::MemoryBuffer::getFileOrSTDIN(path, /*IsText=*/true);
  if (!buffer)
    return failed(buffer.getError().message());
  llvm::Expected<Result> result = parseResult((*buffer)->getBuffer());
  if (!result)
    return failed(llvm::toString(result.takeError()));
  return result;
}
