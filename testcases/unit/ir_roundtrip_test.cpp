// SPDX-License-Identifier: MIT
// LINK: gordian_ir
//
// Both forms of the lowered program give back what was written, for random units that use every field;
// damaged input gives an error and never more than that.
#include "source/ir/binary.h"
#include "source/ir/fields.h"
#include "source/ir/names.h"
#include "source/ir/text.h"
#include "source/ir/verify.h"

#include <gtest/gtest.h>

#include <random>

using namespace gordian::ir;

namespace {

/// Fills every row of fields.h at random, with references that exist.
class RandomUnit {
public:
  explicit RandomUnit(unsigned seed) : random(seed) {}

  Unit make() {
    Unit u;
    unit = &u;
    u.files.resize(1 + below(3));
    u.strings.resize(below(3));
    u.types.resize(1 + below(4));
    u.classes.resize(1 + below(3));
    u.globals.resize(1 + below(3));
    u.functions.resize(1 + below(4));
    u.suppressions.resize(below(3));
    u.errors.resize(below(2));
    for (Class &c : u.classes)
      c.fields.resize(1 + below(3));
    fill(u);
    return u;
  }

private:
  std::mt19937 random;
  Unit *unit = nullptr;
  Function *function = nullptr;

  unsigned below(unsigned n) { return n ? static_cast<unsigned>(random() % n) : 0; }

  size_t limit(Ref ref) {
    switch (ref) {
    case Ref::File:
      return unit->files.size();
    case Ref::String:
      return unit->strings.size();
    case Ref::Type:
      return unit->types.size();
    case Ref::Class:
      return unit->classes.size();
    case Ref::Global:
      return unit->globals.size();
    case Ref::Function:
      return unit->functions.size();
    case Ref::Local:
      return function ? function->locals.size() : 0;
    case Ref::Value:
      return function ? function->valueCount : 0;
    case Ref::Block:
      return function ? function->blocks.size() : 0;
    case Ref::None:
      break;
    }
    return 1000;
  }
  Id some(Ref ref) { return limit(ref) ? below(static_cast<unsigned>(limit(ref))) : kNone; }

  void fill(bool &v, Ref) { v = below(2); }
  void fill(uint32_t &v, Ref ref) { v = ref != Ref::None && below(3) == 0 ? kNone : some(ref); }
  void fill(int64_t &v, Ref) { v = static_cast<int64_t>(random()) - (1 << 20); }
  void fill(std::string &v, Ref) {
    static const char *words[] = {"",   "x",   "a::b", "it's \"quoted\" \\ \n\t", "S<int, char>",
                                  "#3", "x#1", "none"};
    v = words[below(8)];
  }
  template <class E>
    requires std::is_enum_v<E>
  void fill(E &v, Ref) {
    v = static_cast<E>(below(EnumNames<E>::words.size()));
  }
  template <class T>
  void fill(std::vector<T> &v, Ref ref) {
    if (v.empty())
      v.resize(below(3));
    for (T &e : v)
      fill(e, ref);
  }
  template <Record T>
  void rows(T &v) {
    forEachField<T>([&](const auto &r) { fill(v.*r.member, r.ref); });
  }
  template <Record T>
  void fill(T &v, Ref = Ref::None) {
    rows(v);
  }

