// SPDX-License-Identifier: MIT
// A container that is guarded elsewhere is asked for its size without the lock.
// RUN: %gordian check %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
#include <memory>
#include <mutex>
#include <string>
#include <vector>

class Items {
public:
  explicit Items(std::vector<std::string> start) : items(std::move(start)) {
    items.push_back("end");
  }
  void add(std::string s) {
    std::lock_guard<std::mutex> l(m);
    items.push_back(std::move(s));
    newest = std::make_shared<std::string>(items.back());
  }
  void drop() {
    std::lock_guard<std::mutex> l(m);
    items.pop_back();
    newest.reset();
  }
  std::string last() {
    std::lock_guard<std::mutex> l(m);
    return items.back();
  }
  std::shared_ptr<std::string> get() {
    std::lock_guard<std::mutex> l(m);
    return newest;
  }
  std::size_t size() {
    return items.size(); // CHECK: container_method.cpp:[[@LINE]]:
  }

private:
  std::mutex m;
  std::vector<std::string> items;
  std::shared_ptr<std::string> newest;
};

std::size_t use(Items &i) {
  i.add("x");
  i.drop();
  i.get();
  return i.last().size() + i.size();
}
