// A tiny BERT, post-norm encoder (width 32, two layers), on Markov text. `bert-masked`: trained from random weights to
// find masked tokens, of a text whose second half repeats the first, so that attention pays. `bert`: pre-trained once per
// process by masks on a mixture of four sources, then fine-tuned to tell these apart (512 examples, a tenth of the labels
// replaced).
#include <cmath>

#include "ops/embedding.hpp"
#include "ops/loss.hpp"
#include "ops/pooling.hpp"
#include "proxies/all.hpp"
#include "proxies/markov.hpp"
#include "proxies/supervised.hpp"
#include "proxies/transformer.hpp"
#include "threads/thread.hpp"

namespace trainlint {
namespace bert_proxy {

constexpr int kWidth = 32, kLayers = 2, kLength = 25, kVocabulary = 32, kBranch = 8, kSources = 4, kRepeatedBranch = 4, kMask = kVocabulary;
constexpr int kFineTuningExamples = 512, kPretrainingSteps = 150, kPretrainingBatch = 16;
constexpr double kPretrainingRate = 3e-3, kLabelNoise = .1;
// What happens to a sequence: a share of the tokens is to be found; of these some are hidden, some replaced by a random
// token, the rest left as they are.
struct Masking {
  float found, hidden, replaced;
  bool repeats;         // one source, the second half of a sequence repeats the first
  double positionScale;  // standard deviation of the position table at the start
};
// What the fine-tuned proxy starts from; only that it knows the sources matters there.
constexpr Masking kPretrainingMasks{.2f, 1, 0, false, .02};
// 15 %, of these 80/10/10: Devlin et al. 2018, section 3.1.
constexpr Masking kBertMasks{.15f, .8f, .1f, true, .3};
// One language and one pre-trained model for all seeds: what varies is the fine-tuning, as with a real checkpoint.
constexpr uint64_t kLanguageSeed = 20190524;

template <class Real>
Tensor<Real>* encoder(Program<Real>& program, int idsPerExample, double drop, double positionScale = .02) {
  const Parameter table = program.parameter({kVocabulary + 1, kWidth}, {Fill::normal, .3});
  const Parameter positions = program.parameter({kLength, kWidth}, {Fill::normal, positionScale});
  Tensor<Real>* x = program.tensor(kLength, kWidth);
  program.template add<TokenEmbedding<Real>>(x, table, positions, idsPerExample);
  x = dropout(program, layerNorm(program, x), drop);
  BlockOptions block;
  block.dropout = drop;
  block.postNorm = true;
  for (int layer = 0; layer < kLayers; layer++) x = transformerBlock(program, x, block);
  return x;
}

std::vector<MarkovSource> sources(int count = kSources, int branch = kBranch) {
  Random task(kLanguageSeed, Stream::task);
  std::vector<MarkovSource> result;
  for (int s = 0; s < count; s++) result.emplace_back(task, kVocabulary, branch);
  return result;
}

/// ids: the masked sequence, then the token to find at each place of the mask (-1 elsewhere).
template <class Real>
class MaskedLanguageModel : public Supervised<Real> {
 public:
  explicit MaskedLanguageModel(const ProxySettings& settings, const Masking& masking = kBertMasks)
      : Supervised<Real>(settings),
        masking_(masking),
        sources_(masking.repeats ? sources(1, kRepeatedBranch) : sources()) {
    Program<Real>& program = this->program_;
    this->shape_ = {0, 0, 2 * kLength};
    Tensor<Real>* h = encoder(program, 2 * kLength, settings.dropout, masking.positionScale);
    encoderSize = program.layout.total;
    program.template add<CrossEntropy<Real>>(dense(program, h, kVocabulary), 2 * kLength, kLength);
    this->ready(32, 128);
  }
  size_t encoderSize = 0;

 protected:
  void makeExamples(Random& random, Examples& out, bool) override {
    for (int n = 0; n < out.count; n++) {
      int32_t* tokens = out.ids.data() + n * 2 * kLength;
      sources_[random.integer(uint32_t(sources_.size()))].sample(random, tokens, kLength, masking_.repeats);
      mask(random, tokens);
    }
  }

  /// Every pass over the data hides other tokens.
  void vary(Random& random, Examples& batch) override {
    for (int n = 0; n < batch.count; n++) {
      int32_t* tokens = batch.ids.data() + n * 2 * kLength;
      for (int t = 0; t < kLength; t++)
        if (tokens[kLength + t] >= 0) tokens[t] = tokens[kLength + t];
      mask(random, tokens);
    }
  }

 private:
  void mask(Random& random, int32_t* tokens) const {
    for (int t = 0; t < kLength; t++) {
      const bool found = random.uniform() < masking_.found;
      tokens[kLength + t] = found ? tokens[t] : -1;
      if (!found) continue;
      const float what = masking_.hidden < 1 ? random.uniform() : 0;
      if (what < masking_.hidden) tokens[t] = kMask;
      else if (what < masking_.hidden + masking_.replaced) tokens[t] = int32_t(random.integer(kVocabulary));
    }
  }

