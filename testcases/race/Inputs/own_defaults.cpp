// SPDX-License-Identifier: MIT
// A racy program that tells ThreadSanitizer its own exit status.
#include <thread>

extern "C" const char *__tsan_default_options() {
  return "exitcode=3";
}

static int shared;

int main() {
  std::thread other([] { shared++; });
  shared++;
  other.join();
}
