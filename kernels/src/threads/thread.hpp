// A thread to be joined, and a lock. The C++ library's own bring its exceptions along, where the rest does without.
#pragma once

#if !defined(__wasm__)
#include <pthread.h>
#endif

#include "failure/failure.hpp"

namespace trainlint {

#if defined(__wasm__)
// A module has one thread.
class Mutex {
 public:
  void lock() {}
  void unlock() {}
};
#else
class Mutex {
 public:
  void lock() { pthread_mutex_lock(&mutex_); }
  void unlock() { pthread_mutex_unlock(&mutex_); }

 private:
  pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
};

class Thread {
 public:
  /// Whether it could be started; `body(data)` runs in it.
  bool start(void* (*body)(void*), void* data) { return running_ = pthread_create(&thread_, nullptr, body, data) == 0; }

  void join() {
    if (running_) pthread_join(thread_, nullptr);
    running_ = false;
  }

 private:
  pthread_t thread_{};
  bool running_ = false;
};
#endif

/// Holds the lock for its own lifetime.
class Lock {
 public:
  explicit Lock(Mutex& mutex) : mutex_(mutex) { mutex_.lock(); }
  ~Lock() { mutex_.unlock(); }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

 private:
  Mutex& mutex_;
};

/// Runs `body` with the lock held; a failure leaves after it was released.
template <class Body>
void whileLocked(Mutex& mutex, Body body) {
  std::optional<Failure> failure;
  {
    const Lock lock(mutex);
    failure = attempt(body);
  }
  if (failure) leave(failure->kind, std::move(failure->message));
}

}  // namespace trainlint
