// Masks of dropout from counters: every number is a function of seed, step, layer and place.
#include "ops/isa/registry.hpp"
#include "rng/philox.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

template <class Real>
static void fillDropout(const RandomCounter& at, uint32_t threshold, Real factor, Real* out, size_t n) {
  constexpr int blocks = 64;
  uint32_t word[4][blocks];
  for (size_t start = 0; start < n; start += 4 * blocks) {
    for (int b = 0; b < blocks; b++) {
      const PhiloxBlock block = philox(at.block + uint32_t(start / 4) + uint32_t(b), at.stream, at.sequenceLow,
                                       at.sequenceHigh, at.key0, at.key1);
      for (int w = 0; w < 4; w++) word[w][b] = block.word[w];
    }
    const size_t count = n - start < 4 * blocks ? n - start : 4 * blocks;
    for (size_t i = 0; i < count; i++) out[start + i] = word[i & 3][i >> 2] < threshold ? Real(0) : factor;
  }
}

template <class Real>
void registerDropout(Kernels<Real>& k) {
  k.fillDropout = fillDropout<Real>;
}
TRAINLINT_REGISTER(registerDropout)

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
