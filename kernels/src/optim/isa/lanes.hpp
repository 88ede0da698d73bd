// Sums in double over 16 lanes: element i goes to lane i mod 16, the lanes are folded in halves. The order is the same
// whatever the vector width, so the bits are too.
#pragma once

#include "scalar.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

constexpr size_t kLanes = 16;

static inline double fold(const double* lanes) {
  double half[8], quarter[4];
  for (int i = 0; i < 8; i++) half[i] = lanes[i] + lanes[i + 8];
  for (int i = 0; i < 4; i++) quarter[i] = half[i] + half[i + 4];
  return (quarter[0] + quarter[2]) + (quarter[1] + quarter[3]);
}

// Adds term(0 ... n-1); only the last piece of a sum may have an n that is no multiple of 16.
template <class Term>
static inline void addToLanes(double* into, size_t n, Term term) {
  double lanes[kLanes];
  for (size_t lane = 0; lane < kLanes; lane++) lanes[lane] = into[lane];
  const size_t whole = n - n % kLanes;
  for (size_t i = 0; i < whole; i += kLanes)
    for (size_t lane = 0; lane < kLanes; lane++) lanes[lane] += term(i + lane);
  for (size_t i = whole; i < n; i++) lanes[i - whole] += term(i);
  for (size_t lane = 0; lane < kLanes; lane++) into[lane] = lanes[lane];
}

template <class Term>
static inline double accumulate(size_t n, Term term) {
  double lanes[kLanes] = {0};
  addToLanes(lanes, n, term);
  return fold(lanes);
}

template <class Real>
static inline void addSquaresToLanes(double* into, const Real* x, size_t n) {
  addToLanes(into, n, [x](size_t i) { return static_cast<double>(x[i]) * static_cast<double>(x[i]); });
}

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
