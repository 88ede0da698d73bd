// AdamW: Adam with decoupled weight decay (Loshchilov and Hutter, arXiv 1711.05101).
//
//   p  <- (1 - lr weightDecay) p
//   m_t = beta1 m_{t-1} + (1 - beta1) g        mHat = m_t / (1 - beta1^t)
//   v_t = beta2 v_{t-1} + (1 - beta2) g^2      vHat = v_t / (1 - beta2^t)
//   p  <- p - lr mHat / (sqrt(vHat) + eps)
//
// p, g, m, v: the arena. Defaults: lr 1e-3, betas [0.9, 0.999], eps 1e-8, weightDecay 1e-2, amsgrad false.
// Convention: torch.optim.AdamW: the decay is multiplied by the learning rate, so a schedule scales it too (the
// paper's lambda is lr weightDecay). The source document's p - lr (mHat / (sqrt(vHat) + eps) + weightDecay p) is the
// same number in another order.
// State: two Reals a parameter, three with amsgrad.
#include "optim/adam.hpp"

namespace trainlint {

template <class Real>
OptimizerPointer<Real> makeAdamW(const OptimizerSpec& spec, const ParameterLayout& layout) {
  return makeAdamWith<Real>(spec, layout, 1e-2, true);
}

TRAINLINT_INSTANTIATE_MAKER(makeAdamW)

}  // namespace trainlint
