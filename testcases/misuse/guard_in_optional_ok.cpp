// SPDX-License-Identifier: MIT
// Guards that an optional, a unique_ptr or a vector holds give their locks back where the holder is reset,
// cleared or ends.
// RUN: %gordian check %s -- -std=c++20
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

static std::mutex first, second;
static int n, k;

static void noteFirst() {
  std::lock_guard<std::mutex> l(first);
  ++n;
}
static void noteSecond() {
  std::lock_guard<std::mutex> l(second);
  ++k;
}

void write(bool later) {
  std::optional<std::unique_lock<std::mutex>> g;
  g.emplace(first);
  ++n;
  g.reset();
  noteFirst();
  if (later)
    g.emplace(second);
  if (g)
    g.reset();
  noteSecond();
  g = std::unique_lock<std::mutex>(first);
  g = std::nullopt;
  noteFirst();
}

int rotate() {
  auto g = std::make_unique<std::lock_guard<std::mutex>>(second);
  int was = k;
  g.reset();
  noteSecond();
  std::unique_ptr<std::lock_guard<std::mutex>> other(new std::lock_guard<std::mutex>(first));
  return was + n;
}

int several() {
  std::vector<std::unique_lock<std::mutex>> held;
  std::unique_lock<std::mutex> l(first);
  held.push_back(std::move(l));
  int was = n;
  held.clear();
  noteFirst();
  return was;
}
