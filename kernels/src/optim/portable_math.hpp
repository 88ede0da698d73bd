// Powers whose bits do not depend on the C library (glibc, musl, the one of wasm and Windows differ in the last place).
#pragma once

#include <cstdint>

namespace trainlint {

/// An unevaluated sum high + low (Dekker).
struct Doubled {
  double high, low;
};

/// base^t for t from 0 to 2^53, out of the squares base^(2^k) in doubled precision: correct to the last place for
/// ordinary betas.
class IntegerPowers {
 public:
  explicit IntegerPowers(double base);
  double at(int64_t exponent) const;

 private:
  Doubled squares_[54];
};

/// base^exponent for base > 0, relative error below 4e-16 * (1 + |exponent log base|).
double realPower(double base, double exponent);

}  // namespace trainlint
