// Balancing a pole on a cart (Barto, Sutton and Anderson 1983), many at once: four state numbers, push left or right,
// reward 1 a step until the pole falls, the cart leaves the track or 200 steps have passed.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "rng/random.hpp"

namespace trainlint {

class CartPole {
 public:
  static constexpr int kState = 4, kMaxSteps = 200;

  struct Outcome {
    std::array<float, kState> next;  // scaled observation after the step, before any reset
    bool fell = false;               // a true end: no value beyond it
    bool ended = false;              // fell or ran out of time
  };

  CartPole(int count, const Random& random);

  int count() const { return int(states_.size()); }
  /// Scaled to about one: position/2.4, velocity/2, angle*5, angular velocity/2.
  std::array<float, kState> observe(int i) const;
  /// action 0 pushes left, 1 right. An ended pole starts anew.
  Outcome step(int i, int action);
  /// Mean length of the last twenty ended episodes; of the running ones if none has ended.
  double recentReturn() const;

 private:
  void reset(int i);
  static std::array<float, kState> scaled(const std::array<double, kState>& state);

  Random random_;
  std::vector<std::array<double, kState>> states_;
  std::vector<int> lengths_;
  std::vector<int> ended_;
};

}  // namespace trainlint