  void fill(Loc &v, Ref) {
    if (below(4) == 0)
      return;
    v = {below(4) ? some(Ref::File) : kNone, below(100), below(100)};
  }
  void fill(Constant &v, Ref) {
    fill(v.kind, Ref::None);
    if (v.kind == Constant::Kind::Integer)
      fill(v.integer, Ref::None);
    if (v.kind == Constant::Kind::Function)
      v.ref = some(Ref::Function);
    if (v.kind == Constant::Kind::GlobalAddress)
      v.ref = some(Ref::Global);
  }
  void fill(Operand &v, Ref) {
    fill(v.kind, Ref::None);
    if ((v.kind == OperandKind::Param && function->params.empty()) ||
        (v.kind == OperandKind::String && unit->strings.empty()))
      v.kind = OperandKind::Null;
    if (v.kind == OperandKind::Integer)
      fill(v.integer, Ref::None);
    if (v.kind == OperandKind::Value)
      v.id = some(Ref::Value);
    if (v.kind == OperandKind::Function)
      v.id = some(Ref::Function);
    if (v.kind == OperandKind::String)
      v.id = some(Ref::String);
    if (v.kind == OperandKind::Param)
      v.id = below(static_cast<unsigned>(function->params.size()));
  }
  void fill(Proj &v, Ref) {
    fill(v.kind, Ref::None);
    bool member = v.kind == ProjKind::Field || v.kind == ProjKind::Container;
    if (member || v.kind == ProjKind::Base)
      v.klass = some(Ref::Class);
    if (member)
      v.index = below(4);
    if (v.kind == ProjKind::Index)
      v.index = below(100);
    if (v.kind == ProjKind::IndexValue)
      v.index = some(Ref::Value);
  }
  void fill(Path &v, Ref) {
    fill(v.root, Ref::None);
    v.id = some(v.root == RootKind::Local    ? Ref::Local
                : v.root == RootKind::Global ? Ref::Global
                                             : Ref::Value);
    v.proj.resize(below(3));
    for (Proj &p : v.proj)
      fill(p, Ref::None);
  }
  void fill(Inst &v, Ref) {
    Inst base;
    fill(base.op, Ref::None);
    rows(v);
    v.op = base.op;
    // What an operation has no use for is not written.
    if (v.op != Op::Compare)
      v.predicate = base.predicate;
    if (v.op != Op::Arith && v.op != Op::Rmw)
      v.arithmetic = base.arithmetic;
    if (v.op != Op::Call) {
      v.call = base.call;
      v.hasInto = false;
    }
    if (v.op != Op::Call || v.call == CallKind::Indirect)
      v.function = kNone;
    else
      v.function = some(Ref::Function);
    if (v.op != Op::Call || v.call != CallKind::Indirect)
      v.callee = {};
    if (!usesPath(v.op) && !v.hasInto)
      v.path = {};
    bool none = v.op == Op::Load || v.op == Op::Alloc || v.op == Op::Await || v.op == Op::AddressOf;
    while (v.op != Op::Call && !none && v.args.size() < 2)
      fill(v.args.emplace_back(), Ref::None);
  }
  void fill(Terminator &v, Ref) {
    rows(v);
    size_t n = 0;
    switch (v.kind) {
    case TermKind::Jump:
      n = 1;
      break;
    case TermKind::Branch:
      n = 2;
      break;
    case TermKind::Switch:
      n = v.cases.size() + 1;
      break;
    case TermKind::Dispatch:
      n = v.handlers.size() + 1;
      break;
    default:
      break;
    }
    if (v.kind != TermKind::Branch && v.kind != TermKind::Switch && v.kind != TermKind::Return)
      v.value = {};
    else if (v.kind != TermKind::Return && v.value.kind == OperandKind::None)
      v.value.kind = OperandKind::Unknown;
    v.successors.resize(n);
    for (Id &s : v.successors)
      s = some(Ref::Block);
  }
  void fill(Function &v, Ref) {
    function = &v;
    v.params.resize(below(3));
    v.locals.resize(1 + below(4));
    v.blocks.resize(below(4));
    std::vector<Block> blocks;
    std::swap(blocks, v.blocks);
    rows(v);
    std::swap(blocks, v.blocks);
    v.valueCount = 1 + below(9);
    for (Block &b : v.blocks)
      rows(b);
    function = nullptr;
  }
};

template <class T>
bool same(const std::vector<T> &a, const std::vector<T> &b);

/// Equal in every row of fields.h.
template <class T>
bool same(const T &a, const T &b) {
  if constexpr (Record<T>) {
    bool equal = true;
    forEachField<T>([&](const auto &r) { equal = equal && same(a.*r.member, b.*r.member); });
    return equal;
  } else {
    return a == b;
  }
}
template <class T>
bool same(const std::vector<T> &a, const std::vector<T> &b) {
  bool equal = a.size() == b.size();
  for (size_t n = 0; equal && n < a.size(); ++n)
    equal = same(a[n], b[n]);
  return equal;
}

std::string messageOf(llvm::Expected<Unit> &result) {
  return result ? std::string() : llvm::toString(result.takeError());
}

TEST(IrRoundTrip, RandomUnits) {
  for (unsigned seed = 0; seed < 400; ++seed) {
    Unit unit = RandomUnit(seed).make();
    ASSERT_EQ(verify(unit), "");
    std::string text = writeText(unit);
    auto fromText = readText(text, "t");
    ASSERT_TRUE(static_cast<bool>(fromText)) << messageOf(fromText) << "\n" << text;
    EXPECT_TRUE(same(*fromText, unit)) << text << "\n---\n" << writeText(*fromText);
    EXPECT_EQ(writeText(*fromText), text);
    auto fromBinary = readUnit(writeBinary(unit), "b");
    ASSERT_TRUE(static_cast<bool>(fromBinary)) << messageOf(fromBinary);
    EXPECT_TRUE(same(*fromBinary, unit)) << text;
  }
}

TEST(IrDamage, BinaryBytes) {
  std::mt19937 random(1);
  std::string good = writeBinary(RandomUnit(7).make());
  for (size_t n = 0; n < good.size(); ++n) {
    auto cut = readUnit(std::string_view(good).substr(0, n), "cut");
    EXPECT_NE(messageOf(cut), "");
    std::string flipped = good;
    flipped[n] = static_cast<char>(flipped[n] ^ (1 << random() % 8));
    auto bad = readUnit(flipped, "flipped");
    EXPECT_NE(messageOf(bad), "");
  }
}

TEST(IrDamage, TextCharacters) {
  std::mt19937 random(2);
  for (unsigned seed = 0; seed < 20; ++seed) {
    std::string good = writeText(RandomUnit(seed).make());
    for (unsigned n = 0; n < 300; ++n) {
      std::string bad = good;
      size_t at = random() % bad.size();
      switch (random() % 3) {
      case 0:
        bad.erase(at, 1 + random() % 20);
        break;
      case 1:
        bad[at] = static_cast<char>(32 + random() % 95);
        break;
      default:
        bad.insert(at, bad.substr(random() % bad.size(), random() % 20));
      }
      auto result = readUnit(bad, "bad");
      if (result)
        EXPECT_EQ(verify(*result), "");
      else
        messageOf(result);
    }
  }
}

std::string errorOf(std::string_view text) {
  auto result = readText(text, "a.lowered");
  return messageOf(result);
}

TEST(IrText, ErrorsNameTheLine) {
  EXPECT_EQ(errorOf("int main() {}"), "a.lowered:1: this is no lowered program: its first line should be "
                                      "'gordian-lowered 1'");
  EXPECT_EQ(errorOf("gordian-lowered 1\nunit\nfunction @f\n  block b0\n    laod $x\n"),
            "a.lowered:5: unknown operation 'laod'");
  EXPECT_EQ(errorOf("gordian-lowered 1\nunit\nfunction @f\n  block b0\n    %0 = load $x\n    return\n"),
            "a.lowered:5: there is no local 'x'");
  EXPECT_EQ(errorOf("gordian-lowered 1\nunit\nfunction @f\n  block b0\n    jump b7\n"),
            "a.lowered:5: there is no block 'b7'");
}

TEST(IrText, WrittenByHand) {
  auto result = readText("gordian-lowered 1\n"
                         "unit source=\"/a.c\" c ; a comment\n"
                         "file path=\"/a.c\"\n"
                         "class 'S'\n"
                         "  field \"n\" type='int'\n"
                         "global @g type='S *'\n"
                         "function @f defined\n"
                         "  local $p type='S *'\n"
                         "  block entry\n"
                         "    %0 = load @g at=3:4\n"
                         "    store (*%0).S::n, 5\n"
                         "    call @std::mutex::lock(%0)\n"
                         "    return %0\n",
                         "t");
  ASSERT_TRUE(static_cast<bool>(result)) << messageOf(result);
  const Unit &u = *result;
  ASSERT_EQ(u.functions.size(), 2u);
  EXPECT_EQ(u.functions[1].pattern, "std::mutex::lock");
  EXPECT_EQ(u.functions[0].valueCount, 1u);
  ASSERT_EQ(u.types.size(), 3u);
  const Type &pointer = u.types[u.globals[0].type];
  EXPECT_EQ(pointer.kind, TypeKind::Pointer);
  EXPECT_EQ(u.types[pointer.element].klass, 0u);
}

} // namespace
