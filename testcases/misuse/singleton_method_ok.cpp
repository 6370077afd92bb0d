// SPDX-License-Identifier: MIT
// The method of a singleton asks before it locks.
// RUN: %gordian check %s -- -std=c++20
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
  std::string p = path();
  std::lock_guard<std::mutex> l(m);
  value = p;
}
