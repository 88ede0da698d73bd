// Which instruction set the kernels run on. Files under `isa/` folders are compiled once per level into a
// namespace of that level's name; a function table per level is chosen here when the addon loads.
#pragma once

// The level every build of a machine has. What ships for x64 begins with AVX2: older processors take the WebAssembly
// module (js/addon.ts), which trains to the same bits.
#if defined(__aarch64__)
#define TRAINLINT_LOWEST neon
#elif defined(__wasm__)
#define TRAINLINT_LOWEST simd128
#elif defined(__x86_64__) && defined(TRAINLINT_SHIPPED)
#define TRAINLINT_LOWEST avx2
#else
#define TRAINLINT_LOWEST baseline
#endif

namespace trainlint {

enum class IsaLevel {
  baseline,  // x64: SSE2, not in what ships; other machines: what the compiler assumes
  avx2,      // x86-64-v3
  avx512,    // x86-64-v4
  neon,      // arm64
  simd128,   // wasm
};

/// The level chosen for this process: the best one this machine can execute, or the one that the
/// environment variable TRAINLINT_BACKEND names (`native-avx2`).
/// Fails if that variable names a level this machine or this build does not have, or if there is none for this machine.
IsaLevel activeLevel();

/// `native-avx512`, `native-avx2`, `native-neon`, `native-baseline` or `wasm-simd`.
const char* backendName(IsaLevel level);

/// Whether this machine can execute code of the level (and this build contains it).
bool isSupported(IsaLevel level);

}  // namespace trainlint
