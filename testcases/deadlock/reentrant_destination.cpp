// SPDX-License-Identifier: MIT
// Two sockets that the caller names are two, whatever the kind of their lock.
// RUN: %not %gordian check --rule data-race=off %s -- -std=c++20 > %t.out
// RUN: %FileCheck %s < %t.out
#include <mutex>

class Socket {
public:
  int join(Socket &peer) {
    std::lock_guard<std::recursive_mutex> l(sync);
    peer.end();
    return options[1];
  }
  void end() {
    // CHECK: [[#@LINE+1]]:{{.*}}two instances of `Socket::sync` are acquired in opposite orders
    std::lock_guard<std::recursive_mutex> l(sync);
    options[0] = 0;
  }

private:
  std::recursive_mutex sync;
  int options[4] = {};
};

int first(Socket &a, Socket &b) {
  return a.join(b);
}
