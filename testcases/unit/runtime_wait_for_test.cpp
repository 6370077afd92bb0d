// SPDX-License-Identifier: MIT
// LINK: gordian_runtime_core
//
// graph/wait_for.h against a naive oracle on random graphs.
#include "graph/wait_for.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

using namespace gordian::runtime;

namespace {

struct Matrix {
  uint32_t size;
  std::vector<bool> edge;
  bool at(uint32_t from, uint32_t to) const { return edge[from * size + to]; }
};

uint32_t find(const Matrix &m, uint32_t start, uint32_t *circle) {
  std::vector<uint32_t> scratch(3 * m.size);
  const WaitGraph graph = {m.size,
                           [](uint32_t from, uint32_t to, const void *data) {
                             return static_cast<const Matrix *>(data)->at(from, to);
                           },
                           &m};
  return findCircle(graph, start, scratch.data(), circle);
}

/// Length of the shortest circle through `start`, by the number of steps after which it comes back to itself.
uint32_t oracle(const Matrix &m, uint32_t start) {
  std::vector<bool> now(m.size);
  now[start] = true;
  for (uint32_t steps = 1; steps <= m.size; steps++) {
    std::vector<bool> next(m.size);
    for (uint32_t from = 0; from < m.size; from++)
      for (uint32_t to = 0; to < m.size; to++)
        if (now[from] && m.at(from, to))
          next[to] = true;
    if (next[start])
      return steps;
    now = next;
  }
  return 0;
}

TEST(WaitFor, agreesWithTheOracleOnRandomGraphs) {
  std::mt19937 random(7);
  for (int round = 0; round < 2000; round++) {
    Matrix m = {1 + uint32_t(random() % 9), {}};
    m.edge.resize(m.size * m.size);
    for (uint32_t i = 0; i < m.edge.size(); i++)
      m.edge[i] = random() % 5 == 0;
    uint32_t circle[kMaxCircle];
    const uint32_t length = find(m, 0, circle);
    ASSERT_EQ(length, oracle(m, 0)) << "round " << round;
    for (uint32_t i = 0; i < length; i++)
      ASSERT_TRUE(m.at(circle[i], circle[(i + 1) % length])) << "round " << round;
    if (length) {
      ASSERT_EQ(circle[0], 0u);
    }
  }
}

TEST(WaitFor, aChainThatEndsInARunningThreadIsNoCircle) {
  Matrix m = {3, std::vector<bool>(9)};
  m.edge[0 * 3 + 1] = m.edge[1 * 3 + 2] = true;
  uint32_t circle[kMaxCircle];
  EXPECT_EQ(find(m, 0, circle), 0u);
}

TEST(WaitFor, aThreadThatWaitsForItselfIsACircleOfOne) {
  Matrix m = {1, {true}};
  uint32_t circle[kMaxCircle];
  EXPECT_EQ(find(m, 0, circle), 1u);
}

} // namespace
