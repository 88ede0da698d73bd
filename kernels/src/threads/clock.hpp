// Time that only goes forward. The C++ library's clock brings its exceptions along, so it serves only on Windows, which
// has no POSIX one.
#pragma once

#if defined(_WIN32)
#include <chrono>
#else
#include <ctime>
#endif

namespace trainlint {

/// Seconds since some moment before the process began.
inline double secondsNow() {
#if defined(_WIN32)
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
#else
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return double(now.tv_sec) + 1e-9 * double(now.tv_nsec);
#endif
}

}  // namespace trainlint
