// What the C++ library needs of exceptions, where there are none: whatever it throws becomes a failure, and so does
// memory that is not there. With these, the linker leaves out the library's own and its reader of unwinding tables.
#if !defined(__cpp_exceptions)
#include <cstdlib>
#include <exception>
#include <new>
#include <typeinfo>

#include "failure/failure.hpp"

namespace {

constexpr size_t kLargestException = 256;

void* given(void* memory) {
  if (!memory) trainlint::fail("not enough memory");
  return memory;
}

void* aligned(size_t bytes, std::align_val_t alignment) {
  const size_t unit = size_t(alignment);
  return std::aligned_alloc(unit, (bytes + unit - 1) / unit * unit + (bytes == 0) * unit);
}

}  // namespace

void* operator new(size_t bytes) { return given(std::malloc(bytes ? bytes : 1)); }
void* operator new[](size_t bytes) { return operator new(bytes); }
void* operator new(size_t bytes, const std::nothrow_t&) noexcept { return std::malloc(bytes ? bytes : 1); }
void* operator new[](size_t bytes, const std::nothrow_t& none) noexcept { return operator new(bytes, none); }
void* operator new(size_t bytes, std::align_val_t unit) { return given(aligned(bytes, unit)); }
void* operator new[](size_t bytes, std::align_val_t unit) { return given(aligned(bytes, unit)); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, size_t, std::align_val_t) noexcept { std::free(memory); }

extern "C" {
void* __cxa_allocate_exception(size_t) noexcept {
  alignas(16) static thread_local char space[kLargestException];
  return space;
}
void __cxa_free_exception(void*) noexcept {}
// Strings are all of the library that throws. What it throws is not asked: tables of virtual functions may be laid out
// otherwise there (prebuild.mjs, SHORT_TABLES).
[[noreturn]] void __cxa_throw(void*, std::type_info*, void (*)(void*)) {
  trainlint::fail("a text too long, or a position outside of it");
}
}

#if !defined(__wasm__)
// What the library's strings name of the objects they would throw: nobody looks at those any more.
#define TRAINLINT_ERROR(NAME)                                                            \
  extern "C" void* const typeOf_##NAME[1] __asm__("_ZTISt" #NAME) = {nullptr};           \
  extern "C" void* const tableOf_##NAME[1] __asm__("_ZTVSt" #NAME) = {nullptr};          \
  extern "C" __attribute__((used)) void end_##NAME(void*) __asm__("_ZNSt" #NAME "D1Ev"); \
  extern "C" void end_##NAME(void*) {}
TRAINLINT_ERROR(12length_error)
TRAINLINT_ERROR(12out_of_range)
TRAINLINT_ERROR(16invalid_argument)
TRAINLINT_ERROR(20bad_array_new_length)
extern "C" __attribute__((used)) void beginLogicError(void*, const char*) __asm__("_ZNSt11logic_errorC2EPKc");
extern "C" void beginLogicError(void*, const char*) {}
extern "C" __attribute__((used)) void beginBadLength(void*) __asm__("_ZNSt20bad_array_new_lengthC1Ev");
extern "C" void beginBadLength(void*) {}

// Named by the library's own handlers and cleanups, which nothing reaches any more.
namespace std {
[[noreturn]] void terminate() noexcept { std::abort(); }
}
extern "C" {
void* __cxa_begin_catch(void*) noexcept { std::abort(); }
void __cxa_end_catch() { std::abort(); }
[[noreturn]] void __cxa_rethrow() { std::abort(); }
int __gxx_personality_v0() { std::abort(); }
[[noreturn]] void _Unwind_Resume(void*) { std::abort(); }
}
#endif
#endif
