#include "ops/isa/registry.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

template <class Real>
static void fill(Kernels<Real>& k) {
  registerGemm(k);
  registerActivation(k);
  registerAttention(k);
  registerConvolution(k);
  registerRecurrent(k);
  // AVX-512 takes the others from AVX2: some always, some in what ships (kernels.cpp; COLD and LUKEWARM in units.mjs).
#if !defined(__AVX512F__) || !defined(TRAINLINT_SHIPPED)
  registerActivationBack(k);
  registerBatchNorm(k);
  registerDepthwise(k);
  registerElementwise(k);
  registerLayerNorm(k);
  registerLoss(k);
  registerPatches(k);
#endif
#if !defined(__AVX512F__)
  registerPooling(k);
  registerRmsNorm(k);
  registerNormal(k);
  registerDropout(k);
#endif
#if !defined(TRAINLINT_SHIPPED)
  registerGroupNorm(k);
  registerDistribution(k);
#endif
}

void fillTable(Kernels<float>& k) { fill(k); }
#if TRAINLINT_FLOAT64_LOOPS
void fillTable(Kernels<double>& k) { fill(k); }
#endif

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
