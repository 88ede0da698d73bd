// Elementary functions of our own: the C library's differ from system to system, these give the same bits
// everywhere. Written so that loops over them vectorise. Largest errors over the whole range (test/math.test.ts holds
// them): float exp 1.5 ulp, log 2 ulp, tanh 3 ulp; double exp 2 ulp, log 2.5 ulp, tanh 4 ulp. exp flushes results below 4.5e-38 (float) or 1e-307 (double) to zero,
// so that no denormals arise. NaN stays NaN.
#pragma once

#include <stdint.h>

#if defined(TRAINLINT_ISA)
#define TRAINLINT_MATH_NAMESPACE TRAINLINT_ISA
#else
#define TRAINLINT_MATH_NAMESPACE portable
#endif

namespace trainlint {
namespace TRAINLINT_MATH_NAMESPACE {

static inline float fromBits(int32_t bits) { return __builtin_bit_cast(float, bits); }
static inline double fromBits(int64_t bits) { return __builtin_bit_cast(double, bits); }
static inline int32_t toBits(float x) { return __builtin_bit_cast(int32_t, x); }
static inline int64_t toBits(double x) { return __builtin_bit_cast(int64_t, x); }
static inline float squareRoot(float x) { return __builtin_sqrtf(x); }
static inline double squareRoot(double x) { return __builtin_sqrt(x); }
static inline float absolute(float x) { return __builtin_fabsf(x); }
static inline double absolute(double x) { return __builtin_fabs(x); }

// exp(x) = 2^n exp(r), n the integer nearest to x / ln 2, |r| <= ln 2 / 2; exp(r) by its Taylor series.
static inline float exponential(float x) {
  float c = x < -87.f ? -87.f : x;
  c = c > 89.f ? 89.f : c;
  const float shifted = c * 1.44269504f + 12582912.f;  // 1.5 * 2^23: the integer lands in the low bits
  const float n = shifted - 12582912.f;
  const float r = (c - n * 0.693359375f) - n * -2.12194440e-4f;
  float p = 1.f / 5040;
  p = p * r + 1.f / 720;
  p = p * r + 1.f / 120;
  p = p * r + 1.f / 24;
  p = p * r + 1.f / 6;
  p = p * r + .5f;
  p = p * r + 1.f;
  p = p * r + 1.f;
  const int32_t k = toBits(shifted) - 0x4b400000;
  const float result = (p * fromBits(int32_t(uint32_t(k - 1 + 127) << 23))) * 2.f;
  return x < -86.f ? 0.f : result;
}

static inline double exponential(double x) {
  double c = x < -710. ? -710. : x;
  c = c > 710. ? 710. : c;
  const double shifted = c * 1.4426950408889634 + 6755399441055744.;  // 1.5 * 2^52
  const double n = shifted - 6755399441055744.;
  const double r = (c - n * 0.693147180369123816490) - n * 1.90821492927058770002e-10;
  double p = 1. / 6227020800.;
  p = p * r + 1. / 479001600.;
  p = p * r + 1. / 39916800.;
  p = p * r + 1. / 3628800.;
  p = p * r + 1. / 362880.;
  p = p * r + 1. / 40320.;
  p = p * r + 1. / 5040.;
  p = p * r + 1. / 720.;
  p = p * r + 1. / 120.;
  p = p * r + 1. / 24.;
  p = p * r + 1. / 6.;
  p = p * r + .5;
  p = p * r + 1.;
  p = p * r + 1.;
  const int64_t k = toBits(shifted) - 0x4338000000000000;
  const double result = (p * fromBits(int64_t(uint64_t(k - 1 + 1023) << 52))) * 2.;
  return x < -706. ? 0. : result;
}

// log(x) = k ln 2 + 2 artanh(s), s = (m - 1) / (m + 1), m in [sqrt(1/2), sqrt(2)); artanh by its series.
// For x > 0 and normal; log(0) = -inf, log(negative) = NaN.
static inline float logarithm(float x) {
  const int32_t bits = toBits(x) - 0x3f3504f3;
  const int32_t k = bits >> 23;
  const float m = fromBits((bits & 0x7fffff) + 0x3f3504f3);
  const float s = (m - 1.f) / (m + 1.f), z = s * s;
  float p = 1.f / 11;
  p = p * z + 1.f / 9;
  p = p * z + 1.f / 7;
  p = p * z + 1.f / 5;
  p = p * z + 1.f / 3;
  const float twice = s + s;
  const float n = float(k);
  float result = n * 0.693359375f + (twice + (twice * (z * p) + n * -2.12194440e-4f));
  result = x == 0.f ? -__builtin_inff() : result;
  result = x < 0.f ? __builtin_nanf("") : result;
  return x > 3.4028235e38f ? x : (x != x ? x : result);
}

static inline double logarithm(double x) {
  const int64_t bits = toBits(x) - 0x3fe6a09e667f3bcd;
  const int64_t k = bits >> 52;
  const double m = fromBits((bits & 0xfffffffffffff) + 0x3fe6a09e667f3bcd);
  const double s = (m - 1.) / (m + 1.), z = s * s;
  double p = 1. / 23;
  p = p * z + 1. / 21;
  p = p * z + 1. / 19;
  p = p * z + 1. / 17;
  p = p * z + 1. / 15;
  p = p * z + 1. / 13;
  p = p * z + 1. / 11;
  p = p * z + 1. / 9;
  p = p * z + 1. / 7;
  p = p * z + 1. / 5;
  p = p * z + 1. / 3;
  const double twice = s + s;
  const double n = double(k);
  double result = n * 0.693147180369123816490 + (twice + (twice * (z * p) + n * 1.90821492927058770002e-10));
  result = x == 0. ? -__builtin_inf() : result;
  result = x < 0. ? __builtin_nan("") : result;
  return x > 1.7976931348623157e308 ? x : (x != x ? x : result);
}

// tanh(x) = (e^2x - 1) / (e^2x + 1), which would cancel near zero: there the continued fraction
// x / (1 + x^2 / (3 + x^2 / (5 + ...))), carried to 9 (float) and 17 (double). One division either way.
static inline float hyperbolicTangent(float x) {
  const float a = absolute(x), z = x * x, c = a > 15.f ? 15.f : a;
  const float e = exponential(c + c);
  const float numerator = a < .55f ? a * (945.f + z * (105.f + z)) : e - 1.f;
  const float denominator = a < .55f ? 945.f + z * (420.f + z * 15.f) : e + 1.f;
  const float result = numerator / denominator;
  return x < 0 ? -result : result;
}

static inline double hyperbolicTangent(double x) {
  const double a = absolute(x), z = x * x, c = a > 25. ? 25. : a;
  const double e = exponential(c + c);
  double f = 17.;
  f = 15. + z / f;
  f = 13. + z / f;
  f = 11. + z / f;
  f = 9. + z / f;
  f = 7. + z / f;
  f = 5. + z / f;
  f = 3. + z / f;
  f = 1. + z / f;
  const double result = a < .55 ? a / f : (e - 1.) / (e + 1.);
  return x < 0 ? -result : result;
}

template <class Real>
static inline Real logistic(Real x) {
  return Real(1) / (Real(1) + exponential(-x));
}

/// sin and cos of 2 pi t for t in [-1, 1]: quarter turns by rounding, then the series on [-pi/4, pi/4].
static inline void sineCosineTurns(float t, float& sine, float& cosine) {
  const float shifted = t * 4.f + 12582912.f;
  const float a = (t - (shifted - 12582912.f) * .25f) * 6.28318531f, z = a * a;
  const float s = a * (1.f + z * (-1.f / 6 + z * (1.f / 120 + z * (-1.f / 5040 + z * (1.f / 362880)))));
  const float c = 1.f + z * (-.5f + z * (1.f / 24 + z * (-1.f / 720 + z * (1.f / 40320))));
  const int32_t quarter = toBits(shifted);
  const float u = quarter & 1 ? c : s, w = quarter & 1 ? s : c;
  sine = quarter & 2 ? -u : u;
  cosine = (quarter + 1) & 2 ? -w : w;
}

}  // namespace TRAINLINT_MATH_NAMESPACE
}  // namespace trainlint
