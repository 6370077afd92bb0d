// SPDX-License-Identifier: MIT
//
// Files above kMaxSize are taken for data: no excerpt is worth reading them.
#include "report/sources.h"

using namespace gordian::report;
using llvm::StringRef;

static constexpr uint64_t kMaxSize = 64u << 20;

const Sources::File &Sources::read(StringRef name) {
  auto [it, fresh] = files.try_emplace(name);
  File &file = it->second;
  if (!fresh)
    return file;
  auto buffer = llvm::MemoryBuffer::getFile(name, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer || (*buffer)->getBufferSize() > kMaxSize || (*buffer)->getBuffer().contains('\0'))
    return file;
  file.buffer = std::move(*buffer);
  for (StringRef rest = file.buffer->getBuffer(); !rest.empty();) {
    StringRef line;
    std::tie(line, rest) = rest.split('\n');
    line.consume_back("\r");
    file.lines.push_back(line);
  }
  return file;
}

std::optional<StringRef> Sources::line(StringRef file, unsigned number) {
  if (file.empty() || number == 0)
    return std::nullopt;
  const File &f = read(file);
  if (number > f.lines.size())
    return std::nullopt;
  return f.lines[number - 1];
}

unsigned Sources::lineCount(StringRef file) {
  return unsigned(read(file).lines.size());
}
