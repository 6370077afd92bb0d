// SPDX-License-Identifier: MIT
#include "predict/reports.h"

#include "predict/agent.h"
#include "predict/text.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

extern "C" {
const char *__sanitizer_get_report_path() __attribute__((weak));
int __sanitizer_get_module_and_offset_for_pc(void *pc, char *module, size_t room, void **offset)
    __attribute__((weak));
void __sanitizer_symbolize_pc(void *pc, const char *format, char *out, size_t room) __attribute__((weak));
const char *__tsan_locate_address(uintptr_t address, char *name, size_t room, uintptr_t *region, size_t *size)
    __attribute__((weak));
int __tsan_get_alloc_stack(uintptr_t address, uintptr_t *trace, size_t room, int *thread, int *kernelId)
    __attribute__((weak));
}

// Whether ThreadSanitizer ends the program with its exit status.
namespace __tsan {
__attribute__((visibility("default"))) bool OnFinalize(bool failed);
}

namespace gordian::predict {

namespace {

constexpr unsigned kMostReports = 256;
std::atomic<unsigned> reported{0};
SpinLock writing;
Text text; // under `writing`

/// How often each pair of places was asked about.
class Attempts {
public:
  /// False where it was confirmed already, or was refuted so often that asking each time does not pay.
  bool ask(Context a, Context b) {
    uint32_t &count = of(a, b);
    if (count == kConfirmed)
      return false;
    count++;
    return count <= kAlways || (count & (count - 1)) == 0;
  }
  /// False where another thread was faster.
  bool confirm(Context a, Context b) {
    SpinGuard guard(mutex_);
    uint32_t &count = of(a, b);
    const bool first = count != kConfirmed;
    count = kConfirmed;
    return first;
  }

private:
  static constexpr uint32_t kSlots = 1u << 14;
  static constexpr uint32_t kAlways = 64;
  static constexpr uint32_t kConfirmed = 1u << 31;

  // A slot may be shared by pairs, or be counted wrong when two threads ask at once: a question more or less.
  uint32_t &of(Context a, Context b) {
    const uint64_t pair = uint64_t(a < b ? a : b) << 32 | (a < b ? b : a);
    return counts_[(pair * 0x9e3779b97f4a7c15u) >> 50];
  }

