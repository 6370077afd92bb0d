// SPDX-License-Identifier: MIT
// A method has a helper fill the members of an object that is in use.
// RUN: %not %gordian check --notes --fail-on note %s -- -std=c++20 > %t.out
// RUN: %FileCheck %s < %t.out
#include <atomic>
#include <mutex>
#include <unistd.h>

static void makePair(int *r, int *w) {
  *w = *r = -1;
  int fd[2];
  if (pipe(fd) == 0) {
    *r = fd[0];
    *w = fd[1];
  } else {
    *w = -2;
  }
}

class Signaler {
public:
  void start() { makePair(&r, &w); }
  // CHECK: [[#@LINE+1]]:{{.*}}`Signaler::reader` reads `Worker::signaler.r` without `Context::slots`
  int reader() const { return r; }
  void send() {
    char c = 0;
    if (write(w, &c, 1) < 0)
      ++failed;
  }

  int r = -1, w = -1;
  std::atomic<int> failed = 0;
};

struct Worker {
  Signaler signaler;
};

class Context {
public:
  void start() {
    std::lock_guard<std::mutex> l(slots);
    worker->signaler.start();
  }
  int known() {
    std::lock_guard<std::mutex> l(slots);
    return worker->signaler.w;
  }

private:
  std::mutex slots;
  Worker *worker = nullptr;
};

int sendBy(Context &c, Worker &w) {
  c.start();
  w.signaler.send();
  return c.known() + w.signaler.reader();
}
