// Vectors of the instruction set this file is compiled for, and sums that do not depend on their width.
// Only for files under isa/: everything lies in the level's own namespace, and no C++ standard header is
// included, because an inline function shared between levels would be merged by the linker.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "simd/precision.hpp"

#if defined(__AVX512F__)
#define TRAINLINT_VECTOR_BYTES 64
#elif defined(__AVX__)
#define TRAINLINT_VECTOR_BYTES 32
#else
#define TRAINLINT_VECTOR_BYTES 16
#endif

// Before a loop whose iterations do not touch each other's memory: with many arrays a compiler gives up proving it.
#if defined(__clang__)
#define TRAINLINT_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#else
#define TRAINLINT_INDEPENDENT _Pragma("GCC ivdep")
#endif

namespace trainlint {
namespace TRAINLINT_ISA {

template <class Real, int Bytes>
struct VectorOf;
#define TRAINLINT_VECTOR(REAL, BYTES) \
  template <>                         \
  struct VectorOf<REAL, BYTES> {      \
    typedef REAL type __attribute__((vector_size(BYTES), aligned(sizeof(REAL)), may_alias)); \
  };
TRAINLINT_VECTOR(float, 4)
TRAINLINT_VECTOR(double, 8)
TRAINLINT_VECTOR(float, 16)
TRAINLINT_VECTOR(double, 16)
#if TRAINLINT_VECTOR_BYTES >= 32
TRAINLINT_VECTOR(float, 32)
TRAINLINT_VECTOR(double, 32)
#endif
#if TRAINLINT_VECTOR_BYTES >= 64
TRAINLINT_VECTOR(float, 64)
TRAINLINT_VECTOR(double, 64)
#endif
#undef TRAINLINT_VECTOR

/// Sixteen partial sums, whatever the vector width: element i of a row goes to lane i mod 16, and the lanes are
/// added as a fixed tree. Every instruction set therefore rounds alike.
template <class Real>
struct Lanes {
  static constexpr int width = TRAINLINT_VECTOR_BYTES / int(sizeof(Real));
  static constexpr int parts = 16 / width;
  typedef typename VectorOf<Real, TRAINLINT_VECTOR_BYTES>::type Vector;
  Vector part[parts];

  static inline Lanes load(const Real* p) {
    Lanes r;
    for (int k = 0; k < parts; k++) r.part[k] = *(const Vector*)(p + k * width);
    return r;
  }
  static inline Lanes zero() {
    Lanes r;
    for (int k = 0; k < parts; k++) r.part[k] = Vector{};
    return r;
  }
  inline void store(Real* p) const {
    for (int k = 0; k < parts; k++) *(Vector*)(p + k * width) = part[k];
  }
  inline void operator+=(const Lanes& o) {
    for (int k = 0; k < parts; k++) part[k] += o.part[k];
  }
  inline Lanes operator*(const Lanes& o) const {
    Lanes r;
    for (int k = 0; k < parts; k++) r.part[k] = part[k] * o.part[k];
    return r;
  }
  inline Lanes operator+(const Lanes& o) const {
    Lanes r;
    for (int k = 0; k < parts; k++) r.part[k] = part[k] + o.part[k];
    return r;
  }
  inline Lanes operator-(const Lanes& o) const {
    Lanes r;
    for (int k = 0; k < parts; k++) r.part[k] = part[k] - o.part[k];
    return r;
  }
  inline Lanes operator-(Real s) const {
    Lanes r;
    for (int k = 0; k < parts; k++) r.part[k] = part[k] - s;
    return r;
  }
  inline void raiseTo(const Lanes& o) {
    for (int k = 0; k < parts; k++) part[k] = o.part[k] > part[k] ? o.part[k] : part[k];
  }
};

/// Adds the sixteen lanes, pairs eight apart first.
template <class Real>
static inline Real addLanes(const Real* lanes) {
  Real a[8], b[4];
  for (int i = 0; i < 8; i++) a[i] = lanes[i] + lanes[i + 8];
  for (int i = 0; i < 4; i++) b[i] = a[i] + a[i + 4];
  return (b[0] + b[2]) + (b[1] + b[3]);
}

/// Sum of term(i), i = 0 ... n-1; `block(i)` gives terms i ... i+15 as Lanes.
template <class Real, class Block, class Term>
static inline Real sumOf(ptrdiff_t n, Block block, Term term) {
  Lanes<Real> sum = Lanes<Real>::zero();
  ptrdiff_t i = 0;
  for (; i + 16 <= n; i += 16) sum += block(i);
  Real lanes[16];
  sum.store(lanes);
  for (ptrdiff_t j = i; j < n; j++) lanes[j - i] += term(j);
  return addLanes(lanes);
}

template <class Real>
static inline Real sum(ptrdiff_t n, const Real* x) {
  return sumOf<Real>(n, [&](ptrdiff_t i) { return Lanes<Real>::load(x + i); }, [&](ptrdiff_t i) { return x[i]; });
}

template <class Real>
static inline Real dot(ptrdiff_t n, const Real* x, const Real* y) {
  return sumOf<Real>(n, [&](ptrdiff_t i) { return Lanes<Real>::load(x + i) * Lanes<Real>::load(y + i); },
                     [&](ptrdiff_t i) { return x[i] * y[i]; });
}

/// Largest element, n >= 1. NaN elements are passed over: they show again in whatever is computed from the row.
template <class Real>
static inline Real largest(ptrdiff_t n, const Real* x) {
  Real most = x[0];
  ptrdiff_t i = 0;
  if (n >= 16) {
    Lanes<Real> lanes = Lanes<Real>::load(x);
    for (i = 16; i + 16 <= n; i += 16) lanes.raiseTo(Lanes<Real>::load(x + i));
    Real a[16];
    lanes.store(a);
    for (int k = 0; k < 16; k++) most = a[k] > most ? a[k] : most;
  }
  for (; i < n; i++) most = x[i] > most ? x[i] : most;
  return most;
}

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
