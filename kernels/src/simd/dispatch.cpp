#include "simd/dispatch.hpp"

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

#if defined(__x86_64__)
#include <cpuid.h>

#include "failure/failure.hpp"
#endif

namespace trainlint {
namespace {

[[maybe_unused]] constexpr IsaLevel kLevels[] = {IsaLevel::avx512, IsaLevel::avx2, IsaLevel::neon, IsaLevel::simd128,
                                IsaLevel::baseline};

#if defined(__x86_64__)
// Bits of XCR0: which register files the operating system saves on a context switch.
uint64_t savedState() {
  uint32_t low = 0, high = 0;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (uint64_t{high} << 32) | low;
}

struct CpuFeatures {
  bool v3 = false, v4 = false;

  CpuFeatures() {
    unsigned a = 0, b = 0, c = 0, d = 0;
    if (!__get_cpuid(1, &a, &b, &c, &d)) return;
    // x86-64-v2: SSE3, SSSE3, CMPXCHG16B, SSE4.1, SSE4.2, POPCNT, and LAHF below.
    constexpr unsigned kV2 = 1u << 0 | 1u << 9 | 1u << 13 | 1u << 19 | 1u << 20 | 1u << 23;
    const bool v2 = (c & kV2) == kV2;
    const bool fma = c >> 12 & 1, movbe = c >> 22 & 1, osxsave = c >> 27 & 1, avx = c >> 28 & 1, f16c = c >> 29 & 1;
    if (!osxsave || !avx) return;
    const uint64_t state = savedState();
    if ((state & 0x6) != 0x6) return;
    unsigned extended = 0;
    if (__get_cpuid(0x80000001u, &a, &b, &c, &d)) extended = c;
    const bool lahf = extended & 1, lzcnt = extended >> 5 & 1;
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return;
    const bool bmi1 = b >> 3 & 1, avx2 = b >> 5 & 1, bmi2 = b >> 8 & 1;
    v3 = v2 && lahf && fma && movbe && f16c && lzcnt && bmi1 && bmi2 && avx2;
    const bool f = b >> 16 & 1, dq = b >> 17 & 1, cd = b >> 28 & 1, bw = b >> 30 & 1, vl = b >> 31 & 1;
    v4 = v3 && f && dq && cd && bw && vl && (state & 0xe6) == 0xe6;
  }
};
#endif

struct Choice {
  IsaLevel level;
  std::string refusal;  // why not the level that the environment asks for
};

Choice choose() {
#if defined(__wasm__)
  return {IsaLevel::simd128, ""};  // chosen in JavaScript, by loading this module
#else
  const char* forced = std::getenv("TRAINLINT_BACKEND");
  if (forced && *forced) {
    for (IsaLevel level : kLevels) {
      if (std::strcmp(forced, backendName(level)) != 0) continue;
      if (isSupported(level)) return {level, ""};
      return {level, std::string("TRAINLINT_BACKEND=") + forced +
                         (level == IsaLevel::baseline ? ": not in this build (use wasm-simd)"
                                                      : ": this machine cannot execute it")};
    }
    return {IsaLevel::baseline,
            std::string("TRAINLINT_BACKEND=") + forced +
                ": unknown; use native-avx512, native-avx2, native-neon, native-baseline or wasm-simd"};
  }
  for (IsaLevel level : kLevels)
    if (isSupported(level)) return {level, ""};
  return {IsaLevel::baseline, "this processor has no AVX2"};
#endif
}

}  // namespace

const char* backendName(IsaLevel level) {
  switch (level) {
    case IsaLevel::avx512: return "native-avx512";
    case IsaLevel::avx2: return "native-avx2";
    case IsaLevel::neon: return "native-neon";
    case IsaLevel::simd128: return "wasm-simd";
    case IsaLevel::baseline: break;
  }
  return "native-baseline";
}

bool isSupported(IsaLevel level) {
#if defined(__x86_64__)
  static const CpuFeatures cpu;
  if (level == IsaLevel::avx2) return cpu.v3;
  if (level == IsaLevel::avx512) return cpu.v4;
#if defined(TRAINLINT_SHIPPED)
  return false;
#else
  return level == IsaLevel::baseline;
#endif
#elif defined(__aarch64__)
  return level == IsaLevel::neon;
#elif defined(__wasm__)
  return level == IsaLevel::simd128;
#else
  return level == IsaLevel::baseline;
#endif
}

IsaLevel activeLevel() {
  static const Choice choice = choose();
  if (!choice.refusal.empty()) fail(choice.refusal);
  return choice.level;
}

}  // namespace trainlint
