// Failures without exceptions: a jump to the innermost `attempt` of the thread.
#if !defined(__cpp_exceptions) && !defined(__wasm__)
#include <csetjmp>
#include <cstdlib>
#include <cstring>

#include "failure/failure.hpp"

namespace trainlint {
namespace {

struct Attempt {
  std::jmp_buf place;
  Attempt* outer;
  FailureKind kind;
  char message[1024];  // no allocation: memory may be what is missing
};
thread_local Attempt* innermost = nullptr;

}  // namespace

void leave(FailureKind kind, std::string message) {
  if (!innermost) std::abort();
  innermost->kind = kind;
  const size_t length = std::min(message.size(), sizeof innermost->message - 1);
  std::memcpy(innermost->message, message.data(), length);
  innermost->message[length] = 0;
  message = std::string();  // destructors do not run
  _longjmp(innermost->place, 1);
}

std::optional<Failure> attempt(void (*body)(void*), void* data) {
  Attempt here;
  here.outer = innermost;
  innermost = &here;
  const bool left = _setjmp(here.place) != 0;
  if (!left) body(data);
  innermost = here.outer;
  if (!left) return std::nullopt;
  return Failure{here.kind, here.message};
}

}  // namespace trainlint
#endif
