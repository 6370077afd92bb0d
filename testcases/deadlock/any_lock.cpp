// SPDX-License-Identifier: MIT
// Members of one lock class are different locks: taken in opposite orders.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: [lock-order-inversion]
#include <mutex>
class Mutex {
public:
  void lock() { m.lock(); }
  void unlock() { m.unlock(); }

private:
  std::mutex m;
};
struct Mailbox {
  Mutex *guard;
  int mails;
};
struct Socket {
  Mutex own, monitor;
  Mailbox *mailbox;
};
static void receive(Mailbox *b) {
  b->guard->unlock(); // the lock that the caller holds
  b->guard->lock();
  ++b->mails;
}
void send(Socket *s) {
  s->own.lock();
  receive(s->mailbox);
  s->monitor.lock();
  s->monitor.unlock();
  s->own.unlock();
}
void watch(Socket *s) {
  s->monitor.lock();
  s->own.lock();
  s->own.unlock();
  s->monitor.unlock();
}
