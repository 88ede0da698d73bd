// Newton's method.
//
//   p <- p - lr (H + damping I)^-1 g
//
// p, g: the arena as one vector of n parameters; H [n, n]: the Hessian of the loss at p, from the closure when it has
// one, else from central differences of its gradients (four evaluations a parameter, fourth order; relative error near
// 1e-12 in float64 and 1e-5 in float32). Defaults: lr 1, damping 0. Reference: torch.autograd.functional.hessian and a
// direct solve; the source document's form (4.1), plus damping. The system is solved in double by elimination with
// pivoting, so an indefinite H gives the true Newton step, which may climb.
// At most 1024 parameters: H takes 8 n^2 bytes. Needs a closure; `grads` holds the gradient at p on entry.
#include <cmath>
#include <limits>
#include <utility>

#include "failure/failure.hpp"
#include "optim/factories.hpp"
#include "optim/flat.hpp"
#include "optim/hyperparameters.hpp"
#include "optim/matrix.hpp"

namespace trainlint {
namespace {

constexpr size_t kMostParameters = 1024;
constexpr std::pair<int, double> kStencil[] = {{1, 8.0}, {-1, -8.0}, {2, -1.0}, {-2, 1.0}};

template <class Real>
class Newton final : public Optimizer<Real> {
 public:
  Newton(const ParameterLayout& layout, double damping)
      : flat_(layout), damping_(damping), hessian_(flat_.size() * flat_.size()), probe_(layout.total) {}

  bool needsClosure() const override { return true; }

  void step(Real*, const Real*, double) override {
    refuse("newton needs the Hessian: give step a closure that evaluates the loss");
  }

  void stepWithClosure(Real* params, Real* grads, double, double lr, Closure<Real>& closure) override {
    const size_t n = flat_.size();
    std::vector<double> direction(n);
    for (size_t i = 0; i < n; i++) direction[i] = grads[flat_.position(i)];
    if (!closure.hessian(params, hessian_.data())) differentiate(params, closure);
    for (size_t i = 0; i < n; i++) hessian_[i * n + i] += damping_;
    if (!solve(hessian_, direction))
      fail("newton: the Hessian is singular; a damping above 0 makes it invertible");
    for (size_t i = 0; i < n; i++) {
      Real& p = params[flat_.position(i)];
      p = Real(p - lr * direction[i]);
    }
  }

  size_t stateBytes() const override { return hessian_.size() * sizeof(double); }
  std::vector<Real> saveState() const override { return {}; }
  void loadState(const std::vector<Real>& state) override { StateReader<Real>(state).finish(); }

 private:
  // Row i of H: (8 (g(+h) - g(-h)) - (g(+2h) - g(-2h))) / 12h along parameter i; then the symmetric part.
  void differentiate(Real* params, Closure<Real>& closure) {
    const size_t n = flat_.size();
    const double unit = std::sqrt(std::sqrt(double(std::numeric_limits<Real>::epsilon()))) * 4;
    for (size_t i = 0; i < n; i++) {
      Real& p = params[flat_.position(i)];
      const Real kept = p;
      const double width = unit * std::fmax(1.0, std::fabs(double(kept)));
      double* row = hessian_.data() + i * n;
      std::fill_n(row, n, 0.0);
      for (const auto& [offset, weight] : kStencil) {
        p = Real(kept + offset * width);
        closure.evaluate(params, probe_.data());
        for (size_t j = 0; j < n; j++) row[j] += weight * double(probe_[flat_.position(j)]);
      }
      p = kept;
      for (size_t j = 0; j < n; j++) row[j] /= 12 * width;
    }
    for (size_t i = 0; i < n; i++)
      for (size_t j = 0; j < i; j++)
        hessian_[i * n + j] = hessian_[j * n + i] = 0.5 * (hessian_[i * n + j] + hessian_[j * n + i]);
  }

  const FlatView flat_;
  const double damping_;
  Matrix hessian_;
  AlignedArray<Real> probe_;
};

}  // namespace

template <class Real>
OptimizerPointer<Real> makeNewton(const OptimizerSpec& spec, const ParameterLayout& layout) {
  Hyperparameters reader(spec);
  reader.learningRate(1);
  const double damping = reader.number("damping", 0);
  Hyperparameters::require(damping >= 0, "Invalid damping value", damping);
  reader.finish();
  const size_t count = elementCount(layout);
  if (count > kMostParameters)
    refuse("newton keeps a Hessian of n x n: " + decimal(count) +
                                " parameters given, at most " + decimal(kMostParameters) +
                                "; lbfgs approximates the same step without it");
  return std::make_unique<Newton<Real>>(layout, damping);
}

TRAINLINT_INSTANTIATE_MAKER(makeNewton)

}  // namespace trainlint
