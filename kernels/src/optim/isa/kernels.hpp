// The fused update loops, one table entry per rule. The files beside this one are compiled once per instruction set
// (`TRAINLINT_ISA`), so nothing here may pull in a C++ standard header: an inline function shared between levels would
// be merged by the linker and run the wrong instructions.
//
// Every loop is elementwise (same operations in the same order for every element, no contraction), or sums into a
// fixed number of lanes: the bits do not depend on the vector width.
#pragma once

#include <stddef.h>

namespace trainlint {

template <class Real>
struct SgdScalars {
  Real lr, weightDecay;
};

template <class Real>
struct MomentumScalars {
  Real lr, weightDecay;
  Real momentum, gain;  // velocity = momentum * velocity + gain * gradient
};

template <class Real>
struct AdagradScalars {
  Real lr, weightDecay, eps;
};

template <class Real>
struct RmspropScalars {
  Real weightDecay, alpha, oneMinusAlpha, momentum;
  Real epsInside, epsOutside;  // of the root: one is 0
  Real lrInside, lrOutside;    // of the momentum's buffer: one is 1
};

// Shared by the whole Adam family: m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2.
template <class Real>
struct MomentScalars {
  Real weightDecay;  // coupled: added to the gradient
  Real shrink;       // decoupled: the factor 1 - lr * weightDecay on the parameter
  Real beta1, oneMinusBeta1, beta2, oneMinusBeta2, eps;
};

template <class Real>
struct AdamScalars {
  MomentScalars<Real> moments;
  Real stepSize;         // lr / (1 - beta1^t)
  Real rootCorrection;   // 1 / sqrt(1 - beta2^t)
};

template <class Real>
struct AdamaxScalars {
  MomentScalars<Real> moments;
  Real stepSize;  // lr / (1 - beta1^t)
};

template <class Real>
struct NadamScalars {
  MomentScalars<Real> moments;
  Real rootCorrection;  // 1 / sqrt(1 - beta2^t)
  Real gradientStep;    // factor of g / denominator
  Real momentStep;      // factor of m / denominator
};

template <class Real>
struct AdaboundScalars {
  MomentScalars<Real> moments;
  Real stepSize;      // lr sqrt(1 - beta2^t) / (1 - beta1^t)
  Real lower, upper;  // the bounds of this step
};

template <class Real>
struct LambScalars {
  MomentScalars<Real> moments;
  Real gradientScale;                    // global clipping of the NVLAMB form, else 1
  Real firstCorrection, rootCorrection;  // 1 / (1 - beta1^t), 1 / sqrt(1 - beta2^t)
};

template <class Real>
struct LionScalars {
  Real lr, shrink, beta1, oneMinusBeta1, beta2, oneMinusBeta2;
};

template <class Real>
struct SophiaScalars {
  Real lr, shrink, beta1, oneMinusBeta1;
  Real firstCorrection;  // 1 / (1 - beta1^t) in the optax form, else 1
  Real curvatureScale;   // rho * batchSize, or gamma
  Real eps;
  Real decay;            // optax form: weightDecay added to the update, else 0
};

/// Pointers to the loops of one instruction set. `n` counts elements; arrays never overlap.
template <class Real>
struct OptimLoops {
  void (*sgd)(Real* p, const Real* g, size_t n, const SgdScalars<Real>&);
  void (*momentum)(Real* p, const Real* g, Real* velocity, size_t n, const MomentumScalars<Real>&);
  void (*momentumScaled)(Real* p, const Real* g, Real* velocity, size_t n, const MomentumScalars<Real>&);
  void (*nesterov)(Real* p, const Real* g, Real* velocity, size_t n, const MomentumScalars<Real>&);
  void (*nesterovScaled)(Real* p, const Real* g, Real* velocity, size_t n, const MomentumScalars<Real>&);
  void (*adagrad)(Real* p, const Real* g, Real* sum, size_t n, const AdagradScalars<Real>&);
  void (*adagradInside)(Real* p, const Real* g, Real* sum, size_t n, const AdagradScalars<Real>&);
  // `mean` and `buffer` are null without `centered` and `momentum`
  void (*rmsprop)(Real* p, const Real* g, Real* square, Real* mean, Real* buffer, size_t n,
                  const RmspropScalars<Real>&);
  void (*adam)(Real* p, const Real* g, Real* m, Real* v, size_t n, const AdamScalars<Real>&);
  void (*amsgrad)(Real* p, const Real* g, Real* m, Real* v, Real* vMax, size_t n, const AdamScalars<Real>&);
  void (*adamax)(Real* p, const Real* g, Real* m, Real* u, size_t n, const AdamaxScalars<Real>&);
  void (*nadam)(Real* p, const Real* g, Real* m, Real* v, size_t n, const NadamScalars<Real>&);
  void (*radamUnrectified)(Real* p, const Real* g, Real* m, Real* v, size_t n, const AdamScalars<Real>&);
  void (*adabound)(Real* p, const Real* g, Real* m, Real* v, size_t n, const AdaboundScalars<Real>&);
  void (*adaboundAmsgrad)(Real* p, const Real* g, Real* m, Real* v, Real* vMax, size_t n,
                          const AdaboundScalars<Real>&);
  // leaves the sums of p^2 and update^2 in `squares`, and the update in `update` unless that is null
  void (*lambMoments)(Real* update, const Real* p, const Real* g, Real* m, Real* v, size_t n,
                      const LambScalars<Real>&, double* squares);
  void (*lambApply)(Real* p, const Real* m, const Real* v, Real step, size_t n, const LambScalars<Real>&);
  double (*meanSquare)(const Real* x, size_t n);
  // squares of a matrix: rowSums[rows] = sums over columns; columnSums[columns] = sums over rows; partial[columns] is
  // scratch
  void (*sumMatrixSquares)(const Real* g, size_t rows, size_t columns, double* rowSums, double* columnSums,
                           Real* partial);
  // average = keep average + gain (sum share + added)
  void (*averageSums)(Real* average, const double* sums, double share, double added, double keep, double gain,
                      size_t n);
  void (*inverseRoots)(Real* y, const Real* x, Real divisor, size_t n);  // y = 1 / sqrt(x / divisor)
  // the update of a factored matrix is u = g min(rowInverses columnInverses, most)
  double (*factoredSquares)(const Real* g, const Real* rowInverses, const Real* columnInverses, Real most, size_t rows,
                            size_t columns);  // sum u^2
  void (*factoredUpdate)(Real* update, const Real* g, const Real* rowInverses, const Real* columnInverses, Real most,
                         size_t rows, size_t columns);  // update = u
  void (*factoredStep)(Real* p, const Real* g, const Real* rowInverses, const Real* columnInverses, Real most,
                       Real shrink, Real step, size_t rows, size_t columns);  // p = shrink p + step u
  // variance = keep variance + gain (g^2 + added);  update = g / sqrt(max(variance, floor))
  void (*rootUpdate)(Real* update, const Real* g, Real* variance, double keep, double gain, double added, Real floor,
                     size_t n);
  void (*lion)(Real* p, const Real* g, Real* m, size_t n, const LionScalars<Real>&);
  void (*sophia)(Real* p, const Real* g, Real* m, const Real* h, size_t n, const SophiaScalars<Real>&);
  void (*sophiaBiasCorrected)(Real* p, const Real* g, Real* m, const Real* h, size_t n, const SophiaScalars<Real>&);