  SpinLock mutex_;
  uint32_t counts_[kSlots] = {};
};
constinit Attempts attempts;

// ---------------------------------------------------------------------------------------------------------------
// Writing

bool toStandardError; // under `writing`, as all that follows

void addSymbols(unsigned &frame, uintptr_t pc) {
  static char buffer[4096];
  __sanitizer_symbolize_pc(reinterpret_cast<void *>(pc), "%f %S %M", buffer, sizeof(buffer));
  for (const char *line = buffer; *line; line++) { // the inlined calls at this place, each ended by a zero
    text.add("    #").add(frame++).add(" ").add(line).add("\n");
    while (*line)
      line++;
  }
}

void addModule(unsigned &frame, uintptr_t pc) {
  static char module[4096];
  void *offset = nullptr;
  text.add("    #").add(frame++).add(" ").addHex(pc + 1);
  if (__sanitizer_get_module_and_offset_for_pc &&
      __sanitizer_get_module_and_offset_for_pc(reinterpret_cast<void *>(pc), module, sizeof(module), &offset))
    text.add(" (").add(module).add("+").addHex(uintptr_t(offset)).add(")");
  text.add("\n");
}

void addFrame(unsigned &frame, uintptr_t returnAddress) {
  const uintptr_t pc = returnAddress - 1; // within the call
  if (toStandardError && __sanitizer_symbolize_pc)
    addSymbols(frame, pc);
  else
    addModule(frame, pc);
}

void addStack(Context context) {
  unsigned frame = 0;
  for (; context; context = contexts.callerOf(context))
    addFrame(frame, contexts.pcOf(context));
  text.add("\n");
}

Text &addThread(Tid thread) {
  return thread ? text.add("thread T").add(thread) : text.add("main thread");
}

void addAccess(const Access &access, const char *kind, uint8_t bytes, uintptr_t granule) {
  unsigned first = unsigned(__builtin_ctz(bytes)), size = unsigned(__builtin_popcount(bytes));
  text.add("  ").add(kind).add(" of size ").add(size).add(" at ").addHex(granule + first).add(" by ");
  addThread(access.point.thread).add(":\n");
  addStack(access.context);
}

void addLocation(uintptr_t address) {
  static char name[1024];
  uintptr_t region = 0;
  size_t size = 0;
  name[0] = 0;
  const char *kind =
      __tsan_locate_address ? __tsan_locate_address(address, name, sizeof(name), &region, &size) : "";
  if (kind[0] == 'g' && name[0]) {
    text.add("  Location is global '")
        .add(name)
        .add("' of size ")
        .add(size)
        .add(" at ")
        .addHex(region)
        .add("\n\n");
  } else if (kind[0] == 'h') {
    uintptr_t trace[64];
    int thread = 0, kernelId = 0;
    const int count =
        __tsan_get_alloc_stack ? __tsan_get_alloc_stack(address, trace, 64, &thread, &kernelId) : 0;
    text.add("  Location is heap block of size ").add(size).add(" at ").addHex(region).add(" allocated by ");
    addThread(Tid(thread)).add(":\n");
    unsigned frame = 0;
    for (int i = 0; i < count; i++)
      addFrame(frame, trace[i]);
    text.add("\n");
  } else if (kind[0] == 's') {
    text.add("  Location is stack of the program.\n\n");
  }
}

void addCreation(Tid thread) {
  const Agent *agent = thread ? agentOf(thread) : nullptr;
  if (!agent)
    return;
  text.add("  Thread T")
      .add(thread)
      .add(" (tid=")
      .add(unsigned(agent->kernelId))
      .add(", running) created by ");
  addThread(agent->creator).add(" at:\n");
  addStack(agent->created);
}

int openLog() {
  const char *path = __sanitizer_get_report_path ? __sanitizer_get_report_path() : nullptr;
  int file = -1;
  if (path && path[0] && !sameText(path, "stderr") && !sameText(path, "stdout"))
    file = int(syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0660));
  return file;
}

void write(const Suspicion &s) {
  SpinGuard guard(writing);
  const int file = openLog();
  toStandardError = file < 0;
  uint8_t common = s.first.mask & s.second.mask;
  text.clear();
  text.add("==================\nWARNING: ThreadSanitizer: data race (predicted) (pid=");
  text.add(unsigned(syscall(SYS_getpid))).add(")\n");
  addAccess(s.second, s.second.write ? "Write" : "Read", common, s.granule);
  addAccess(s.first, s.first.write ? "Previous write" : "Previous read", common, s.granule);
  addLocation(s.granule + unsigned(__builtin_ctz(common)));
  addCreation(s.second.point.thread);
  addCreation(s.first.point.thread);
  if (toStandardError)
    text.add("  Gordian: another schedule of the same program brings the two together.\n\n");
  text.add("SUMMARY: ThreadSanitizer: data race (predicted)\n==================\n");
  text.writeTo(file < 0 ? 2 : file);
  if (file >= 0)
    syscall(SYS_close, file);
}

} // namespace

void judge(Engine &judging, Thread &thread, const Suspicion &s) {
  if (!s.first.context || !s.second.context || judging.exclusive(s.first.point, thread))
    return;
  if (!attempts.ask(s.first.context, s.second.context) || !judging.feasible(s.first.point, thread))
    return;
  if (attempts.confirm(s.first.context, s.second.context) && reported.fetch_add(1) < kMostReports)
    write(s);
}

} // namespace gordian::predict

bool __tsan::OnFinalize(bool failed) {
  using namespace gordian::predict;
  engine.off();
  return failed || reported.load() > 0;
}
