// SPDX-License-Identifier: MIT
#include "jobs.h"

#include <thread>

int main() {
  std::thread other([] { add_job(); });
  add_job();
  other.join();
}
