// Base of the optimizers around another one (`lookahead`, `ranger`, `sam`): what they do not change is the base's.
#pragma once

#include <memory>
#include <utility>

#include "optim/elementwise.hpp"

namespace trainlint {

template <class Real>
class Wrapper : public Optimizer<Real> {
 public:
  Wrapper(const ParameterLayout& layout, std::unique_ptr<Optimizer<Real>> base)
      : base_(std::move(base)), loops_(optimLoops<Real>()), ranges_(joinSegments(layout, false)) {}

  bool needsClosure() const override { return base_->needsClosure(); }
  bool wantsCurvature() const override { return base_->wantsCurvature(); }
  void updateCurvature(const Real* estimate) override { base_->updateCurvature(estimate); }
  bool wantsLayerStatistics() const override { return base_->wantsLayerStatistics(); }
  int registerLayer(int weight, int bias) override { return base_->registerLayer(weight, bias); }
  void layerStatistics(int layer, const Real* inputs, const Real* outputGrads, size_t batch) override {
    base_->layerStatistics(layer, inputs, outputGrads, batch);
  }

 protected:
  const std::unique_ptr<Optimizer<Real>> base_;
  const OptimLoops<Real>& loops_;
  const std::vector<Range> ranges_;
};

}  // namespace trainlint
