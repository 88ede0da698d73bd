#include "optim/portable_math.hpp"

#include <cmath>
#include <iterator>

namespace trainlint {
namespace {

Doubled multiply(Doubled a, Doubled b) {
  constexpr double kSplit = 134217729;  // 2^27 + 1
  const double product = a.high * b.high;
  const double ta = kSplit * a.high, tb = kSplit * b.high;
  const double aHead = ta - (ta - a.high), aTail = a.high - aHead;
  const double bHead = tb - (tb - b.high), bTail = b.high - bHead;
  double error = ((aHead * bHead - product) + aHead * bTail + aTail * bHead) + aTail * bTail;
  error += a.high * b.low + a.low * b.high;
  const double high = product + error;
  return {high, error - (high - product)};
}

// log(m) for m in [sqrt(1/2), sqrt(2)): 2 atanh((m - 1) / (m + 1)).
double logarithmNearOne(double m) {
  const double s = (m - 1) / (m + 1), square = s * s;
  double sum = 0;
  for (int k = 25; k >= 1; k -= 2) sum = sum * square + 1.0 / k;
  return 2 * s * sum;
}

}  // namespace

IntegerPowers::IntegerPowers(double base) {
  squares_[0] = {base, 0};
  for (size_t k = 1; k < std::size(squares_); k++) squares_[k] = multiply(squares_[k - 1], squares_[k - 1]);
}

double IntegerPowers::at(int64_t exponent) const {
  Doubled result{1, 0};
  const Doubled* square = squares_;
  for (uint64_t bits = static_cast<uint64_t>(exponent); bits; bits >>= 1, square++)
    if (bits & 1) result = multiply(result, *square);
  return result.high;
}

double realPower(double base, double exponent) {
  constexpr double kLn2High = 0x1.62e42fee00000p-1, kLn2Low = 0x1.a39ef35793c76p-33;
  int binary = 0;
  double mantissa = std::frexp(base, &binary);
  if (mantissa < 0.70710678118654752) {
    mantissa *= 2;
    binary -= 1;
  }
  const double logarithm = binary * kLn2High + (binary * kLn2Low + logarithmNearOne(mantissa));
  const double power = exponent * logarithm;
  const double whole = std::floor(power / (kLn2High + kLn2Low) + 0.5);
  const double rest = (power - whole * kLn2High) - whole * kLn2Low;
  double series = 1;
  for (int k = 20; k >= 1; k--) series = 1 + series * rest / k;
  return std::ldexp(series, static_cast<int>(whole));
}

}  // namespace trainlint
