#include "optim/loops.hpp"

#include "simd/dispatch.hpp"
#include "simd/precision.hpp"

namespace trainlint {

#if defined(__x86_64__)
namespace avx512 { void fillLoops(OptimLoops<float>&); }
namespace avx2 { void fillLoops(OptimLoops<float>&); }
#endif
namespace TRAINLINT_LOWEST {
void fillLoops(OptimLoops<float>&);
void fillLoops(OptimLoops<double>&);
}

template <>
const OptimLoops<float>& optimLoops<float>() {
  static const OptimLoops<float> loops = [] {
    OptimLoops<float> table{};
    switch (activeLevel()) {
#if defined(__x86_64__)
      case IsaLevel::avx512:
        avx2::fillLoops(table);
        avx512::fillLoops(table);
        break;
#if !defined(TRAINLINT_SHIPPED)
      case IsaLevel::avx2: avx2::fillLoops(table); break;
#endif
#endif
      default: TRAINLINT_LOWEST::fillLoops(table); break;
    }
    return table;
  }();
  return loops;
}

#if TRAINLINT_FLOAT64
template <>
const OptimLoops<double>& optimLoops<double>() {
  static const OptimLoops<double> loops = [] {
    OptimLoops<double> table{};
    TRAINLINT_LOWEST::fillLoops(table);
    return table;
  }();
  return loops;
}
#endif

}  // namespace trainlint
