// SPDX-License-Identifier: MIT
// The derived class has a mutex of its own.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
#include <mutex>

class BaseGuard {
protected:
  explicit BaseGuard(std::mutex &m) : mutex(m) { mutex.lock(); }
  ~BaseGuard() { mutex.unlock(); }

private:
  std::mutex &mutex;
};

class Guard : BaseGuard {
public:
  explicit Guard(std::mutex &m) : BaseGuard(m) {}
};

class Lockable {
public:
  void put(int k) {
    Guard g(m);
    n += k;
  }

protected:
  std::mutex m;
  int n = 0;
};

class Box : public Lockable {
public:
  void fill() {
    Guard g(m);
    put(1);
  }

private:
  std::mutex m;
};

Box box;
void fill() { box.fill(); }
