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

  BiasCorrection correctionAt(int64_t time) const {
    return {1 - integerPower(beta1, time), 1 - integerPower(beta2, time)};
  }

  /// The scalars of one step; `weightDecay` is the range's own (0 where a tensor is exempt).
  template <class Real>
  MomentScalars<Real> scalars(double lr, double weightDecay) const {
    return {decoupled ? Real(0) : Real(weightDecay), decoupled ? Real(1 - lr * weightDecay) : Real(1),
            Real(beta1), Real(1 - beta1), Real(beta2), Real(1 - beta2), Real(eps)};
  }
};

/// Reads `betas`, `eps`, `weightDecay` and `decoupledWeightDecay` over the given defaults.
inline MomentSettings readMoments(Hyperparameters& reader, MomentSettings settings) {
  const std::vector<double> betas = reader.betas(settings.beta1, settings.beta2);
  settings.beta1 = betas[0];
  settings.beta2 = betas[1];
  settings.eps = reader.epsilon(settings.eps);
  settings.weightDecay = reader.weightDecay(settings.weightDecay);
  settings.decoupled = reader.flag("decoupledWeightDecay", settings.decoupled);
  return settings;
}

}  // namespace trainlint
