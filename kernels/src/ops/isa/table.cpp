#include "ops/isa/registry.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

template <class Real>
static void fill(Kernels<Real>& k) {
  registerGemm(k);
  registerElementwise(k);
  registerActivation(k);
  registerLayerNorm(k);
  registerAttention(k);
  registerLoss(k);
  registerConvolution(k);
  registerPooling(k);
  registerBatchNorm(k);
  registerRecurrent(k);
  registerRmsNorm(k);
  registerNormal(k);
  registerDropout(k);
#if !defined(TRAINLINT_WITHOUT_INSPECTION)
  registerGroupNorm(k);
  registerDistribution(k);
#endif
}

void fillTable(Kernels<float>& k) { fill(k); }
#if TRAINLINT_WITH_DOUBLE
void fillTable(Kernels<double>& k) { fill(k); }
#endif

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
