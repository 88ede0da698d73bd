// The training loop: one optimizer step at a time, everything it measures in a StepRecord.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "loop/run_spec.hpp"
#include "loop/weight_average.hpp"
#include "proxies/proxy.hpp"

namespace trainlint {

class TrainingRun {
 public:
  TrainingRun(const RunSpec& spec, const std::atomic<bool>& cancelled);
  ~TrainingRun();

  /// Builds everything; refuses a spec that cannot be run. Call first.
  void prepare();

  /// The losses before the first step, as a record with step 0.
  StepRecord measureStart();
  bool done() const { return step_ >= spec_.steps || stopped_; }
  /// Takes the next step. Stops (`done`) after the first non-finite loss or gradient unless the spec says go on.
  StepRecord next();

  size_t parameterCount() const { return params_.size(); }
  size_t stateBytes() const;

 private:
  struct BatchClosure;
  double accumulateGradient(int player, const float* params, float* grads, bool firstPass);
  double clip(const Player& player, float* grads) const;
  void probe(StepRecord& record);
  void measure(StepRecord& record, bool atEnd);
  double validate();
  void makeOptimizers(const OptimizerSpec& spec);
  void feedCurvature(int player, Optimizer<float>& optimizer);
  void feedLayerStatistics(int player, Optimizer<float>& optimizer);

  RunSpec spec_;
  const std::atomic<bool>& cancelled_;
  std::unique_ptr<Proxy<float>> proxy_;
  std::vector<std::unique_ptr<Optimizer<float>>> optimizers_;  // one per player
  std::vector<float> params_, grads_, microGrads_, previous_;
  std::unique_ptr<WeightAverage> average_;  // validation looks at it; null: at the weights themselves
  bool hutchinson_ = false;
  int step_ = 0;
  bool stopped_ = false;
};

}  // namespace trainlint
