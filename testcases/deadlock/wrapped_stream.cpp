// SPDX-License-Identifier: MIT
// A stream that wraps a stream: the wrapped one is mostly not of the class that would close the ring.
// RUN: %gordian check --rule data-race=off --explain-ranking %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: warning: `Cache::mutex` and `Index::mutex` are acquired in opposite orders
// CHECK: the wrapped object on the way may be of another class 0.70
#include <mutex>

class Index {
public:
  int find() {
    std::lock_guard hold(mutex);
    return n++;
  }
  void refresh(class Stream &s);

private:
  std::mutex mutex;
  int n = 0;
};

class Stream {
public:
  virtual ~Stream() = default;
  virtual int read() = 0;
};
class File : public Stream {
  int read() override { return 1; }
};
class Indexed : public Stream {
public:
  explicit Indexed(Index &i) : index(i) {}
  int read() override { return index.find(); }

private:
  Index &index;
};
class Cache : public Stream {
public:
  explicit Cache(Stream &s) : inner(&s) {}
  int read() override {
    std::lock_guard hold(mutex);
    return inner->read() + n;
  }

private:
  Stream *inner;
  std::mutex mutex;
  int n = 0;
};

void Index::refresh(Stream &s) {
  std::lock_guard hold(mutex);
  n = s.read();
}

Stream *open(int kind, Index &index) {
  if (kind == 0)
    return new File;
  if (kind == 1)
    return new Indexed(index);
  return new Cache(*open(kind - 2, index));
}
