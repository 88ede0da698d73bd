// Deep click prediction on dense features: sixteen numbers, some of them heavy-tailed, through a ReLU MLP 64-32
// without normalisation, as in DLRM (Naumov et al. 2019). Truth: linear terms and pairwise products.
#include "ops/activation.hpp"
#include "ops/dense.hpp"
#include "ops/loss.hpp"
#include "proxies/all.hpp"
#include "proxies/supervised.hpp"
#include "simd/math.hpp"

namespace trainlint {
namespace dense_recommender_proxy {

constexpr int kFeatures = 16, kHeavy = 4, kPairs = 8;

template <class Real>
class DenseRecommender : public Supervised<Real> {
 public:
  explicit DenseRecommender(const ProxySettings& settings) : Supervised<Real>(settings) {
    Program<Real>& program = this->program_;
    this->shape_ = {kFeatures, 1, 0};
    this->input_ = program.tensor(1, kFeatures, false);
    Tensor<Real>* h = this->input_;
    for (const int width : {64, 32})
      h = activation(program, dense(program, h, width), Activation::relu);
    program.template add<LogisticLoss<Real>>(program, dense(program, h, 1));
    Random task(settings.seed, Stream::task);
    task.fillNormal(linear_, kFeatures);
    task.fillNormal(product_, kPairs);
    for (int p = 0; p < kPairs; p++) {
      pair_[p][0] = int(task.integer(kFeatures));
      pair_[p][1] = int(task.integer(kFeatures));
    }
    this->ready(256, 1024);
  }

 protected:
  void makeExamples(Random& random, Examples& out, bool) override {
    random.fillNormal(out.x.data(), out.x.size());
    for (int n = 0; n < out.count; n++) {
      float* x = out.x.data() + n * kFeatures;
      float z = 0;
      for (int f = 0; f < kFeatures; f++) z += .4f * linear_[f] * x[f];
      for (int p = 0; p < kPairs; p++) z += .8f * product_[p] * x[pair_[p][0]] * x[pair_[p][1]];
      out.y[size_t(n)] = random.uniform() < portable::logistic(z) ? 1.f : 0.f;
      // counts and prices come with long tails
      for (int f = 0; f < kHeavy; f++) x[f] = portable::exponential(x[f]);
    }
  }

 private:
  float linear_[kFeatures], product_[kPairs];
  int pair_[kPairs][2];
};

}  // namespace dense_recommender_proxy

ProxyEntry denseRecommenderProxy() { return proxyEntry<dense_recommender_proxy::DenseRecommender>("dense-recommender", 128, false); }

}  // namespace trainlint
