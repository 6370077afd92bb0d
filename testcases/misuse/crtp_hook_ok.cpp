// SPDX-License-Identifier: MIT
// The hook does not.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
#include <mutex>

template <class D>
class Base {
public:
  void update() {
    std::lock_guard<std::mutex> l(m);
    static_cast<D *>(this)->changed();
  }
  int value() {
    std::lock_guard<std::mutex> l(m);
    return v;
  }

protected:
  std::mutex m;
  int v = 0;
};

class View : public Base<View> {
public:
  void changed() { last = v; }

private:
  int last = 0;
};

View view;
void go() { view.update(); }
