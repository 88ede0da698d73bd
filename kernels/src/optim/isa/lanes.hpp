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

// Eight elements, and four doubles, side by side; the compiler splits them where registers are narrower. They are passed
// by value: a reference taken by a template forgets that they need not be aligned.
template <class Real>
struct Side;
#define TRAINLINT_SIDE(REAL)                                                                             \
  template <>                                                                                            \
  struct Side<REAL> {                                                                                    \
    typedef REAL Eight __attribute__((vector_size(8 * sizeof(REAL)), aligned(sizeof(REAL)), may_alias)); \
    typedef REAL Four __attribute__((vector_size(4 * sizeof(REAL)), aligned(sizeof(REAL)), may_alias));  \
  };
TRAINLINT_SIDE(float)
TRAINLINT_SIDE(double)
#undef TRAINLINT_SIDE
typedef double FourDoubles __attribute__((vector_size(32)));

// Where a loop stands: at element i, or at the eight from element i on.
struct EightFrom {
  size_t i;
};
template <class Real>
static inline Real at(const Real* x, size_t i) {
  return x[i];
}
template <class Real>
static inline typename Side<Real>::Eight at(const Real* x, EightFrom from) {
  return *(const typename Side<Real>::Eight*)(x + from.i);
}
template <class Real>
static inline void put(Real* x, size_t i, Real value) {
  x[i] = value;
}
template <class Real>
static inline void put(Real* x, EightFrom from, typename Side<Real>::Eight value) {
  *(typename Side<Real>::Eight*)(x + from.i) = value;
}

template <class Eight>
static inline Eight squareRoots(Eight x) {
  return Eight{squareRoot(x[0]), squareRoot(x[1]), squareRoot(x[2]), squareRoot(x[3]),
               squareRoot(x[4]), squareRoot(x[5]), squareRoot(x[6]), squareRoot(x[7])};
}
static inline Side<float>::Eight squareRoot(Side<float>::Eight x) { return squareRoots(x); }
static inline Side<double>::Eight squareRoot(Side<double>::Eight x) { return squareRoots(x); }

static inline size_t after(size_t start, size_t i) { return start + i; }
static inline EightFrom after(size_t start, EightFrom from) { return {start + from.i}; }

/// A sum of terms in double: eight lanes and what is no multiple of eight.
template <class Real>
struct ShortSum {
  FourDoubles low{}, high{};
  double rest = 0;

  inline void addLanes(typename Side<Real>::Eight lanes) {
    typename Side<Real>::Four half[2];
    __builtin_memcpy(half, &lanes, sizeof half);
    low += FourDoubles{double(half[0][0]), double(half[0][1]), double(half[0][2]), double(half[0][3])};
    high += FourDoubles{double(half[1][0]), double(half[1][1]), double(half[1][2]), double(half[1][3])};
  }
  // Adds term(0 ... n-1), n at most kStretch.
  template <class Term>
  inline void addStretch(size_t n, Term term) {
    typename Side<Real>::Eight lanes{};
    size_t i = 0;
    for (; i + kShortLanes <= n; i += kShortLanes) lanes += term(EightFrom{i});
    addLanes(lanes);
    for (; i < n; i++) rest += static_cast<double>(term(i));
  }
  inline double total() const {
    const FourDoubles half = low + high;
    return (half[0] + half[2]) + (half[1] + half[3]) + rest;
  }
};

template <class Real, class Term>
static inline double accumulateShort(size_t n, Term term) {
  ShortSum<Real> sum;
  for (size_t start = 0; start < n; start += kStretch)
    sum.addStretch(n - start < kStretch ? n - start : kStretch, [&](auto at) { return term(after(start, at)); });
  return sum.total();
}

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
