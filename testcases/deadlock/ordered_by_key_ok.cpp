// SPDX-License-Identifier: MIT
// Two objects are locked in the order of a key: by an operator of their class, by strings, by tuples.
// RUN: %gordian check --rule lock-order-inversion %s -- -std=c++20
#include <cstring>
#include <mutex>
#include <string>
#include <tuple>
#include <utility>

class Queue {
public:
  bool operator<(const Queue &o) const { return name < o.name; }
  virtual int rank() const;
  void drainInto(Queue &o) {
    Queue *first = this, *second = &o;
    if (*second < *first)
      std::swap(first, second);
    std::lock_guard<std::mutex> a(first->m);
    std::lock_guard<std::mutex> b(second->m);
    std::swap(n, o.n);
  }
  void byCompare(Queue &o) {
    Queue *first = this, *second = &o;
    if (first->name.compare(second->name) > 0)
      std::swap(first, second);
    std::lock_guard<std::mutex> a(first->m);
    std::lock_guard<std::mutex> b(second->m);
    std::swap(n, o.n);
  }
  void byText(Queue &o) {
    bool before = strcmp(text, o.text) < 0;
    std::lock_guard<std::mutex> a((before ? *this : o).m);
    std::lock_guard<std::mutex> b((before ? o : *this).m);
    std::swap(n, o.n);
  }
  void byRank(Queue &o) {
    Queue *first = this, *second = &o;
    if (o.rank() < rank())
      std::swap(first, second);
    std::lock_guard<std::mutex> a(first->m);
    std::lock_guard<std::mutex> b(second->m);
    std::swap(n, o.n);
  }
  void byTuple(Queue &o) {
    bool before = std::tie(kind, number) < std::tie(o.kind, o.number);
    std::lock_guard<std::mutex> a((before ? *this : o).m);
    std::lock_guard<std::mutex> b((before ? o : *this).m);
    std::swap(n, o.n);
  }

private:
  const std::string name;
  const char *text = "";
  const int kind = 0, number = 0;
  std::mutex m;
  int n = 0;
};
