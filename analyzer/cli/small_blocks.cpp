// SPDX-License-Identifier: MIT
//
// operator new and delete of the whole tool. The link makes and drops small lists by the hundred million, and
// the C library's malloc, which splits and merges blocks, was a quarter of it and more. Here a block has one
// of some eighty sizes, and one that is given back is the next that is handed out:
//
//   - a stretch of address space is reserved once and cut into pages; each page has blocks of one size, so
//   the
//     size of a block follows from its address,
//   - each thread has a heap of its own: for each size a list of free blocks and the unused end of a page. A
//     thread that ends leaves its heap to the next that starts. A block may be given back by any thread.
//
// Memory is never given back to the system; the tool ends soon. What is larger goes to malloc, and so does
// everything where the space cannot be reserved (ulimit -v). Sanitizers bring their own.
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <new>

#include <sys/mman.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define GORDIAN_OWN_BLOCKS 0
#elif defined(__has_feature)
#define GORDIAN_OWN_BLOCKS (!__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer))
#else
#define GORDIAN_OWN_BLOCKS 1
#endif

#if GORDIAN_OWN_BLOCKS

namespace {

constexpr size_t kSpace = size_t(1) << 36, kPage = size_t(1) << 16;
constexpr size_t kFineStep = 16, kFine = 1024, kCoarseStep = 512, kLargest = 8192;
constexpr size_t kSizes = kFine / kFineStep + (kLargest - kFine) / kCoarseStep + 1;

constexpr size_t sizeClass(size_t n) {
  if (n <= kFine)
    return n ? (n + kFineStep - 1) / kFineStep : 1;
  return kFine / kFineStep + (n - kFine + kCoarseStep - 1) / kCoarseStep;
}

constexpr size_t bytesOf(size_t c) {
  return c <= kFine / kFineStep ? c * kFineStep : kFine + (c - kFine / kFineStep) * kCoarseStep;
}

struct FreeBlock {
  FreeBlock *next;
};

struct Heap {
  struct Size {
    FreeBlock *free = nullptr;
    char *unused = nullptr;
    size_t left = 0;
  };
  Size sizes[kSizes];
  Heap *next = nullptr; // of those without a thread
};

// All of this is zero when the program starts: static constructors of others come here first.
std::atomic<char *> space;
std::atomic<size_t> extent; // of the space; 0: not reserved
std::atomic<size_t> pagesUsed;
std::atomic<bool> asked;
uint8_t classes[kSpace / kPage]; // by page
std::atomic_flag lockOfSpare;
Heap *spare;
thread_local Heap *mine;

class SpareLock {
public:
  SpareLock() {
    while (lockOfSpare.test_and_set(std::memory_order_acquire)) {
    }
  }
  ~SpareLock() { lockOfSpare.clear(std::memory_order_release); }
};

/// Hands the thread's heap on when the thread ends.
struct Owner {
  ~Owner() {
    SpareLock lock;
    mine->next = spare;
    spare = mine;
    mine = nullptr;
  }
  void use() {}
};

Heap *takeSpare() {
  SpareLock lock;
  Heap *h = spare;
  if (h)
    spare = h->next;
  return h;
}

void reserve() {
  if (asked.exchange(true))
    return;
  void *at =
      mmap(nullptr, kSpace, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (at == MAP_FAILED)
    return;
  space = static_cast<char *>(at);
  extent = kSpace;
}

Heap *heapOfThread() {
  mine = takeSpare();
  if (!mine)
    if (void *at = std::calloc(1, sizeof(Heap)))
      mine = new (at) Heap;
  if (!mine)
    return nullptr;
  static thread_local Owner owner;
  owner.use();
  return mine;
}

void *fromMalloc(size_t n) {
  for (;;) {
    if (void *p = std::malloc(n ? n : 1))
      return p;
    std::new_handler handler = std::get_new_handler();
    if (!handler)
      throw std::bad_alloc();
    handler();
  }
}

/// The free list of this size is empty.
[[gnu::noinline]] void *fromPage(size_t n) {
  reserve();
  Heap *h = mine ? mine : heapOfThread();
  if (!h || !extent.load(std::memory_order_acquire))
    return fromMalloc(n);
  size_t c = sizeClass(n), bytes = bytesOf(c);
  Heap::Size &s = h->sizes[c];
  if (s.free) { // the heap was another thread's
    void *p = s.free;
    s.free = s.free->next;
    return p;
  }
  if (s.left < bytes) {
    size_t page = pagesUsed.fetch_add(1, std::memory_order_relaxed);
    if (page >= kSpace / kPage)
      return fromMalloc(n);
    classes[page] = static_cast<uint8_t>(c);
    s.unused = space.load(std::memory_order_relaxed) + page * kPage;
    s.left = kPage;
  }
  void *p = s.unused;
  s.unused += bytes;
  s.left -= bytes;
  return p;
}

} // namespace

void *operator new(size_t n) {
  if (n > kLargest)
    return fromMalloc(n);
  Heap *h = mine;
  if (!h)
    return fromPage(n);
  FreeBlock *&free = h->sizes[sizeClass(n)].free;
  if (!free)
    return fromPage(n);
  void *p = free;
  free = free->next;
  return p;
}

void operator delete(void *p) noexcept {
  size_t at = static_cast<size_t>(static_cast<char *>(p) - space.load(std::memory_order_relaxed));
  if (at >= extent.load(std::memory_order_relaxed)) {
    std::free(p);
    return;
  }
  Heap *h = mine ? mine : heapOfThread();
  if (!h)
    return; // no memory for a list of free blocks
  FreeBlock *block = new (p) FreeBlock;
  FreeBlock *&free = h->sizes[classes[at / kPage]].free;
  block->next = free;
  free = block;
}

void operator delete(void *p, size_t) noexcept {
  operator delete(p);
}

#endif
