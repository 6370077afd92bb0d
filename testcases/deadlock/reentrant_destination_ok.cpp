// SPDX-License-Identifier: MIT
// A re-entrant lock is taken again through the destination of a message: the receiver itself, as the kind says.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
#include <deque>
#include <mutex>

class Socket;

struct Command {
  Socket *destination;
  int what;
};

class Mailbox {
public:
  bool receive(Command *out);

private:
  std::mutex mutex;
  std::deque<Command> waiting;
};

bool Mailbox::receive(Command *out) {
  std::lock_guard<std::mutex> l(mutex);
  if (waiting.empty())
    return false;
  *out = waiting.front();
  waiting.pop_front();
  return true;
}

class Socket {
public:
  int option(int n) {
    std::lock_guard<std::recursive_mutex> l(sync);
    Command c;
    while (mailbox.receive(&c))
      c.destination->process(c.what);
    return options[n];
  }
  void process(int what) {
    if (what == 1)
      end();
  }
  void end() {
    std::lock_guard<std::recursive_mutex> l(sync);
    options[0] = 0;
  }

private:
  std::recursive_mutex sync;
  Mailbox mailbox;
  int options[4] = {};
};

int first(Socket &s) {
  return s.option(1);
}
