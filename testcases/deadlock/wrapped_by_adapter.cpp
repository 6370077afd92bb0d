// SPDX-License-Identifier: MIT
// A stream reads through a buffer, which is no stream, what a stream gives that is of its own class: streams
// that buffer each other. A warning.
// RUN: %gordian check --rule data-race=off --explain-ranking %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: warning: two instances of `*Cached::mutex`
// CHECK: the wrapped object on the way may be of another class 0.70
#include <mutex>

class Stream {
public:
  virtual ~Stream() = default;
  virtual int read() = 0;
};

class Buffer {
public:
  explicit Buffer(Stream &s) : inner(&s) {}
  int read() { return inner->read() + n; }

private:
  Stream *inner;
  int n = 0;
};

class File : public Stream {
  int read() override { return 1; }
};

class Net : public Stream {
  int read() override { return 2; }
};

class Cached : public Stream {
public:
  Cached(Stream &s, std::mutex &m) : mutex(m), buffer(s) {}
  int read() override {
    std::lock_guard hold(mutex);
    return buffer.read();
  }

private:
  std::mutex &mutex;
  Buffer buffer;
};

Stream *open(int kind) {
  if (kind == 0)
    return new File;
  if (kind == 1)
    return new Net;
  return new Cached(*open(kind - 2), *new std::mutex);
}
