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

// Where a sum only scales an update (a norm, a mean of squares), stretches of at most this many elements are summed in
// the elements' own precision, eight to a lane, and only the stretches in double: half the work, and an error of 1e-7
// at most in float32.
constexpr size_t kStretch = 64;
constexpr size_t kShortLanes = 8;

static inline double foldShort(const double* lanes) {
  double half[4];
  for (int i = 0; i < 4; i++) half[i] = lanes[i] + lanes[i + 4];
  return (half[0] + half[2]) + (half[1] + half[3]);
}

// Adds term(0 ... n-1), n at most kStretch, to eight lanes and what is no multiple of eight to `rest`.
template <class Real, class Term>
static inline void addStretch(double* into, double& rest, size_t n, Term term) {
  Real lanes[kShortLanes] = {0};
  const size_t whole = n - n % kShortLanes;
  for (size_t i = 0; i < whole; i += kShortLanes)
    for (size_t lane = 0; lane < kShortLanes; lane++) lanes[lane] += term(i + lane);
  for (size_t lane = 0; lane < kShortLanes; lane++) into[lane] += static_cast<double>(lanes[lane]);
  for (size_t i = whole; i < n; i++) rest += static_cast<double>(term(i));
}

template <class Real, class Term>
static inline double accumulateShort(size_t n, Term term) {
  double lanes[kShortLanes] = {0}, rest = 0;
  for (size_t start = 0; start < n; start += kStretch)
    addStretch<Real>(lanes, rest, n - start < kStretch ? n - start : kStretch,
                     [&](size_t i) { return term(start + i); });
  return foldShort(lanes) + rest;
}

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