  const Masking masking_;
  std::vector<MarkovSource> sources_;
};

// The encoder's parameters after pre-training, kept for the process; empty before.
struct Pretrained {
  std::vector<float> weights;
  Mutex mutex;
};

Pretrained& pretrained() {
  static Pretrained kept;
  return kept;
}

std::vector<float> warmStart() {
  Pretrained& kept = pretrained();
  std::vector<float> weights;
  whileLocked(kept.mutex, [&] { weights = kept.weights; });
  return weights;
}

bool adoptWarmStart(std::vector<float> weights) {
  Program<float> layoutOnly;
  encoder(layoutOnly, kLength + 1, 0);
  if (weights.size() != layoutOnly.layout.total) return false;
  Pretrained& kept = pretrained();
  const Lock lock(kept.mutex);
  kept.weights = std::move(weights);
  return true;
}

// AdamW, linear warm-up and decay, clipping at 1. Whether it went through; when cancelled on the way, what there is.
bool pretrain(const std::atomic<bool>* cancelled, std::vector<float>& params) {
  ProxySettings settings;
  settings.seed = kLanguageSeed;
  settings.batchSize = kPretrainingBatch;
  MaskedLanguageModel<float> model(settings, kPretrainingMasks);
  OptimizerSpec spec;
  spec.kind = "adamw";
  spec.numbers["weightDecay"] = .01;
  const auto optimizer = createOptimizer<float>(spec, model.players()[0].layout);
  const ptrdiff_t n = ptrdiff_t(model.parameterCount());
  params.resize(static_cast<size_t>(n));
  std::vector<float> grads(params.size());
  model.initialise(params.data());
  bool whole = true;
  for (int step = 0; step < kPretrainingSteps && whole; step++) {
    model.drawBatch(uint64_t(step), 0, params.data());
    model.gradient(0, params.data(), grads.data(), true);
    const double norm = std::sqrt(kernels<float>().sumSquares(n, grads.data()));
    if (norm > 1) kernels<float>().scale(n, float(1 / norm), grads.data());
    const double warmup = std::min(1., (step + 1) / (.2 * kPretrainingSteps));
    optimizer->step(params.data(), grads.data(), kPretrainingRate * warmup * (1 - double(step) / kPretrainingSteps));
    whole = !cancelled || !cancelled->load(std::memory_order_relaxed);
  }
  params.resize(model.encoderSize);
  return whole;
}

std::vector<float> pretrainedEncoder(const std::atomic<bool>* cancelled) {
  Pretrained& kept = pretrained();
  std::vector<float> encoder;
  whileLocked(kept.mutex, [&] {
    if (!kept.weights.empty()) encoder = kept.weights;
    else if (pretrain(cancelled, encoder)) kept.weights = encoder;
  });
  return encoder;
}

/// ids: the sequence, then its source.
template <class Real>
class Bert : public Supervised<Real> {
 public:
  explicit Bert(const ProxySettings& settings) : Supervised<Real>(settings), sources_(sources()) {
    if (this->settings_.datasetSize == 0) this->settings_.datasetSize = kFineTuningExamples;
    Program<Real>& program = this->program_;
    this->shape_ = {0, 0, kLength + 1};
    Tensor<Real>* h = encoder(program, kLength + 1, settings.dropout);
    encoderSize_ = program.layout.total;
    DenseOptions head;
    head.weight = {Fill::normal, .02};
    head.biasFill = {Fill::constant, 0};
    program.template add<CrossEntropy<Real>>(dense(program, meanRows(program, h), kSources, head), kLength + 1, kLength);
    this->ready(32, 128);
  }

  void initialise(Real* params) override {
    Supervised<Real>::initialise(params);
    const std::vector<float> encoder = pretrainedEncoder(this->settings_.cancelled);
    std::copy_n(encoder.begin(), encoderSize_, params);
  }

 protected:
  void makeExamples(Random& random, Examples& out, bool clean) override {
    const double noise = clean ? 0 : this->labelNoise(kLabelNoise);
    for (int n = 0; n < out.count; n++) {
      int32_t* tokens = out.ids.data() + n * (kLength + 1);
      const uint32_t source = random.integer(kSources), given = random.integer(kSources);
      const bool wrong = random.uniform() < noise;
      sources_[source].sample(random, tokens, kLength, false);
      tokens[kLength] = int32_t(wrong ? given : source);
    }
  }

 private:
  std::vector<MarkovSource> sources_;
  size_t encoderSize_ = 0;
};

}  // namespace bert_proxy

ProxyEntry bertProxy() {
  ProxyEntry entry = proxyEntry<bert_proxy::Bert>("bert", 16, true);
  entry.dropout = true;
  entry.warmStart = bert_proxy::warmStart;
  entry.adoptWarmStart = bert_proxy::adoptWarmStart;
  return entry;
}

ProxyEntry bertMaskedProxy() {
  ProxyEntry entry = proxyEntry<bert_proxy::MaskedLanguageModel>("bert-masked", 16, false);
  entry.dropout = true;
  return entry;
}

}  // namespace trainlint
