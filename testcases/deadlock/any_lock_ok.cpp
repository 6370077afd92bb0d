// SPDX-License-Identifier: MIT
// A lock that is known through a pointer only, where every object has one of its class: it may be any of them.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
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
