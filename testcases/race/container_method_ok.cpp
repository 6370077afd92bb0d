// SPDX-License-Identifier: MIT
// All methods of the container are called with the lock held; the constructor needs none.
// RUN: %gordian check %s -- -std=c++20
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
    std::lock_guard<std::mutex> l(m);
    return items.size();
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
