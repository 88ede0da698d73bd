// Powers whose bits do not depend on the C library (glibc, musl, the one of wasm and Windows differ in the last place).
#pragma once

#include <cstdint>

namespace trainlint {

/// base^exponent for exponent >= 0, by squaring in doubled precision: correct to the last place for ordinary betas.
double integerPower(double base, int64_t exponent);

/// base^exponent for base > 0, relative error below 4e-16 * (1 + |exponent log base|).
double realPower(double base, double exponent);

}  // namespace trainlint
