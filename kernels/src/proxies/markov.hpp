// Token sequences from a sparse first-order Markov chain; optionally the second half repeats the first, so that a
// model must look back (induction) to reach the floor.
#pragma once

#include <vector>

#include "rng/random.hpp"

namespace trainlint {

class MarkovSource {
 public:
  /// Every state goes on to `branch` others with random weights.
  MarkovSource(Random& task, int states, int branch) : states_(states), branch_(branch) {
    for (int s = 0; s < states; s++) {
      const std::vector<uint32_t> order = task.permutation(uint32_t(states));
      float total = 0;
      for (int b = 0; b < branch; b++) {
        next_.push_back(int32_t(order[size_t(b)]));
        total += task.uniform() + .1f;
        cumulative_.push_back(total);
      }
    }
  }

  /// Fills `length` tokens. With `copy`, tokens length/2+1 ... repeat tokens 1 ...
  void sample(Random& random, int32_t* out, int length, bool copy) const {
    out[0] = int32_t(random.integer(uint32_t(states_)));
    for (int t = 1; t < length; t++) {
      const size_t row = size_t(out[t - 1]) * size_t(branch_);
      out[t] = next_[row + random.choose(&cumulative_[row], uint32_t(branch_))];
    }
    if (!copy) return;
    const int half = (length - 1) / 2;
    for (int t = half + 1; t < length; t++) out[t] = out[t - half];
  }

 private:
  int states_, branch_;
  std::vector<int32_t> next_;
  std::vector<float> cumulative_;
};

}  // namespace trainlint
