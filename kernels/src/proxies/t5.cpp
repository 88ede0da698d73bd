// Tiny T5: one encoder and one decoder layer of width 32 with cross-attention, RMS norm before each part, ReLU
// feed-forward, no biases, one embedding table for both sides and the head. Task: translate twelve tokens of a Markov
// source word by word through a fixed dictionary.
#include <cmath>

#include "ops/activation.hpp"
#include "ops/add.hpp"
#include "ops/attention.hpp"
#include "ops/dropout.hpp"
#include "ops/embedding.hpp"
#include "ops/loss.hpp"
#include "ops/rms_norm.hpp"
#include "proxies/all.hpp"
#include "proxies/markov.hpp"
#include "proxies/supervised.hpp"

namespace trainlint {
namespace t5_proxy {

constexpr int kWidth = 32, kHeads = 2, kExpansion = 4, kLength = 12, kWords = 32, kStart = kWords, kBranch = 4;
constexpr float kNoise = .1f;  // share of the target's words drawn at random: the loss has a floor above zero
constexpr double kGain = .6, kEmbedding = .1;

/// ids: source, decoder input (the target shifted right), target.
template <class Real>
class T5 : public Supervised<Real> {
 public:
  explicit T5(const ProxySettings& settings) : Supervised<Real>(settings), source_(makeSource(settings.seed)) {
    dictionary_ = Random(settings.seed, Stream::task, 1).permutation(kWords);
    Program<Real>& program = this->program_;
    this->shape_ = {0, 0, 3 * kLength};
    const Parameter table = program.parameter({kWords + 1, kWidth}, {Fill::normal, kEmbedding});
    const Parameter positions = program.parameter({kLength, kWidth}, {Fill::normal, kEmbedding});
    Tensor<Real>* x = program.tensor(kLength, kWidth);
    program.template add<TokenEmbedding<Real>>(x, table, positions, 3 * kLength);
    const auto join = [&](Tensor<Real>* to, Tensor<Real>* branch) {
      return add(program, to, dropout(program, branch, settings.dropout));
    };
    x = dropout(program, x, settings.dropout);
    x = join(x, selfAttention(program, rmsNorm(program, x), kHeads, false, plain(kWidth)));
    x = join(x, feedForward(rmsNorm(program, x)));
    Tensor<Real>* memory = rmsNorm(program, x);

    Tensor<Real>* y = program.tensor(kLength, kWidth);
    program.template add<TokenEmbedding<Real>>(y, table, positions, 3 * kLength, kLength);
    y = dropout(program, y, settings.dropout);
    y = join(y, selfAttention(program, rmsNorm(program, y), kHeads, true, plain(kWidth)));
    y = join(y, crossAttention(program, rmsNorm(program, y), memory, kHeads, plain(kWidth)));
    y = join(y, feedForward(rmsNorm(program, y)));
    Tensor<Real>* logits = program.tensor(kLength, kWords + 1);
    program.template add<TiedHead<Real>>(program, rmsNorm(program, y), logits, table);
    program.template add<CrossEntropy<Real>>(logits, 3 * kLength, 2 * kLength);
    this->ready(32, 128);
  }

 protected:
  void makeExamples(Random& random, Examples& out, bool) override {
    for (int n = 0; n < out.count; n++) {
      int32_t* source = out.ids.data() + n * 3 * kLength;
      int32_t* shifted = source + kLength;
      int32_t* target = shifted + kLength;
      source_.sample(random, source, kLength, false);
      for (int t = 0; t < kLength; t++) {
        const int32_t any = int32_t(random.integer(kWords));
        target[t] = random.uniform() < kNoise ? any : int32_t(dictionary_[size_t(source[t])]);
        shifted[t] = t == 0 ? kStart : target[t - 1];
      }
    }
  }

 private:
  static MarkovSource makeSource(uint64_t seed) {
    Random task(seed, Stream::task);
    return MarkovSource(task, kWords, kBranch);
  }
  static DenseOptions plain(int in) {
    DenseOptions options;
    options.bias = false;
    options.weight = {Fill::normal, kGain / std::sqrt(double(in))};
    return options;
  }
  Tensor<Real>* feedForward(Tensor<Real>* x) {
    Program<Real>& program = this->program_;
    Tensor<Real>* h = activation(program, dense(program, x, kExpansion * kWidth, plain(kWidth)), Activation::relu);
    return dense(program, h, kWidth, plain(kExpansion * kWidth));
  }
  MarkovSource source_;
  std::vector<uint32_t> dictionary_;
};

}  // namespace t5_proxy

ProxyEntry t5Proxy() {
  ProxyEntry entry = proxyEntry<t5_proxy::T5>("t5", 16, false);
  entry.dropout = true;
  return entry;
}

}  // namespace trainlint