  // arithmetic shared by the per-tensor and the wrapping rules
  void (*axpy)(Real* y, Real a, const Real* x, size_t n);                          // y += a x
  void (*scale)(Real* y, Real a, size_t n);                                        // y *= a
  void (*average)(Real* y, const Real* x, Real keep, Real gain, size_t n);         // y = keep y + gain x
  void (*averageSquares)(Real* y, const Real* x, Real keep, Real gain, size_t n);  // y = keep y + gain x^2
  void (*interpolate)(Real* slow, Real* fast, Real alpha, size_t n);  // slow += alpha (fast - slow); fast = slow
  void (*ascend)(Real* p, const Real* g, Real a, bool adaptive, size_t n);  // p += a g; adaptive: p += a p^2 g
  void (*centerRows)(Real* y, const Real* x, size_t rows, size_t columns);   // y = x - the row's mean
  void (*subtract)(Real* y, const Real* x, Real a, size_t n);                // y = x - a

  // sums in double over 16 lanes in a fixed order
  double (*sum)(const Real* x, size_t n);
  double (*sumSquares)(const Real* x, size_t n);
  double (*sumAbs)(const Real* x, size_t n);
  double (*dot)(const Real* x, const Real* y, size_t n);
  double (*sumSquaredProducts)(const Real* x, const Real* y, size_t n);  // sum (|x| y)^2
  double (*maxAbs)(const Real* x, size_t n);                             // NaN when any element is NaN
};

}  // namespace trainlint
