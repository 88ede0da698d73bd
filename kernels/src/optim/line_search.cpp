#include "optim/line_search.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "simd/precision.hpp"

namespace trainlint {
namespace {

constexpr double kSufficientDecrease = 1e-4, kCurvature = 0.9;

// Minimum of the cubic through two points with their slopes, within [low, high]; the middle when it has none.
template <class Real>
double interpolateCubic(const LinePoint<Real>& a, const LinePoint<Real>& b, double low, double high) {
  const double d1 = a.slope + b.slope - 3 * (a.f - b.f) / (a.t - b.t);
  const double square = d1 * d1 - a.slope * b.slope;
  if (!(square >= 0)) return (low + high) / 2;
  const double d2 = std::sqrt(square);
  const double at = a.t <= b.t ? b.t - (b.t - a.t) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2))
                               : a.t - (a.t - b.t) * ((a.slope + d2 - d1) / (a.slope - b.slope + 2 * d2));
  const double raised = low > at ? low : at;
  return high < raised ? high : raised;
}

template <class Real>
LinePoint<Real> copyOf(const LinePoint<Real>& point) {
  LinePoint<Real> copy;
  copy.t = point.t;
  copy.f = point.f;
  copy.slope = point.slope;
  copy.gradient = AlignedArray<Real>(point.gradient.size());
  std::copy_n(point.gradient.data(), point.gradient.size(), copy.gradient.data());
  return copy;
}

}  // namespace

template <class Real>
LineSearchResult<Real> searchStrongWolfe(const std::function<void(double, LinePoint<Real>&)>& evaluate,
                                         const LinePoint<Real>& start, double firstStep, double largestMove,
                                         double tolerance, int mostIterations) {
  const double decrease = kSufficientDecrease * start.slope, flat = -kCurvature * start.slope;
  LinePoint<Real> previous = copyOf(start), now;
  evaluate(firstStep, now);
  int evaluations = 1, iteration = 0;

  // Walk outwards until two neighbouring points bracket an acceptable step.
  bool done = false, bracketed = false;
  while (iteration < mostIterations) {
    if (now.f > start.f + now.t * decrease || (iteration > 1 && now.f >= previous.f)) {
      bracketed = true;
      break;
    }
    if (std::fabs(now.slope) <= flat) {
      done = true;
      break;
    }
    if (now.slope >= 0) {
      bracketed = true;
      break;
    }
    const double next = interpolateCubic(previous, now, now.t + 0.01 * (now.t - previous.t), now.t * 10);
    previous = std::move(now);
    now = LinePoint<Real>();
    evaluate(next, now);
    evaluations++;
    iteration++;
  }
  if (done) return {std::move(now), evaluations};
  if (!bracketed) previous = copyOf(start);

  // Shrink the bracket. `low` has the smaller loss.
  LinePoint<Real> ends[2] = {std::move(previous), std::move(now)};
  int low = ends[0].f <= ends[1].f ? 0 : 1;
  bool stuck = false;
  while (!done && iteration < mostIterations) {
    if (std::fabs(ends[1].t - ends[0].t) * largestMove < tolerance) break;
    const double left = std::min(ends[0].t, ends[1].t), right = std::max(ends[0].t, ends[1].t);
    double t = interpolateCubic(ends[0], ends[1], left, right);
    // A step close to an end twice in a row, or on it, is moved a tenth of the bracket inwards.
    const double margin = 0.1 * (right - left);
    if (std::min(right - t, t - left) < margin) {
      if (stuck || t >= right || t <= left) {
        t = std::fabs(t - right) < std::fabs(t - left) ? right - margin : left + margin;
        stuck = false;
      } else {
        stuck = true;
      }
    } else {
      stuck = false;
    }

    LinePoint<Real> trial;
    evaluate(t, trial);
    evaluations++;
    iteration++;
    const int high = 1 - low;
    if (trial.f > start.f + trial.t * decrease || trial.f >= ends[low].f) {
      ends[high] = std::move(trial);
      low = ends[0].f <= ends[1].f ? 0 : 1;
      continue;
    }
    if (std::fabs(trial.slope) <= flat)
      done = true;
    else if (trial.slope * (ends[high].t - ends[low].t) >= 0)
      ends[high] = std::move(ends[low]);
    ends[low] = std::move(trial);
  }
  return {std::move(ends[low]), evaluations};
}

template LineSearchResult<float> searchStrongWolfe(const std::function<void(double, LinePoint<float>&)>&,
                                                   const LinePoint<float>&, double, double, double, int);
#if TRAINLINT_FLOAT64
template LineSearchResult<double> searchStrongWolfe(const std::function<void(double, LinePoint<double>&)>&,
                                                    const LinePoint<double>&, double, double, double, int);
#endif

}  // namespace trainlint
