// SPDX-License-Identifier: MIT
//
// A set of roots, by number: libraries have thousands of entries, and most of their functions are reached
// from most of them. So sets are bits, equal sets are one object (RootSets), and questions about a whole set
// are answered a word at a time.
#ifndef GORDIAN_SOURCE_LINK_FACTS_ROOT_SET_H
#define GORDIAN_SOURCE_LINK_FACTS_ROOT_SET_H

#include <bit>
#include <cstdint>
#include <set>
#include <vector>

namespace gordian::link {

class RootSet {
public:
  void insert(uint32_t r) {
    if (words.size() <= r / 64)
      words.resize(r / 64 + 1);
    words[r / 64] |= uint64_t(1) << r % 64;
  }
  void insert(const RootSet &other) {
    if (words.size() < other.words.size())
      words.resize(other.words.size());
    for (size_t n = 0; n < other.words.size(); ++n)
      words[n] |= other.words[n];
  }
  RootSet common(const RootSet &other) const {
    RootSet out;
    for (size_t n = 0; n < words.size() && n < other.words.size(); ++n)
      out.words.push_back(words[n] & other.words[n]);
    while (!out.words.empty() && !out.words.back())
      out.words.pop_back();
    return out;
  }
  bool empty() const { return words.empty(); }
  size_t size() const {
    size_t all = 0;
    for (uint64_t w : words)
      all += static_cast<size_t>(std::popcount(w));
    return all;
  }
  bool includes(const RootSet &other) const {
    for (size_t n = 0; n < other.words.size(); ++n)
      if (other.words[n] & ~(n < words.size() ? words[n] : 0))
        return false;
    return true;
  }
  bool intersects(const RootSet &other) const {
    for (size_t n = 0; n < words.size() && n < other.words.size(); ++n)
      if (words[n] & other.words[n])
        return true;
    return false;
  }
  /// In ascending order.
  template <class F>
  void forEach(F &&f) const {
    for (size_t n = 0; n < words.size(); ++n)
      for (uint64_t w = words[n]; w; w &= w - 1)
        f(static_cast<uint32_t>(n * 64 + static_cast<size_t>(std::countr_zero(w))));
  }
  friend auto operator<=>(const RootSet &, const RootSet &) = default;

private:
  std::vector<uint64_t> words; // the last one is not zero
};

/// Owns sets; equal ones once.
using RootSets = std::set<RootSet>;

} // namespace gordian::link

#endif
