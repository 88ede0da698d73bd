// Standard normal numbers from counters by Box and Muller (1958): every block of four words gives four numbers.
#include "ops/isa/registry.hpp"
#include "rng/philox.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

template <class Real>
static void fillNormal(const RandomCounter& at, Real* out, size_t n) {
  constexpr int blocks = 64;
  uint32_t word[4][blocks];
  float number[4][blocks];
  for (size_t start = 0; start < n; start += 4 * blocks) {
    const size_t wanted = (n - start + 3) / 4;
    const int here = wanted < blocks ? int(wanted) : blocks;
    for (int b = 0; b < here; b++) {
      const PhiloxBlock block = philox(at.block + uint32_t(start / 4) + uint32_t(b), at.stream, at.sequenceLow,
                                       at.sequenceHigh, at.key0, at.key1);
      for (int w = 0; w < 4; w++) word[w][b] = block.word[w];
    }
    for (int pair = 0; pair < 4; pair += 2)
      for (int b = 0; b < here; b++) {
        // in (0, 1]: the logarithm stays finite
        const float u = float(int32_t(word[pair][b] >> 8) + 1) * 0x1p-24f;
        const float turn = float(int32_t(word[pair + 1][b] >> 8)) * 0x1p-24f;
        const float radius = squareRoot(-2.f * logarithm(u));
        float sine, cosine;
        sineCosineTurns(turn, sine, cosine);
        number[pair][b] = radius * cosine;
        number[pair + 1][b] = radius * sine;
      }
    const size_t count = n - start < 4 * blocks ? n - start : 4 * blocks;
    for (size_t i = 0; i < count; i++) out[start + i] = Real(number[i & 3][i >> 2]);
  }
}

template <class Real>
void registerNormal(Kernels<Real>& k) {
  k.fillNormal = fillNormal<Real>;
}
TRAINLINT_REGISTER(registerNormal)

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
