// Causal transformer (width 32, two pre-norm layers) forecasting the next value of noisy sums of sinusoids.
#include "ops/embedding.hpp"
#include "ops/loss.hpp"
#include "proxies/all.hpp"
#include "proxies/sinusoids.hpp"
#include "proxies/supervised.hpp"
#include "proxies/transformer.hpp"

namespace trainlint {
namespace time_series_transformer_proxy {

constexpr int kLength = 32, kWidth = 32, kLayers = 2;

template <class Real>
class TimeSeriesTransformer : public Supervised<Real> {
 public:
  explicit TimeSeriesTransformer(const ProxySettings& settings) : Supervised<Real>(settings) {
    Program<Real>& program = this->program_;
    this->shape_ = {kLength, kLength, 0};
    this->input_ = program.tensor(kLength, 1, false);
    Tensor<Real>* x = addPositions(program, dense(program, this->input_, kWidth));
    BlockOptions block;
    block.causal = true;
    for (int layer = 0; layer < kLayers; layer++) x = transformerBlock(program, x, block);
    program.template add<SquaredError<Real>>(program, dense(program, layerNorm(program, x), 1));
    this->ready(16, 64);
  }

 protected:
  void makeExamples(Random& random, Examples& out, bool) override {
    for (int n = 0; n < out.count; n++)
      Sinusoids::sample(random, kLength, out.x.data() + n * kLength, out.y.data() + n * kLength);
  }
};

}  // namespace time_series_transformer_proxy

ProxyEntry timeSeriesTransformerProxy() {
  ProxyEntry entry = proxyEntry<time_series_transformer_proxy::TimeSeriesTransformer>("time-series-transformer", 8, false);
  entry.badBatches = true;
  return entry;
}

}  // namespace trainlint
