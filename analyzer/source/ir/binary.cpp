// SPDX-License-Identifier: MIT
#include "source/ir/binary.h"
#include "source/ir/fields.h"
#include "source/ir/text.h"
#include "source/ir/verify.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/xxhash.h"

#include <cstring>
#include <type_traits>
#include <unordered_map>

namespace gordian::ir {
namespace {

constexpr std::string_view kMagic = "GRDL";
constexpr size_t kHeaderSize = 4 + 8 + 8;

uint64_t hashOf(std::string_view bytes) {
  return llvm::xxh3_64bits(llvm::ArrayRef(reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size()));
}

/// Names, order and kinds of all rows, as text.
template <class T>
void describe(std::string &out) {
  (out += Fields<T>::name) += '{';
  forEachField<T>([&](const auto &r) {
    using Member = std::remove_cvref_t<decltype(std::declval<T &>().*r.member)>;
    ((out += r.name) += ':') +=
        std::to_string(sizeof(Member)) + "." + std::to_string(static_cast<int>(r.ref)) + ",";
  });
  out += '}';
}
uint64_t layoutHash() {
  static const uint64_t hash = [] {
    std::string all;
    describe<Loc>(all), describe<Attribute>(all), describe<Type>(all), describe<Field>(all),
        describe<Base>(all);
    describe<Class>(all), describe<Constant>(all), describe<InitEntry>(all), describe<Global>(all);
    describe<Proj>(all), describe<Path>(all), describe<Operand>(all), describe<Inst>(all);
    describe<Terminator>(all), describe<Block>(all), describe<Local>(all), describe<Param>(all);
    describe<Function>(all), describe<SuppressionComment>(all), describe<UnitError>(all), describe<File>(all);
    describe<Unit>(all);
    return hashOf(all);
  }();
  return hash;
}

class BinaryWriter {
public:
  std::string run(const Unit &unit) {
    put(unit);
    std::string payload;
    std::swap(payload, out);
    number(strings.size());
    for (std::string_view s : strings) {
      number(s.size());
      out += s;
    }
    out += payload;
    std::string file(kMagic);
    for (uint64_t word : {layoutHash(), hashOf(out)})
      for (int shift = 0; shift < 64; shift += 8)
        file += static_cast<char>(word >> shift);
    return file + out;
  }

private:
  std::string out;
  std::vector<std::string_view> strings;
  std::unordered_map<std::string_view, size_t> known;

  void number(uint64_t v) {
    for (; v >= 0x80; v >>= 7)
      out += static_cast<char>(v | 0x80);
    out += static_cast<char>(v);
  }

  template <class T>
  void put(const T &v) {
    if constexpr (std::is_same_v<T, std::string>) {
      auto [it, isNew] = known.emplace(v, strings.size());
      if (isNew)
        strings.push_back(v);
      number(it->second);
    } else if constexpr (std::is_same_v<T, uint32_t>) {
      number(uint64_t(uint32_t(v + 1)));
    } else if constexpr (std::is_same_v<T, int64_t>) {
      number((uint64_t(v) << 1) ^ uint64_t(v >> 63));
    } else if constexpr (Record<T>) {
      forEachField<T>([&](const auto &r) { put(v.*r.member); });
    } else {
      static_assert(sizeof(T) == 1, "bool or enumeration");
      out += static_cast<char>(v);
    }
  }
  template <class T>
  void put(const std::vector<T> &v) {
    number(v.size());
    for (const T &e : v)
      put(e);
  }
};

class BinaryReader {
public:
  explicit BinaryReader(std::string_view bytes) : rest(bytes) {}
  bool run(Unit &unit) {
    size_t count = size();
    for (size_t n = 0; n < count && ok; ++n) {
      size_t length = size();
      strings.push_back(rest.substr(0, length));
      rest.remove_prefix(length);
    }
    get(unit);
    return ok && rest.empty();
  }

private:
  std::string_view rest;
  std::vector<std::string_view> strings;
  bool ok = true;

  uint64_t number() {
    uint64_t v = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (rest.empty())
        break;
      unsigned char c = static_cast<unsigned char>(rest.front());
      rest.remove_prefix(1);
      v |= uint64_t(c & 0x7f) << shift;
      if (c < 0x80)
        return v;
    }
    ok = false;
    return 0;
  }
  /// A count of things of at least one byte each, so never more than what is left.
  size_t size() {
    uint64_t n = number();
    if (n > rest.size()) {
      ok = false;
      return 0;
    }
    return static_cast<size_t>(n);
  }

  template <class T>
  void get(T &v) {
    if constexpr (std::is_same_v<T, std::string>) {
      uint64_t n = number();
      if (n < strings.size())
        v = strings[n];
      else
        ok = false;
    } else if constexpr (std::is_same_v<T, uint32_t>) {
      v = static_cast<uint32_t>(number()) - 1;
    } else if constexpr (std::is_same_v<T, int64_t>) {
      uint64_t n = number();
      v = static_cast<int64_t>(n >> 1) ^ -static_cast<int64_t>(n & 1);
    } else if constexpr (Record<T>) {
      forEachField<T>([&](const auto &r) {
        if (ok)
          get(v.*r.member);
      });
    } else {
      unsigned char c = rest.empty() ? 0 : static_cast<unsigned char>(rest.front());
      if (rest.empty() || (std::is_same_v<T, bool> && c > 1))
        ok = false;
      else
        rest.remove_prefix(1);
      v = static_cast<T>(ok ? c : 0);
    }
  }
  template <class T>
  void get(std::vector<T> &v) {
    size_t n = size();
    for (size_t k = 0; k < n && ok; ++k)
      get(v.emplace_back());
  }
};

uint64_t wordAt(std::string_view bytes, size_t offset) {
  uint64_t v = 0;
  for (int n = 7; n >= 0; --n)
    v = v << 8 | static_cast<unsigned char>(bytes[offset + n]);
  return v;
}

} // namespace

std::string writeBinary(const Unit &unit) {
  return BinaryWriter().run(unit);
}

llvm::Expected<Unit> readBinary(std::string_view bytes, std::string_view name) {
  auto fail = [&](const char *why) { return llvm::createStringError(std::string(name) + ": " + why); };
  if (bytes.size() < kHeaderSize || !bytes.starts_with(kMagic))
    return fail("this is no lowered program");
  if (wordAt(bytes, 4) != layoutHash())
    return fail("made by another version of gordian; lower the unit again");
  std::string_view body = bytes.substr(kHeaderSize);
  if (wordAt(bytes, 12) != hashOf(body))
    return fail("damaged: its checksum does not match; lower the unit again");
  Unit unit;
  if (!BinaryReader(body).run(unit))
    return fail("damaged; lower the unit again");
  if (std::string problem = verify(unit); !problem.empty())
    return llvm::createStringError(std::string(name) + ": " + problem);
  return unit;
}

llvm::Expected<Unit> readUnit(std::string_view content, std::string_view name) {
  return content.starts_with(kMagic) ? readBinary(content, name) : readText(content, name);
}

llvm::Expected<Unit> readUnitFile(const std::string &path) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer)
    return llvm::createStringError(path + ": " + buffer.getError().message());
  return readUnit((*buffer)->getBuffer(), path);
}

} // namespace gordian::ir
