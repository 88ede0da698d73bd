// A thread to be joined, and a lock. The C++ library's own bring its exceptions along, so they serve only where exceptions
// stay and the system has no POSIX threads (Windows).
#pragma once

#if defined(_WIN32)
#include <mutex>
#include <thread>
#elif !defined(__wasm__)
#include <pthread.h>
#endif

#include "failure/failure.hpp"

namespace trainlint {

class Mutex {
#if defined(__wasm__)
 public:  // a module has one thread
  void lock() {}
  void unlock() {}
#elif defined(_WIN32)
 public:
  void lock() { mutex_.lock(); }
  void unlock() { mutex_.unlock(); }

 private:
  std::mutex mutex_;
#else
 public:
  void lock() { pthread_mutex_lock(&mutex_); }
  void unlock() { pthread_mutex_unlock(&mutex_); }

 private:
  pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
#endif
};

#if !defined(__wasm__)
class Thread {
 public:
  /// Whether it could be started; `body(data)` runs in it.
  bool start(void* (*body)(void*), void* data) {
#if defined(_WIN32)
    return !attempt([&] { thread_ = std::thread(body, data); });
#else
    return running_ = pthread_create(&thread_, nullptr, body, data) == 0;
#endif
  }

  void join() {
#if defined(_WIN32)
    if (thread_.joinable()) thread_.join();
#else
    if (running_) pthread_join(thread_, nullptr);
    running_ = false;
#endif
  }

 private:
#if defined(_WIN32)
  std::thread thread_;
#else
  pthread_t thread_{};
  bool running_ = false;
#endif
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
