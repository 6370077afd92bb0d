// SPDX-License-Identifier: MIT
#include "trace/interpreter.h"

#include "trace/python_frames.h"
#include "trace/writer.h"

#include <cstring>

namespace gordian::runtime {

using namespace gordian::trace;

Ref writeSourceFrame(const char *file, int line, const char *function) {
  auto *r = reserveRecord<SourceStackRecord>(0, sizeof(SourceFrame));
  if (!r)
    return kNoRef;
  auto *frame = reinterpret_cast<SourceFrame *>(r + 1);
  frame->file = writeString(file, strlen(file));
  frame->function = function ? writeString(function, strlen(function)) : kNoRef;
  frame->line = uint32_t(line);
  r->frames = 1;
  TraceFile::commit(r, RecordKind::SourceStack, uint8_t(SourceLanguage::C));
  return traceFile.refOf(r);
}

Ref interpreterStack(ThreadState *) {
  constexpr unsigned kFrames = 24;
  PythonFrame frames[kFrames];
  const unsigned count = pythonFrames(frames, kFrames);
  if (count == 0)
    return kNoRef;
  auto *r = reserveRecord<SourceStackRecord>(0, count * sizeof(SourceFrame));
  if (!r)
    return kNoRef;
  auto *out = reinterpret_cast<SourceFrame *>(r + 1);
  for (unsigned i = 0; i < count; i++) {
    char text[512];
    out[i].file = writeString(text, pythonFile(frames[i], text, sizeof(text)));
    out[i].function = writeString(text, pythonFunction(frames[i], text, sizeof(text)));
    out[i].line = pythonLine(frames[i]);
  }
  r->frames = count;
  TraceFile::commit(r, RecordKind::SourceStack, uint8_t(SourceLanguage::Python));
  return traceFile.refOf(r);
}

} // namespace gordian::runtime
