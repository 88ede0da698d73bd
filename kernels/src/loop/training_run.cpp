#include "loop/training_run.hpp"

#include <algorithm>
#include <cmath>

#include "failure/failure.hpp"
#include "ops/kernels.hpp"

namespace trainlint {
namespace {

// What K-FAC factors here: dense layers. Its reference factors convolutions as well and leaves recurrent cells,
// embeddings and norms to SGD; a network of convolutions of which only the head is factored would be SGD by another name.
bool isFactorable(const Proxy<float>& proxy) {
  const std::vector<Segment>& segments = proxy.players()[0].layout.segments;
  size_t dense = 0, convolutions = 0;
  for (const LayerStatistics<float>& layer : proxy.denseLayers(0)) dense += segments[size_t(layer.weight)].size;
  for (const Segment& segment : segments)
    if (segment.ndim > 2) convolutions += segment.size;
  return dense > convolutions;
}

// Whether Sophia's other estimator is asked for: by the optimizer, the one inside, or one of a parameter group.
bool wantsHutchinson(const OptimizerSpec& spec) {
  const auto estimator = spec.words.find("estimator");
  if (estimator != spec.words.end() && estimator->second == "hutchinson") return true;
  if (spec.base && wantsHutchinson(*spec.base)) return true;
  return std::any_of(spec.groups.begin(), spec.groups.end(),
                     [](const ParameterGroup& group) { return wantsHutchinson(group.overrides); });
}

std::string factorableProxies() {
  ProxySettings layoutOnly;
  layoutOnly.batchSize = 0;
  std::string ids;
  for (const ProxyEntry& entry : proxyRegistry())
    if (isFactorable(*entry.makeFloat(layoutOnly))) ids += std::string(ids.empty() ? "" : ", ") + entry.id;
  return ids;
}

}  // namespace

TrainingRun::TrainingRun(const RunSpec& spec, const std::atomic<bool>& cancelled) : spec_(spec), cancelled_(cancelled) {}

void TrainingRun::prepare() {
  const ProxyEntry* entry = findProxy(spec_.proxy);
  if (!entry) refuse("unknown proxy: " + spec_.proxy);
  if (spec_.batchSize == 0) spec_.batchSize = entry->defaultBatchSize;
  if (spec_.learningRates.size() != size_t(spec_.steps))
    refuse("learningRates must have one entry per step");
  proxy_ = entry->makeFloat({spec_.seed, spec_.batchSize, spec_.datasetSize, spec_.labelNoise, spec_.steps,
                             spec_.accumulation, spec_.badBatchScale, spec_.dropout, &cancelled_});
  if (!proxy_->hasProbe()) spec_.probeEvery = 0;
  // A refusal must come now, not in the middle of the run.
  if (spec_.switchAt > 0) makeOptimizers(spec_.switchTo);
  makeOptimizers(spec_.optimizer);
  if (spec_.averageDecay >= 0) average_ = std::make_unique<WeightAverage>(spec_.averageDecay, spec_.averageWarmup);
  params_.resize(proxy_->parameterCount());
  grads_.resize(params_.size());
  previous_.resize(params_.size());
  if (spec_.accumulation > 1) microGrads_.resize(params_.size());
  proxy_->initialise(params_.data());
}

TrainingRun::~TrainingRun() = default;

void TrainingRun::makeOptimizers(const OptimizerSpec& spec) {
  optimizers_.clear();
  for (size_t i = 0; i < proxy_->players().size(); i++) {
    optimizers_.push_back(createOptimizer<float>(spec, proxy_->players()[i].layout));
    if (!optimizers_.back()->wantsLayerStatistics()) continue;
    if (!isFactorable(*proxy_))
      refuse(spec.kind + " factors dense layers, which the proxy " + spec_.proxy +
                                  " does not offer or hardly has; it takes " + factorableProxies());
    for (const LayerStatistics<float>& layer : proxy_->denseLayers(int(i)))
      optimizers_.back()->registerLayer(layer.weight, layer.bias);
  }
  hutchinson_ = wantsHutchinson(spec);
}

// Sophia's diagonal of the curvature on the current batch: the gradient on sampled labels, or u * (H u) for random
// signs u, H u by central differences of the gradient.
void TrainingRun::feedCurvature(int player, Optimizer<float>& optimizer) {
  Random random(spec_.seed, Stream::curvature, uint64_t(step_));
  const size_t offset = proxy_->players()[size_t(player)].offset, n = proxy_->players()[size_t(player)].layout.total;
  std::vector<float> estimate(params_.size());
  if (!hutchinson_) {
    proxy_->sampledGradient(player, params_.data(), estimate.data(), random);
    optimizer.updateCurvature(estimate.data() + offset);
    return;
  }
  constexpr float step = 1e-3f;
  std::vector<float> moved(params_), below(params_.size()), signs(n);
  for (float& sign : signs) sign = random.bits() & 1 ? 1.f : -1.f;
  for (size_t i = 0; i < n; i++) moved[offset + i] = params_[offset + i] + step * signs[i];
  proxy_->gradient(player, moved.data(), estimate.data(), false);
  for (size_t i = 0; i < n; i++) moved[offset + i] = params_[offset + i] - step * signs[i];
  proxy_->gradient(player, moved.data(), below.data(), false);
  for (size_t i = 0; i < n; i++)
    estimate[offset + i] = signs[i] * (estimate[offset + i] - below[offset + i]) / (2 * step);
  optimizer.updateCurvature(estimate.data() + offset);
}

void TrainingRun::feedLayerStatistics(int player, Optimizer<float>& optimizer) {
  int index = 0;
  for (const LayerStatistics<float>& layer : proxy_->denseLayers(player))
    optimizer.layerStatistics(index++, layer.inputs, layer.outputGrads, layer.rows);
}

size_t TrainingRun::stateBytes() const {
  size_t total = 0;
  for (const auto& optimizer : optimizers_) total += optimizer->stateBytes();
  return total;
}

// Mean loss and gradient over the micro-batches of the current step.
double TrainingRun::accumulateGradient(int player, const float* params, float* grads, bool firstPass) {
  const int parts = spec_.accumulation;
  double loss = 0;
  for (int micro = 0; micro < parts; micro++) {
    // With one micro-batch the batch of the first pass is still there.
    if (firstPass || parts > 1)
      proxy_->drawBatch(uint64_t(step_) * uint64_t(parts) + uint64_t(micro), player, params);
    float* into = micro == 0 ? grads : microGrads_.data();
    loss += proxy_->gradient(player, params, into, firstPass);
    if (micro > 0) kernels<float>().accumulate(ptrdiff_t(params_.size()), into, grads);
  }
  if (parts > 1) kernels<float>().scale(ptrdiff_t(params_.size()), 1.f / float(parts), grads);
  return loss / parts;
}

// Clips as torch.nn.utils does: values first, then norm * min(1, limit / (norm + 1e-6)). Returns the norm before both.
double TrainingRun::clip(const Player& player, float* grads) const {
  const Kernels<float>& k = kernels<float>();
  const ptrdiff_t n = ptrdiff_t(player.layout.total);
  const double before = std::sqrt(k.sumSquares(n, grads));
  double norm = before;
  if (spec_.clipValue > 0) {
    k.clamp(n, float(spec_.clipValue), grads);
    if (spec_.clipNorm > 0) norm = std::sqrt(k.sumSquares(n, grads));
  }
  if (spec_.clipNorm > 0) {
    const double factor = spec_.clipNorm / (norm + 1e-6);
    // A NaN norm makes every element NaN, as in PyTorch.
    if (!(factor >= 1)) k.scale(n, float(factor), grads);
  }
  return before;
}

// Loss and clipped gradient of one player at other parameters, for optimizers that ask for more.
struct TrainingRun::BatchClosure : Closure<float> {
  BatchClosure(TrainingRun& run, int player) : run(run), player(player), all(run.params_), grads(run.params_.size()) {}
  double evaluate(const float* params, float* out) override {
    const Player& p = run.proxy_->players()[size_t(player)];
    std::copy_n(params, p.layout.total, all.begin() + ptrdiff_t(p.offset));
    const double loss = run.accumulateGradient(player, all.data(), grads.data(), false);
    run.clip(p, grads.data() + p.offset);
    std::copy_n(grads.begin() + ptrdiff_t(p.offset), p.layout.total, out);
    return loss;
  }
  TrainingRun& run;
  int player;
  std::vector<float> all, grads;
};

double TrainingRun::validate() {
  const bool averaged = average_ && !average_->weights().empty();
  return proxy_->validationLoss(averaged ? average_->weights().data() : params_.data(), cancelled_);
}

void TrainingRun::probe(StepRecord& record) {
  record.probeLoss = proxy_->probeLoss(params_.data());
  record.hasProbe = true;
  record.deadUnits = proxy_->deadUnits();
  record.hasDeadUnits = !std::isnan(record.deadUnits);
}

StepRecord TrainingRun::measureStart() {
  StepRecord record;
  if (spec_.probeEvery > 0) probe(record);
  if (spec_.validateEvery > 0) {
    record.valLoss = validate();
    record.hasValidation = !cancelled_.load();
  }
  return record;
}

void TrainingRun::measure(StepRecord& record, bool atEnd) {
  if (spec_.probeEvery > 0 && (step_ % spec_.probeEvery == 0 || atEnd)) probe(record);
  if (spec_.validateEvery > 0 && (step_ % spec_.validateEvery == 0 || atEnd)) {
    record.valLoss = validate();
    record.hasValidation = !cancelled_.load();
  }
}

StepRecord TrainingRun::next() {
  const Kernels<float>& k = kernels<float>();
  if (spec_.switchAt == step_ + 1) makeOptimizers(spec_.switchTo);
  StepRecord record;
  record.lr = spec_.learningRates[size_t(step_)];
  double gradSquares = 0, updateSquares = 0, paramSquares = 0;
  const std::vector<Player>& players = proxy_->players();
  for (size_t i = 0; i < players.size(); i++) {
    const Player& player = players[i];
    const ptrdiff_t n = ptrdiff_t(player.layout.total);
    float* params = params_.data() + player.offset;
    float* grads = grads_.data() + player.offset;
    // The last player's loss is the step's loss; the others report theirs as metrics.
    record.loss = accumulateGradient(int(i), params_.data(), grads_.data(), true);
    const double norm = clip(player, grads);
    gradSquares += norm * norm;
    if (optimizers_[i]->wantsLayerStatistics()) feedLayerStatistics(int(i), *optimizers_[i]);
    if (optimizers_[i]->wantsCurvature()) feedCurvature(int(i), *optimizers_[i]);
    std::copy_n(params, n, previous_.begin());
    if (optimizers_[i]->needsClosure()) {
      BatchClosure closure(*this, int(i));
      optimizers_[i]->stepWithClosure(params, grads, record.loss, record.lr, closure);
    } else {
      optimizers_[i]->step(params, grads, record.lr);
    }
    updateSquares += k.sumSquaredDifferences(n, params, previous_.data());
    paramSquares += k.sumSquares(n, previous_.data());
  }
  if (average_) average_->update(params_);
  step_++;
  record.step = step_;
  record.gradNorm = std::sqrt(gradSquares);
  record.updateRatio = std::sqrt(updateSquares) / std::sqrt(paramSquares);
  record.metrics = proxy_->metrics();
  const bool finite = std::isfinite(record.loss) && std::isfinite(record.gradNorm);
  if (!finite && !spec_.continueWhenNonFinite) stopped_ = true;
  measure(record, stopped_ || step_ == spec_.steps);
  if (record.hasProbe && !std::isfinite(record.probeLoss) && !spec_.continueWhenNonFinite) stopped_ = true;
  return record;
}

}  // namespace trainlint
