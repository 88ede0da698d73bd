// Scalar helpers for the loops, once per instruction set (never shared between levels).
#pragma once

#include "kernels.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

static inline float squareRoot(float x) { return __builtin_sqrtf(x); }
static inline double squareRoot(double x) { return __builtin_sqrt(x); }
static inline float magnitude(float x) { return __builtin_fabsf(x); }
static inline double magnitude(double x) { return __builtin_fabs(x); }

// Larger of the two; NaN when either is NaN (as torch.maximum).
template <class Real>
static inline Real larger(Real a, Real b) {
  const Real most = a > b ? a : b;
  return a != a ? a : most;
}

// -1, 0 or 1; NaN stays NaN.
template <class Real>
static inline Real signOf(Real x) {
  const Real sign = x > 0 ? Real(1) : (x < 0 ? Real(-1) : Real(0));
  return x != x ? x : sign;
}

// x within [low, high]; NaN stays NaN.
template <class Real>
static inline Real clampTo(Real x, Real low, Real high) {
  const Real raised = x < low ? low : x;
  return raised > high ? high : raised;
}

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
