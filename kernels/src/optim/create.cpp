// From a spec to an optimizer: kinds, notations such as `lookahead(adam)`, parameter groups.
#include <map>
#include <stdexcept>

#include "optim/factories.hpp"
#include "optim/optimizer.hpp"

namespace trainlint {
namespace {

template <class Real>
using Maker = OptimizerPointer<Real> (*)(const OptimizerSpec&, const ParameterLayout&);

template <class Real>
const std::map<std::string, Maker<Real>>& makers() {
  static const std::map<std::string, Maker<Real>> table = {
      {"sgd", makeSgd<Real>},
      {"sgd-momentum", makeSgdMomentum<Real>},
      {"nag", makeNag<Real>},
      {"adam", makeAdam<Real>},
      {"adamw", makeAdamW<Real>},
  };
  return table;
}

}  // namespace

template <class Real>
void Optimizer<Real>::stepWithClosure(Real* params, Real* grads, double lr, Closure<Real>&) {
  step(params, grads, lr);
}

template <class Real>
std::unique_ptr<Optimizer<Real>> createOptimizer(const OptimizerSpec& spec, const ParameterLayout& layout) {
  const auto found = makers<Real>().find(spec.kind);
  if (found == makers<Real>().end()) {
    std::string kinds;
    for (const auto& entry : makers<Real>()) kinds += (kinds.empty() ? "" : ", ") + entry.first;
    throw std::invalid_argument("Unknown optimizer: " + spec.kind + " (one of: " + kinds + ")");
  }
  return found->second(spec, layout);
}

template class Optimizer<float>;
template class Optimizer<double>;
template std::unique_ptr<Optimizer<float>> createOptimizer<float>(const OptimizerSpec&, const ParameterLayout&);
template std::unique_ptr<Optimizer<double>> createOptimizer<double>(const OptimizerSpec&, const ParameterLayout&);

}  // namespace trainlint
