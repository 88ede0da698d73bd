// Exponential moving average of the weights (Polyak and Juditsky 1992), the twin of js/weight-average.ts.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "optim/loops.hpp"

namespace trainlint {

class WeightAverage {
 public:
  /// `decay` in [0, 1): share of the old average kept. `warmup`: min(decay, (1 + t) / (10 + t)) at update t.
  WeightAverage(double decay, bool warmup) : decay_(decay), warmup_(warmup) {}

  /// average = decay average + (1 - decay) weights; the first update copies them.
  void update(const std::vector<float>& weights) {
    const double t = static_cast<double>(updates_++);
    if (t == 0) {
      average_ = weights;
      return;
    }
    const double keep = warmup_ ? std::min(decay_, (1 + t) / (10 + t)) : decay_;
    optimLoops<float>().average(average_.data(), weights.data(), float(keep), float(1 - keep), weights.size());
  }

  /// Empty before the first update.
  const std::vector<float>& weights() const { return average_; }

 private:
  const double decay_;
  const bool warmup_;
  int64_t updates_ = 0;
  std::vector<float> average_;
};

}  // namespace trainlint
