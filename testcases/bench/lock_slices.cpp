// SPDX-License-Identifier: MIT
//
// What a hook adds to one acquisition and release, measured inside one process: slices of about 0.1 ms
// through the hook and past it take turns, and the 10th percentile of each kind is printed with their ratio.
// Two runs of a program on a machine that others use are not comparable; two neighbouring slices are. Run it
// under the preload: `LD_PRELOAD=build/lib/libgordian.so build/testcases/bench/lock_slices [SLICES [KIND]]`.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using Function = int (*)(void *);

/// A kind of lock, and what is done to it: `levels` acquisitions of each of `depth` locks.
struct Shape {
  const char *name;
  const char *take, *give;
  size_t size;
  void (*init)(void *);
  size_t depth, locks, levels;
};

void initMutex(void *m) {
  pthread_mutex_init(static_cast<pthread_mutex_t *>(m), nullptr);
}
void initRecursive(void *m) {
  pthread_mutexattr_t a;
  pthread_mutexattr_init(&a);
  pthread_mutexattr_settype(&a, PTHREAD_MUTEX_RECURSIVE);
  pthread_mutex_init(static_cast<pthread_mutex_t *>(m), &a);
}
void initRwLock(void *l) {
  pthread_rwlock_init(static_cast<pthread_rwlock_t *>(l), nullptr);
}
void initSpin(void *l) {
  pthread_spin_init(static_cast<pthread_spinlock_t *>(l), PTHREAD_PROCESS_PRIVATE);
}
template <unsigned units>
void initSemaphore(void *s) {
  sem_init(static_cast<sem_t *>(s), 0, units);
}

#define MUTEX "pthread_mutex_lock", "pthread_mutex_unlock", sizeof(pthread_mutex_t)
#define TRYLOCK "pthread_mutex_trylock", "pthread_mutex_unlock", sizeof(pthread_mutex_t)
#define READ "pthread_rwlock_rdlock", "pthread_rwlock_unlock", sizeof(pthread_rwlock_t)
#define WRITE "pthread_rwlock_wrlock", "pthread_rwlock_unlock", sizeof(pthread_rwlock_t)
#define SPIN "pthread_spin_lock", "pthread_spin_unlock", sizeof(pthread_spinlock_t)
#define SEMAPHORE "sem_wait", "sem_post", sizeof(sem_t)
constexpr Shape kShapes[] = {
    {"mutex", MUTEX, initMutex, 1, 1, 1},
    {"mutex", MUTEX, initMutex, 2, 2, 1},
    {"mutex", MUTEX, initMutex, 4, 4, 1},
    {"mutex", MUTEX, initMutex, 16, 16, 1},
    {"mutex", MUTEX, initMutex, 1, 100, 1},
    {"mutex", MUTEX, initMutex, 1, 1000, 1},
    {"mutex", MUTEX, initMutex, 1, 10'000, 1},
    {"mutex", MUTEX, initMutex, 1, 100'000, 1},
    {"mutex", MUTEX, initMutex, 2, 100'000, 1},
    {"mutex", MUTEX, initMutex, 16, 100'000, 1},
    {"trylock", TRYLOCK, initMutex, 1, 1, 1},
    {"trylock", TRYLOCK, initMutex, 2, 2, 1},
    {"trylock", TRYLOCK, initMutex, 1, 10'000, 1},
    {"recursive", MUTEX, initRecursive, 1, 1, 1},
    {"recursive", MUTEX, initRecursive, 1, 1, 3},
    {"recursive", MUTEX, initRecursive, 2, 1000, 1},
    {"read", READ, initRwLock, 1, 1, 1},
    {"read", READ, initRwLock, 2, 2, 1},
    {"read", READ, initRwLock, 1, 1000, 1},
    {"write", WRITE, initRwLock, 1, 1, 1},
    {"write", WRITE, initRwLock, 2, 2, 1},
    {"write", WRITE, initRwLock, 1, 1000, 1},
    {"spin", SPIN, initSpin, 1, 1, 1},
    {"spin", SPIN, initSpin, 1, 1000, 1},
    {"semaphore", SEMAPHORE, initSemaphore<1>, 1, 1, 1},
    {"semaphore", SEMAPHORE, initSemaphore<1>, 2, 2, 1},
    {"semaphore", SEMAPHORE, initSemaphore<1>, 1, 1000, 1},
    {"pool", SEMAPHORE, initSemaphore<4>, 1, 1, 1},
};

struct Functions {
  Function take, give;
};

__attribute__((noinline)) void nest(Functions f, char *lock, const Shape &s) {
  for (size_t i = 0; i < s.depth; i++)
    for (size_t k = 0; k < s.levels; k++)
      f.take(lock + i * s.size);
  for (size_t i = s.depth; i-- > 0;)
    for (size_t k = 0; k < s.levels; k++)
      f.give(lock + i * s.size);
}

/// A ring of locks, and the functions that it is walked with.
class Ring {
public:
  Ring(void *where, const Shape &s)
      : shape_(s), functions_{reinterpret_cast<Function>(dlsym(where, s.take)),
                              reinterpret_cast<Function>(dlsym(where, s.give))},
        locks_(s.size * s.locks) {
    for (size_t i = 0; i < s.locks; i++)
      s.init(&locks_[i * s.size]);
  }

  /// Nanoseconds of one acquisition with its release.
  double walk(size_t rounds) {
    const auto start = std::chrono::steady_clock::now();
    for (size_t i = 0; i < rounds; i++) {
      nest(functions_, &locks_[at_ * shape_.size], shape_);
      at_ = at_ + 2 * shape_.depth > shape_.locks ? 0 : at_ + shape_.depth;
    }
    const std::chrono::duration<double, std::nano> spent = std::chrono::steady_clock::now() - start;
    return spent.count() / double(rounds * shape_.depth * shape_.levels);
  }

private:
  const Shape &shape_;
  Functions functions_;
  std::vector<char> locks_;
  size_t at_ = 0;
};

double tenth(std::vector<double> &values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 10];
}

void measure(void *libc, const Shape &s, size_t slices) {
  Ring past(libc, s), through(RTLD_DEFAULT, s);
  const size_t rounds = std::max<size_t>(4000 / (s.depth * s.levels), 1);
  for (size_t seen = 0; seen <= 2 * s.locks; seen += rounds * s.depth) // what is new is recorded once
    past.walk(rounds), through.walk(rounds);
  std::vector<double> native, hooked;
  for (size_t i = 0; i < slices; i++) {
    native.push_back(past.walk(rounds));
    hooked.push_back(through.walk(rounds));
  }
  const double a = tenth(native), b = tenth(hooked);
  std::printf("| %-9s | %5zu | %6zu | %6zu | %5.1f | %5.1f | %4.2f |\n", s.name, s.depth, s.levels, s.locks,
              a, b, b / a);
}

} // namespace

int main(int argc, char **argv) {
  // A second thread, so that the C library locks with atomic operations.
  std::thread([] {
    for (;;)
      pause();
  }).detach();
  void *libc = dlopen("libc.so.6", RTLD_NOW);
  if (!libc)
    return 1;
  const size_t slices = argc > 1 ? strtoul(argv[1], nullptr, 10) : 1000;
  std::puts(
      "| kind      | depth | levels | locks  | past ns | hook ns | ratio |\n|---|---|---|---|---|---|---|");
  for (const Shape &s : kShapes)
    if (argc < 3 || !std::strcmp(argv[2], s.name))
      measure(libc, s, slices);
  std::fflush(stdout);
  _exit(0);
}
