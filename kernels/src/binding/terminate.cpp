// The C++ library prints the type of an exception that nobody catches, and brings a whole parser of mangled names for
// it. What ships does without: the type is then printed as the compiler mangled it.
#if defined(TRAINLINT_SHIPPED) && !defined(__wasm__)
#include <cstddef>

extern "C" char* __cxa_demangle(const char*, char*, size_t*, int* status) {
  if (status) *status = -2;  // not a mangled name
  return nullptr;
}
#endif
