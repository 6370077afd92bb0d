// SPDX-License-Identifier: MIT
// A user's program that takes Gordian from where it was installed.
#include <gordian/annotate.h>
#include <gordian/lock.h>

#include <cstdio>
#include <mutex>

int main() {
  gordian::Lock lock;
  lock.acquire();
  std::puts(lock.locked() ? "held" : "free");
  lock.release();
}
