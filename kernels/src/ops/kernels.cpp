#include "ops/kernels.hpp"

#include "simd/dispatch.hpp"
#include "simd/precision.hpp"

namespace trainlint {

#if defined(__x86_64__)
namespace avx2 { void fillTable(Kernels<float>&); }
namespace avx512 { void fillTable(Kernels<float>&); }
#endif
namespace TRAINLINT_LOWEST {
void fillTable(Kernels<float>&);
void fillTable(Kernels<double>&);
}

template <>
const Kernels<float>& kernels<float>() {
  static const Kernels<float> table = [] {
    Kernels<float> t{};
    switch (activeLevel()) {
#if defined(__x86_64__)
      case IsaLevel::avx512:
        avx2::fillTable(t);
        avx512::fillTable(t);
        break;
#if !defined(TRAINLINT_SHIPPED)
      case IsaLevel::avx2: avx2::fillTable(t); break;
#endif
#endif
      default: TRAINLINT_LOWEST::fillTable(t);
    }
    return t;
  }();
  return table;
}

#if TRAINLINT_FLOAT64
template <>
const Kernels<double>& kernels<double>() {
  static const Kernels<double> table = [] {
    Kernels<double> t{};
    TRAINLINT_LOWEST::fillTable(t);
    return t;
  }();
  return table;
}
#endif

}  // namespace trainlint
