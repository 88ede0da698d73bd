#include "ops/kernels.hpp"

#include "simd/dispatch.hpp"

namespace trainlint {

#if defined(__x86_64__)
namespace baseline {
void fillTable(Kernels<float>&);
void fillTable(Kernels<double>&);
}
namespace avx2 {
void fillTable(Kernels<float>&);
}
namespace avx512 {
void fillTable(Kernels<float>&);
}
namespace lowest = baseline;
#elif defined(__aarch64__)
namespace neon {
void fillTable(Kernels<float>&);
void fillTable(Kernels<double>&);
}
namespace lowest = neon;
#elif defined(__wasm__)
namespace simd128 {
void fillTable(Kernels<float>&);
void fillTable(Kernels<double>&);
}
namespace lowest = simd128;
#else
namespace baseline {
void fillTable(Kernels<float>&);
void fillTable(Kernels<double>&);
}
namespace lowest = baseline;
#endif

template <>
const Kernels<float>& kernels<float>() {
  static const Kernels<float> table = [] {
    Kernels<float> t{};
    switch (activeLevel()) {
#if defined(__x86_64__)
      case IsaLevel::avx512: avx512::fillTable(t); break;
      case IsaLevel::avx2: avx2::fillTable(t); break;
#endif
      default: lowest::fillTable(t);
    }
    return t;
  }();
  return table;
}

template <>
const Kernels<double>& kernels<double>() {
  static const Kernels<double> table = [] {
    Kernels<double> t{};
    lowest::fillTable(t);
    return t;
  }();
  return table;
}

}  // namespace trainlint
