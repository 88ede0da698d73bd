// The C++ twin of js/run-spec.ts.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "optim/optimizer.hpp"

namespace trainlint {

struct RunSpec {
  std::string proxy;
  OptimizerSpec optimizer;
  /// Another optimizer from this step (1-based) on; 0: never.
  int switchAt = 0;
  OptimizerSpec switchTo;
  std::vector<double> learningRates;  // one per step
  int steps = 0;
  int batchSize = 0;  // 0: the proxy's own
  int accumulation = 1;
  double clipNorm = 0, clipValue = 0;  // 0: none
  double averageDecay = -1;  // of a moving average of the weights, in [0, 1); below 0: none
  bool averageWarmup = false;
  double dropout = 0;  // share of the activations dropped in training
  uint64_t seed = 0;
  int datasetSize = 0;      // 0: stream
  double labelNoise = -1;   // below 0: the proxy's own
  double badBatchScale = 1;  // factor on two examples of the batches at 15, 35 and 60 % of the run
  int probeEvery = 0, validateEvery = 0;  // 0: never
  bool continueWhenNonFinite = false;
};

struct StepRecord {
  int step = 0;
  double loss = 0, gradNorm = 0, lr = 0, updateRatio = 0;
  bool hasProbe = false, hasValidation = false, hasDeadUnits = false;
  double probeLoss = 0, valLoss = 0, deadUnits = 0;
  std::vector<double> metrics;
};

}  // namespace trainlint
