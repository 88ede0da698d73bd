// Line search by the strong Wolfe conditions (Nocedal and Wright, algorithms 3.5 and 3.6) with cubic interpolation, in
// the form of torch.optim.LBFGS (from minFunc by M. Schmidt).
#pragma once

#include <functional>

#include "optim/state.hpp"

namespace trainlint {

/// A point on the line: step t, loss f, directional derivative, gradient.
template <class Real>
struct LinePoint {
  double t = 0, f = 0, slope = 0;
  AlignedArray<Real> gradient;
};

template <class Real>
struct LineSearchResult {
  LinePoint<Real> point;
  int evaluations = 0;
};

/// Looks for t with f(t) <= f(0) + 1e-4 t slope(0) and |slope(t)| <= 0.9 |slope(0)|, starting at `firstStep`, with at
/// most `mostIterations` refinements. `evaluate(t, point)` fills a point; `largestMove` is max |d|, and the bracket is
/// given up once it moves no parameter by `tolerance`.
template <class Real>
LineSearchResult<Real> searchStrongWolfe(const std::function<void(double, LinePoint<Real>&)>& evaluate,
                                         const LinePoint<Real>& start, double firstStep, double largestMove,
                                         double tolerance, int mostIterations);

}  // namespace trainlint
