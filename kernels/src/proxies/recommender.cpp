// Click prediction with embeddings: 2000 users and 2000 items of width 8 whose ids follow a power law (Zipf 1.1), a
// small MLP over [user, item, user * item]. Truth: a latent-factor model with item biases.
#include "ops/activation.hpp"
#include "ops/dense.hpp"
#include "ops/loss.hpp"
#include "proxies/all.hpp"
#include "proxies/supervised.hpp"
#include "simd/math.hpp"

namespace trainlint {
namespace recommender_proxy {

constexpr int kUsers = 2000, kItems = 2000, kWidth = 8, kFactors = 4;
constexpr double kZipf = 1.1;

/// y[b] = [u, i, u * i] for the user ids[b, 0] and the item ids[b, 1]. Only the rows in the batch get a gradient.
template <class Real>
class PairEmbedding : public Layer<Real> {
 public:
  PairEmbedding(Tensor<Real>* y, Parameter users, Parameter items) : y_(y), users_(users), items_(items) {}
  void forward(Pass<Real>& p) override {
    for (int b = 0; b < p.batch; b++) {
      const Real* u = p.params + users_.offset + ptrdiff_t(p.ids[2 * b]) * kWidth;
      const Real* i = p.params + items_.offset + ptrdiff_t(p.ids[2 * b + 1]) * kWidth;
      Real* y = y_->value + ptrdiff_t(b) * 3 * kWidth;
      for (int k = 0; k < kWidth; k++) {
        y[k] = u[k];
        y[kWidth + k] = i[k];
        y[2 * kWidth + k] = u[k] * i[k];
      }
    }
  }
  void backward(Pass<Real>& p) override {
    for (int b = 0; b < p.batch; b++) {
      const ptrdiff_t user = ptrdiff_t(users_.offset) + ptrdiff_t(p.ids[2 * b]) * kWidth;
      const ptrdiff_t item = ptrdiff_t(items_.offset) + ptrdiff_t(p.ids[2 * b + 1]) * kWidth;
      const Real* d = y_->grad + ptrdiff_t(b) * 3 * kWidth;
      for (int k = 0; k < kWidth; k++) {
        p.grads[user + k] += d[k] + d[2 * kWidth + k] * p.params[item + k];
        p.grads[item + k] += d[kWidth + k] + d[2 * kWidth + k] * p.params[user + k];
      }
    }
  }

 private:
  Tensor<Real>* y_;
  Parameter users_, items_;
};

template <class Real>
class Recommender : public Supervised<Real> {
 public:
  explicit Recommender(const ProxySettings& settings) : Supervised<Real>(settings) {
    Program<Real>& program = this->program_;
    this->shape_ = {0, 1, 2};
    // Segment group 1: the tables, which an optimizer with parameter groups can treat apart.
    const Parameter users = program.parameter({kUsers, kWidth}, {Fill::normal, .05}, true, 1);
    const Parameter items = program.parameter({kItems, kWidth}, {Fill::normal, .05}, true, 1);
    Tensor<Real>* h = program.tensor(1, 3 * kWidth);
    program.template add<PairEmbedding<Real>>(h, users, items);
    h = activation(program, dense(program, h, 32), Activation::relu);
    h = activation(program, dense(program, h, 16), Activation::relu);
    program.template add<LogisticLoss<Real>>(program, dense(program, h, 1));

    Random task(settings.seed, Stream::task);
    userFactors_.resize(kUsers * kFactors);
    itemFactors_.resize(kItems * kFactors);
    itemBias_.resize(kItems);
    task.fillNormal(userFactors_.data(), userFactors_.size());
    task.fillNormal(itemFactors_.data(), itemFactors_.size());
    task.fillNormal(itemBias_.data(), itemBias_.size());
    double total = 0;
    for (int i = 1; i <= kUsers; i++) {
      total += portable::exponential(-kZipf * portable::logarithm(double(i)));
      popularity_.push_back(float(total));
    }
    this->ready(256, 1024);
  }

 protected:
  void makeExamples(Random& random, Examples& out, bool) override {
    for (int n = 0; n < out.count; n++) {
      const uint32_t user = random.choose(popularity_.data(), kUsers), item = random.choose(popularity_.data(), kItems);
      float z = itemBias_[item] - .5f;
      for (int f = 0; f < kFactors; f++) z += userFactors_[user * kFactors + f] * itemFactors_[item * kFactors + f];
      out.ids[size_t(2 * n)] = int32_t(user);
      out.ids[size_t(2 * n + 1)] = int32_t(item);
      out.y[size_t(n)] = random.uniform() < portable::logistic(z) ? 1.f : 0.f;
    }
  }

 private:
  std::vector<float> userFactors_, itemFactors_, itemBias_, popularity_;
};

}  // namespace recommender_proxy

ProxyEntry recommenderProxy() { return proxyEntry<recommender_proxy::Recommender>("recommender", 256, false); }

}  // namespace trainlint
