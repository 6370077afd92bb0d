// SPDX-License-Identifier: MIT
// A constructor has a helper fill its members: the object is nobody else's yet.
// RUN: %gordian check --notes --fail-on note %s -- -std=c++20
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
  Signaler() { makePair(&r, &w); }
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
    worker = new Worker;
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
