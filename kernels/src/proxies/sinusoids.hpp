// Forecasting data: sums of a fast and a slow sinusoid with noise, to be continued by one value at every position.
#pragma once

#include "rng/random.hpp"
#include "simd/math.hpp"

namespace trainlint {

class Sinusoids {
 public:
  static constexpr int kMaxLength = 63;

  /// Fills `length` inputs (at most kMaxLength) and, for each, the value that follows.
  static void sample(Random& random, int length, float* x, float* y) {
    float noise[kMaxLength + 1];
    const float fast = random.uniform(.05f, .35f), slow = random.uniform(.02f, .12f);
    const float phase = kTurn * random.uniform();
    random.fillNormal(noise, size_t(length) + 1);
    for (int t = 0; t <= length; t++) {
      const float value = sine(fast * float(t) + phase) + .5f * sine(slow * float(t)) + kNoise * noise[t];
      if (t < length) x[t] = value;
      if (t > 0) y[t - 1] = value;
    }
  }

 private:
  static constexpr float kNoise = .1f, kTurn = 6.28318531f;

  static float sine(float radians) {
    const float turns = radians / kTurn;
    float sine, cosine;
    portable::sineCosineTurns(turns - float(int(turns)), sine, cosine);
    return sine;
  }
};

}  // namespace trainlint
