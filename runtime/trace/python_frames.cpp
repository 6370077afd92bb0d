// SPDX-License-Identifier: MIT
#include "trace/python_frames.h"

#include <cstring>
#include <dlfcn.h>

// A weak reference, and not dlsym, says whether this process has an interpreter: a dlsym that fails
// allocates, and in a program under ThreadSanitizer nothing can be allocated this early.
extern "C" __attribute__((weak, visibility("default"))) const unsigned long Py_Version;

namespace gordian::runtime {

namespace {

/// Offsets of one version. `frameHolder`: in 3.11 and 3.12 the thread state has a pointer to a structure that
/// holds the current frame.
struct Layout {
  uint32_t version; // major << 8 | minor
  uint32_t threadFrame, holderFrame;
  bool hasHolder;
  uint32_t frameCode, framePrevious, frameInstruction, frameOwner;
  uint32_t codeFirstLine, codeFile, codeQualifiedName, codeLines, codeConstants, codeBytes;
  uint32_t asciiData, unicodeData;
  uint8_t with, loadConstant; // instructions
};
constexpr Layout kLayouts[] = {
    {0x030b, 56, 8, true, 32, 48, 56, 69, 72, 112, 128, 136, 24, 184, 48, 72, 53, 100},
    {0x030c, 56, 0, true, 0, 8, 56, 70, 68, 112, 128, 136, 24, 192, 40, 56, 53, 100},
    {0x030d, 72, 0, false, 0, 8, 56, 70, 68, 112, 128, 136, 24, 200, 40, 56, 2, 83},
};
constexpr uint8_t kOwnedByC = 3; // a frame that stands for a C call (3.12 on)
constexpr uint32_t kBytesData = 32, kTupleData = 24, kSize = 16, kType = 8;

constinit const Layout *layout = nullptr;
void *(*threadStateOf)() = nullptr;
constinit uintptr_t lockLayer[2] = {};
constinit const void *codeType = nullptr;
constinit const void *falseObject = nullptr, *trueObject = nullptr;

template <class T>
T at(const char *object, uint32_t offset) {
  T value;
  memcpy(&value, object + offset, sizeof(value));
  return value;
}

bool isCode(const char *object) {
  return object && reinterpret_cast<uintptr_t>(object) % 8 == 0 &&
         at<const void *>(object, kType) == codeType;
}

/// A str as UTF-8. state: interned (2 bits in the releases here), kind (3), compact (1), ascii (1).
size_t copyString(const char *object, char *out, size_t size) {
  if (!object)
    return 0;
  const uint32_t state = at<uint32_t>(object, 32);
  const uint32_t kind = (state >> 2) & 7;
  const bool ascii = (state >> 6) & 1;
  const size_t length = at<size_t>(object, kSize);
  const char *data = object + (ascii ? layout->asciiData : layout->unicodeData);
  size_t n = 0;
  for (size_t i = 0; i < length && n + 4 < size; i++) {
    uint32_t c = kind == 1   ? at<uint8_t>(data, uint32_t(i))
                 : kind == 2 ? at<uint16_t>(data, uint32_t(2 * i))
                             : at<uint32_t>(data, uint32_t(4 * i));
    if (c < 0x80) {
      out[n++] = char(c);
    } else if (c < 0x800) {
      out[n++] = char(0xc0 | c >> 6);
      out[n++] = char(0x80 | (c & 63));
    } else if (c < 0x10000) {
      out[n++] = char(0xe0 | c >> 12);
      out[n++] = char(0x80 | ((c >> 6) & 63));
      out[n++] = char(0x80 | (c & 63));
    } else {
      out[n++] = char(0xf0 | c >> 18);
      out[n++] = char(0x80 | ((c >> 12) & 63));
      out[n++] = char(0x80 | ((c >> 6) & 63));
      out[n++] = char(0x80 | (c & 63));
    }
  }
  return n;
}

/// Variable-length numbers of the location table: six bits a byte.
uint32_t readNumber(const uint8_t *&p, const uint8_t *end) {
  uint32_t value = 0;
  for (unsigned shift = 0; p < end; shift += 6) {
    const uint8_t b = *p++;
    if (shift < 32)
      value |= uint32_t(b & 63) << shift;
    if (!(b & 64))
      break;
  }
  return value;
}
int32_t readSigned(const uint8_t *&p, const uint8_t *end) {
  const uint32_t value = readNumber(p, end);
  return value & 1 ? -int32_t(value >> 1) : int32_t(value >> 1);
}

} // namespace

void findPython() {
  const unsigned long *version = &Py_Version;
  // A debug build and one without interpreter lock are laid out otherwise.
  if (!version || dlsym(RTLD_DEFAULT, "_Py_NegativeRefcount") ||
      dlsym(RTLD_DEFAULT, "PyUnstable_Module_SetGIL"))
    return;
  for (const Layout &l : kLayouts)
    if (*version >> 16 == l.version)
      layout = &l;
  threadStateOf = reinterpret_cast<void *(*)()>(dlsym(RTLD_DEFAULT, "PyGILState_GetThisThreadState"));
  lockLayer[0] = reinterpret_cast<uintptr_t>(dlsym(RTLD_DEFAULT, "PyThread_acquire_lock_timed"));
  lockLayer[1] = reinterpret_cast<uintptr_t>(dlsym(RTLD_DEFAULT, "PyThread_acquire_lock"));
  codeType = dlsym(RTLD_DEFAULT, "PyCode_Type");
  falseObject = dlsym(RTLD_DEFAULT, "_Py_FalseStruct");
  trueObject = dlsym(RTLD_DEFAULT, "_Py_TrueStruct");
  if (!threadStateOf || !codeType || !dlsym(RTLD_DEFAULT, "_PyRuntime"))
    layout = nullptr;
}

bool pythonIsThere() {
  return layout != nullptr;
}
bool isPythonLockLayer(uintptr_t function) {
  return function == lockLayer[0] || function == lockLayer[1];
}
uintptr_t interpreterCode() {
  return reinterpret_cast<uintptr_t>(threadStateOf);
}

unsigned pythonFrames(PythonFrame *frames, unsigned limit) {
  if (!layout)
    return 0;
  const auto *thread = static_cast<const char *>(threadStateOf());
  if (!thread)
    return 0;
  const char *frame = at<const char *>(thread, layout->threadFrame);
  if (layout->hasHolder && frame)
    frame = at<const char *>(frame, layout->holderFrame);
  unsigned count = 0;
  for (unsigned i = 0; frame && count < limit && i < 256; i++) {
    const bool real = !(layout->version >= 0x030c && at<uint8_t>(frame, layout->frameOwner) == kOwnedByC);
    const char *code = real ? at<const char *>(frame, layout->frameCode) : nullptr;
    if (real) {
      if (!isCode(code))
        return count;
      const uintptr_t instruction = at<uintptr_t>(frame, layout->frameInstruction);
      const uintptr_t begin = reinterpret_cast<uintptr_t>(code) + layout->codeBytes;
      // Before its first instruction, prev_instr stands one before the code.
      frames[count++] = {code, instruction >= begin ? uint32_t(instruction - begin) : 0};
    }
    frame = at<const char *>(frame, layout->framePrevious);
  }
  return count;
}

uint32_t pythonLine(const PythonFrame &frame) {
  const char *table = at<const char *>(frame.code, layout->codeLines);
  const auto *p = reinterpret_cast<const uint8_t *>(table + kBytesData);
  const uint8_t *end = p + at<size_t>(table, kSize);
  int32_t line = at<int32_t>(frame.code, layout->codeFirstLine);
  uint32_t covered = 0;
  // Objects/locations.md: one entry for each run of instructions.
  while (p < end) {
    const uint8_t first = *p++;
    const unsigned kind = (first >> 3) & 15;
    covered += ((first & 7u) + 1) * 2;
    if (kind == 14) {
      line += readSigned(p, end);
      for (int i = 0; i < 3; i++)
        readNumber(p, end);
    } else if (kind == 13) {
      line += readSigned(p, end);
    } else if (kind >= 10 && kind <= 12) {
      line += int32_t(kind) - 10;
      p += 2;
    } else if (kind < 10) {
      p += 1;
    }
    if (frame.instruction < covered)
      return kind == 15 ? uint32_t(at<int32_t>(frame.code, layout->codeFirstLine)) : uint32_t(line);
  }
  return uint32_t(line);
}

size_t pythonFile(const PythonFrame &frame, char *out, size_t size) {
  return copyString(at<const char *>(frame.code, layout->codeFile), out, size);
}

size_t pythonFunction(const PythonFrame &frame, char *out, size_t size) {
  return copyString(at<const char *>(frame.code, layout->codeQualifiedName), out, size);
}

bool pythonIsWith(const PythonFrame &frame) {
  return at<uint8_t>(frame.code + layout->codeBytes, frame.instruction & ~1u) == layout->with;
}

PythonRequest pythonRequest(const PythonFrame &frame) {
  const char *bytes = frame.code + layout->codeBytes;
  const uint32_t i = frame.instruction & ~1u;
  // Specialised forms of a call have other numbers, but the same argument: how many values it is given.
  if (at<uint8_t>(bytes, i) == layout->with || at<uint8_t>(bytes, i + 1) == 0)
    return PythonRequest::Waits;
  // The last value was loaded just before; KW_NAMES, PRECALL and a cache may lie between.
  for (uint32_t back = 2; back <= 10 && back <= i; back += 2) {
    if (at<uint8_t>(bytes, i - back) != layout->loadConstant)
      continue;
    const char *constants = at<const char *>(frame.code, layout->codeConstants);
    const uint8_t index = at<uint8_t>(bytes, i - back + 1);
    if (index >= at<size_t>(constants, kSize))
      return PythonRequest::Unknown;
    const auto *value = at<const void *>(constants, kTupleData + 8u * index);
    return value == falseObject  ? PythonRequest::Tries
           : value == trueObject ? PythonRequest::Waits
                                 : PythonRequest::Timed;
  }
  return PythonRequest::Unknown;
}

} // namespace gordian::runtime
