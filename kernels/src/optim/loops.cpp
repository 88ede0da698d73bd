#include "optim/loops.hpp"

#include "simd/dispatch.hpp"

namespace trainlint {

#if defined(__x86_64__)
namespace avx512 { void fillOptimKernels(OptimKernels&); }
namespace avx2 { void fillOptimKernels(OptimKernels&); }
namespace baseline { void fillOptimKernels(OptimKernels&); }
#elif defined(__aarch64__)
namespace neon { void fillOptimKernels(OptimKernels&); }
#elif defined(__wasm__)
namespace simd128 { void fillOptimKernels(OptimKernels&); }
#else
namespace baseline { void fillOptimKernels(OptimKernels&); }
#endif

const OptimKernels& optimKernels() {
  static const OptimKernels kernels = [] {
    OptimKernels table{};
#if defined(__x86_64__)
    switch (activeLevel()) {
      case IsaLevel::avx512: avx512::fillOptimKernels(table); break;
      case IsaLevel::avx2: avx2::fillOptimKernels(table); break;
      default: baseline::fillOptimKernels(table); break;
    }
#elif defined(__aarch64__)
    neon::fillOptimKernels(table);
#elif defined(__wasm__)
    simd128::fillOptimKernels(table);
#else
    baseline::fillOptimKernels(table);
#endif
    return table;
  }();
  return kernels;
}

}  // namespace trainlint
