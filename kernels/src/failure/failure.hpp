// How a call into the kernels ends early: `refuse` and `fail` leave for the nearest `attempt`, which says why.
//
// The ordinary build throws and catches. What ships for Linux and as WebAssembly is compiled without exceptions, whose
// tables and cleanups would be a quarter of it: there both leave in one jump (WebAssembly: through JavaScript), and
// memory that the frames in between held is lost, some hundred bytes for a refused spec. Such frames must not hold
// anything else, no lock above all, and what makes a static may not leave.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>

namespace trainlint {

enum class FailureKind {
  fault,    // could not be done: too little memory, a singular matrix
  refusal,  // may not be asked for: a value out of range, a name that nobody knows
  mistype,  // an argument of another type than the call takes
  script,   // a callback into JavaScript threw; its error is pending there
};

struct Failure {
  FailureKind kind;
  std::string message;
};

/// A whole number as messages hold it.
std::string decimal(int64_t number);

[[noreturn]] void leave(FailureKind kind, std::string message);
[[noreturn]] inline void refuse(std::string message) { leave(FailureKind::refusal, std::move(message)); }
[[noreturn]] inline void mistype(std::string message) { leave(FailureKind::mistype, std::move(message)); }
[[noreturn]] inline void fail(std::string message) { leave(FailureKind::fault, std::move(message)); }

std::optional<Failure> attempt(void (*body)(void*), void* data);

/// Runs `body`; what ended it early, if something did.
template <class Body>
std::optional<Failure> attempt(Body&& body) {
  using Type = std::remove_reference_t<Body>;
  return attempt([](void* data) { (*static_cast<Type*>(data))(); }, &body);
}

}  // namespace trainlint
