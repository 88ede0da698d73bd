// Failures as C++ exceptions: the ordinary build, and what ships for Windows and macOS.
#if defined(__cpp_exceptions)
#include <exception>

#include "failure/failure.hpp"

namespace trainlint {

void leave(FailureKind kind, std::string message) { throw Failure{kind, std::move(message)}; }

std::optional<Failure> attempt(void (*body)(void*), void* data) {
  try {
    body(data);
  } catch (Failure& failure) {
    return std::move(failure);
  } catch (const std::exception& error) {
    return Failure{FailureKind::fault, error.what()};
  }
  return std::nullopt;
}

}  // namespace trainlint
#endif
