// SPDX-License-Identifier: MIT
//
// The walk over the tree makes a block for every place that could be jumped to. Here the empty ones go: jumps
// to a jump are threaded, a block with one way in is joined to its predecessor, unreachable blocks are
// dropped, and the rest is numbered in depth-first order, first successor first, so that the text reads as
// the source does.
#include "source/ir/ir.h"

#include <vector>

namespace gordian::lower {

using ir::Block;
using ir::Id;
using ir::kNone;
using ir::TermKind;

namespace {
class Simplifier {
public:
  explicit Simplifier(std::vector<Block> &b) : blocks(b) {}
  void run() {
    thread();
    join();
    renumber();
  }

private:
  template <class Visit>
  static void eachTarget(Block &block, Visit visit) {
    for (ir::Inst &inst : block.insts)
      if (inst.landing != kNone)
        visit(inst.landing);
    for (Id &successor : block.term.successors)
      visit(successor);
  }

  /// Where a chain of empty jumping blocks ends.
  Id destination(Id at) const {
    for (size_t steps = 0; steps != blocks.size(); ++steps) {
      const Block &block = blocks[at];
      if (!block.insts.empty() || block.term.kind != TermKind::Jump || block.term.successors[0] == at)
        break;
      at = block.term.successors[0];
    }
    return at;
  }

  void thread() {
    for (Block &block : blocks)
      eachTarget(block, [&](Id &target) { target = destination(target); });
  }

  std::vector<unsigned> entries() {
    std::vector<unsigned> count(blocks.size(), 0);
    std::vector<bool> seen(blocks.size(), false);
    std::vector<Id> work{0};
    seen[0] = true;
    count[0] = 2; // the entry is never joined to anything
    while (!work.empty()) {
      Id at = work.back();
      work.pop_back();
      eachTarget(blocks[at], [&](Id &target) {
        ++count[target];
        if (!seen[target]) {
          seen[target] = true;
          work.push_back(target);
        }
      });
    }
    return count;
  }

  void join() {
    std::vector<unsigned> count = entries();
    for (Id at = 0; at != blocks.size(); ++at) {
      if (count[at] == 0)
        continue;
      while (blocks[at].term.kind == TermKind::Jump) {
        Id next = blocks[at].term.successors[0];
        if (count[next] != 1 || next == at)
          break;
        Block tail = std::move(blocks[next]);
        blocks[next] = Block();
        count[next] = 0;
        for (ir::Inst &inst : tail.insts)
          blocks[at].insts.push_back(std::move(inst));
        blocks[at].term = std::move(tail.term);
      }
    }
  }

  void renumber() {
    std::vector<Id> number(blocks.size(), kNone), order, work{0};
    while (!work.empty()) {
      Id at = work.back();
      work.pop_back();
      if (number[at] != kNone)
        continue;
      number[at] = Id(order.size());
      order.push_back(at);
      std::vector<Id> next;
      for (Id successor : blocks[at].term.successors)
        next.push_back(successor);
      for (const ir::Inst &inst : blocks[at].insts) // landing blocks last
        if (inst.landing != kNone)
          next.push_back(inst.landing);
      work.insert(work.end(), next.rbegin(), next.rend());
    }
    std::vector<Block> out;
    out.reserve(order.size());
    for (Id at : order) {
      eachTarget(blocks[at], [&](Id &target) { target = number[target]; });
      out.push_back(std::move(blocks[at]));
    }
    blocks = std::move(out);
  }

  std::vector<Block> &blocks;
};
} // namespace

void simplifyBlocks(std::vector<Block> &blocks) {
  Simplifier(blocks).run();
}

} // namespace gordian::lower
