// What the Adam family shares: betas, eps, weight decay coupled or decoupled, bias corrections.
#pragma once

#include "optim/hyperparameters.hpp"
#include "optim/isa/kernels.hpp"
#include "optim/portable_math.hpp"

namespace trainlint {

/// 1 - beta1^t and 1 - beta2^t.
struct BiasCorrection {
  double first, second;
};

struct MomentSettings {
  double beta1 = 0.9, beta2 = 0.999, eps = 1e-8, weightDecay = 0;
  bool decoupled = false;
  IntegerPowers powers1{beta1}, powers2{beta2};

  BiasCorrection correctionAt(int64_t time) const { return {1 - powers1.at(time), 1 - powers2.at(time)}; }

  /// The scalars of one step; `weightDecay` is the range's own (0 where a tensor is exempt).
  template <class Real>
  MomentScalars<Real> scalars(double lr, double weightDecay) const {
    return {decoupled ? Real(0) : Real(weightDecay), decoupled ? Real(1 - lr * weightDecay) : Real(1),
            Real(beta1), Real(1 - beta1), Real(beta2), Real(1 - beta2), Real(eps)};
  }
};

/// Reads `betas`, `eps`, `weightDecay` and `decoupledWeightDecay` over the given defaults.
inline MomentSettings readMoments(Hyperparameters& reader, const MomentSettings& defaults) {
  const std::vector<double> betas = reader.betas(defaults.beta1, defaults.beta2);
  return {.beta1 = betas[0],
          .beta2 = betas[1],
          .eps = reader.epsilon(defaults.eps),
          .weightDecay = reader.weightDecay(defaults.weightDecay),
          .decoupled = reader.flag("decoupledWeightDecay", defaults.decoupled)};
}

}  // namespace trainlint
