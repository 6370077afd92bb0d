// SPDX-License-Identifier: MIT
// A method of a singleton gets to its own object again through instance().
// RUN: %gordian check %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: [non-reentrant-reacquire]
#include <mutex>
#include <string>

class Settings {
public:
  static Settings &instance() {
    static Settings s;
    return s;
  }
  std::string get() {
    std::lock_guard<std::mutex> l(m);
    return value;
  }
  void reload();

private:
  Settings() = default;
  std::mutex m;
  std::string value;
};

static std::string path() {
  return Settings::instance().get() + "/conf";
}

void Settings::reload() {
  std::lock_guard<std::mutex> l(m);
  value = path();
}
