// Which precisions are compiled. Float64 serves tests (gradient checks, tight comparisons with references): it is left
// out of what ships, and its loops exist for one instruction set only, since the bits are the same on all.
#pragma once

#if defined(TRAINLINT_SHIPPED)
#define TRAINLINT_FLOAT64 0
#else
#define TRAINLINT_FLOAT64 1
#endif

#if !TRAINLINT_FLOAT64
namespace trainlint {
inline constexpr char kNoFloat64[] = "Float64 optimizers are not part of what ships: build the kernels from their sources";
}
#endif

// In files under isa/: whether the float64 loops are compiled for this level.
#if TRAINLINT_FLOAT64 && !defined(__AVX__)
#define TRAINLINT_FLOAT64_LOOPS 1
#else
#define TRAINLINT_FLOAT64_LOOPS 0
#endif
