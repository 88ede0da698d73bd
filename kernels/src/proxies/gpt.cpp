// Tiny GPT: pre-norm decoder, width 32, two layers, two heads, context 32, vocabulary 32, head tied to the embedding.
// Data: a first-order Markov chain whose second half repeats the first.
#include <cmath>

#include "ops/embedding.hpp"
#include "ops/loss.hpp"
#include "proxies/all.hpp"
#include "proxies/markov.hpp"
#include "proxies/supervised.hpp"
#include "proxies/transformer.hpp"

namespace trainlint {
namespace gpt_proxy {

constexpr int kWidth = 32, kLayers = 2, kContext = 32, kVocabulary = 32, kBranch = 4;
constexpr double kGain = .6;

template <class Real>
class Gpt : public Supervised<Real> {
 public:
  explicit Gpt(const ProxySettings& settings)
      : Supervised<Real>(settings), source_(makeSource(settings.seed)) {
    Program<Real>& program = this->program_;
    this->shape_ = {0, 0, kContext + 1};
    const Parameter table = program.parameter({kVocabulary, kWidth}, {Fill::normal, .02});
    const Parameter positions = program.parameter({kContext, kWidth}, {Fill::normal, kGain / std::sqrt(double(kWidth))});
    Tensor<Real>* x = program.tensor(kContext, kWidth);
    program.template add<TokenEmbedding<Real>>(x, table, positions, kContext + 1);
    x = dropout(program, x, settings.dropout);
    BlockOptions block;
    block.dropout = settings.dropout;
    block.causal = true;
    block.weightGain = kGain;
    for (int layer = 0; layer < kLayers; layer++) x = transformerBlock(program, x, block);
    Tensor<Real>* logits = program.tensor(kContext, kVocabulary);
    program.template add<TiedHead<Real>>(program, layerNorm(program, x), logits, table);
    program.template add<CrossEntropy<Real>>(logits, kContext + 1, 1);
    this->ready(16, 64);
  }

 protected:
  void makeExamples(Random& random, Examples& out, bool) override {
    for (int n = 0; n < out.count; n++) source_.sample(random, out.ids.data() + n * (kContext + 1), kContext + 1, true);
  }

 private:
  static MarkovSource makeSource(uint64_t seed) {
    Random task(seed, Stream::task);
    return MarkovSource(task, kVocabulary, kBranch);
  }
  MarkovSource source_;
};

}  // namespace gpt_proxy

ProxyEntry gptProxy() {
  ProxyEntry entry = proxyEntry<gpt_proxy::Gpt>("gpt", 8, false);
  entry.dropout = true;
  return entry;
}

}  // namespace trainlint
