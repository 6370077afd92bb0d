// SPDX-License-Identifier: MIT
//
// Strongly connected components by Tarjan's algorithm (SIAM J. Comput. 1972), with a stack of its own: call
// chains are deep. What a component's members lead to comes before it; members are sorted.
#ifndef GORDIAN_SOURCE_LINK_CALLGRAPH_COMPONENTS_H
#define GORDIAN_SOURCE_LINK_CALLGRAPH_COMPONENTS_H

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace gordian::link {

/// Of the nodes 0 to `count` - 1; `next(n)` is the list of nodes that n leads to.
template <class Next>
std::vector<std::vector<uint32_t>> componentsOf(size_t count, Next &&next) {
  constexpr uint32_t kNew = ~0u;
  std::vector<std::vector<uint32_t>> parts;
  std::vector<uint32_t> index(count, kNew), low(count, 0), stack;
  std::vector<bool> onStack(count, false);
  std::vector<std::pair<uint32_t, size_t>> frames;
  uint32_t counter = 0;
  auto open = [&](uint32_t n) {
    index[n] = low[n] = counter++;
    stack.push_back(n);
    onStack[n] = true;
    frames.push_back({n, 0});
  };
  auto close = [&](uint32_t done) {
    std::vector<uint32_t> part;
    for (uint32_t member = kNew; member != done;) {
      member = stack.back();
      stack.pop_back();
      onStack[member] = false;
      part.push_back(member);
    }
    std::sort(part.begin(), part.end());
    parts.push_back(std::move(part));
  };
  for (uint32_t start = 0; start < count; ++start) {
    if (index[start] != kNew)
      continue;
    open(start);
    while (!frames.empty()) {
      auto &[n, at] = frames.back();
      const auto &out = next(n);
      if (at < out.size()) {
        uint32_t to = out[at++];
        if (index[to] == kNew)
          open(to);
        else if (onStack[to])
          low[n] = std::min(low[n], index[to]);
        continue;
      }
      uint32_t done = n;
      frames.pop_back();
      if (!frames.empty())
        low[frames.back().first] = std::min(low[frames.back().first], low[done]);
      if (low[done] == index[done])
        close(done);
    }
  }
  return parts;
}

} // namespace gordian::link

#endif
