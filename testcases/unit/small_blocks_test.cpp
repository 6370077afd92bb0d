// SPDX-License-Identifier: MIT
// LINK: gordian_finding
//
// The tool's own operator new: blocks are apart, aligned and usable wherever they are given back.
#include "analyzer/cli/small_blocks.cpp"

#include <array>
#include <cstring>
#include <gtest/gtest.h>
#include <mutex>
#include <random>
#include <thread>
#include <utility>
#include <vector>

namespace {

class Block {
public:
  Block(size_t n, unsigned char m) : size(n), mark(m), bytes(static_cast<unsigned char *>(operator new(n))) {
    std::memset(bytes, mark, size);
  }
  Block(Block &&b) noexcept : size(b.size), mark(b.mark), bytes(std::exchange(b.bytes, nullptr)) {}
  Block &operator=(Block &&b) noexcept {
    std::swap(size, b.size);
    std::swap(mark, b.mark);
    std::swap(bytes, b.bytes);
    return *this;
  }
  ~Block() { operator delete(bytes); }
  /// Aligned, and nobody else has written into it.
  bool isWhole() const {
    for (size_t n = 0; n < size; ++n)
      if (bytes[n] != mark)
        return false;
    return reinterpret_cast<uintptr_t>(bytes) % alignof(std::max_align_t) == 0;
  }

private:
  size_t size;
  unsigned char mark;
  unsigned char *bytes;
};

struct Pool {
  std::mutex lock;
  std::vector<Block> blocks;
};

/// Makes blocks of all sizes, and gives back those of others.
void churn(Pool &pool, unsigned seed, bool &good) {
  std::mt19937 rng(seed);
  std::vector<Block> own;
  for (int n = 0; n < 20000; ++n) {
    own.emplace_back(rng() % (rng() % 8 ? 300 : 10000), static_cast<unsigned char>(rng()));
    if (own.size() < 50)
      continue;
    size_t at = rng() % own.size();
    good = good && own[at].isWhole();
    std::lock_guard<std::mutex> guard(pool.lock);
    pool.blocks.push_back(std::move(own[at]));
    own[at] = std::move(own.back());
    own.pop_back();
    if (pool.blocks.size() > 200) {
      std::swap(pool.blocks[rng() % pool.blocks.size()], pool.blocks.back());
      good = good && pool.blocks.back().isWhole();
      pool.blocks.pop_back();
    }
  }
}

} // namespace

TEST(SmallBlocks, BlocksOfAllSizesAreApartInAllThreads) {
  Pool pool;
  for (unsigned round = 0; round < 3; ++round) {
    std::array<bool, 4> good = {true, true, true, true};
    std::vector<std::thread> threads;
    for (unsigned n = 0; n < good.size(); ++n)
      threads.emplace_back([&, n] { churn(pool, 4 * round + n, good[n]); });
    for (std::thread &t : threads)
      t.join();
    for (bool g : good)
      EXPECT_TRUE(g);
  }
}

TEST(SmallBlocks, SizeClassesHoldWhatIsAskedOfThem) {
#if GORDIAN_OWN_BLOCKS
  for (size_t n = 0; n <= kLargest; ++n) {
    ASSERT_GE(bytesOf(sizeClass(n)), n);
    ASSERT_LT(sizeClass(n), kSizes);
    if (sizeClass(n) > 1)
      ASSERT_LT(bytesOf(sizeClass(n) - 1), n);
  }
#endif
}
