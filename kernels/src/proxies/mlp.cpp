// On-device multilayer perceptron 16-32-32-1 with tanh: regression of a smooth function of badly scaled inputs
// (condition number 30) with noise.
#include "ops/activation.hpp"
#include "ops/dense.hpp"
#include "ops/loss.hpp"
#include "proxies/all.hpp"
#include "proxies/supervised.hpp"
#include "simd/math.hpp"

namespace trainlint {
namespace mlp_proxy {

constexpr int kInputs = 16, kFeatures = 8, kHidden = 32;
constexpr double kCondition = 30;
constexpr float kNoise = .3f;

template <class Real>
class Mlp : public Supervised<Real> {
 public:
  explicit Mlp(const ProxySettings& settings) : Supervised<Real>(settings) {
    Program<Real>& program = this->program_;
    this->shape_ = {kInputs, 1, 0};
    this->input_ = program.tensor(1, kInputs, false);
    Tensor<Real>* h = this->input_;
    for (int layer = 0; layer < 2; layer++) h = activation(program, dense(program, h, kHidden), Activation::tanh);
    program.template add<SquaredError<Real>>(program, dense(program, h, 1));

    Random task(settings.seed, Stream::task);
    task.fillNormal(direction_, kInputs * kFeatures);
    task.fillNormal(height_, kFeatures);
    for (int i = 0; i < kInputs; i++)
      scale_[i] = 2 * float(portable::exponential(-.5 * portable::logarithm(kCondition) * i / (kInputs - 1)));
    this->ready(128, 512);
  }

 protected:
  // y = sum of height sin(1.5 direction . z) + noise; the network sees z scaled by feature.
  void makeExamples(Random& random, Examples& out, bool clean) override {
    random.fillNormal(out.x.data(), out.x.size());
    random.fillNormal(out.y.data(), out.y.size());
    for (int n = 0; n < out.count; n++) {
      float* z = out.x.data() + n * kInputs;
      float value = 0;
      for (int f = 0; f < kFeatures; f++) {
        float angle = 0;
        for (int i = 0; i < kInputs; i++) angle += z[i] * direction_[i * kFeatures + f];
        const float turns = angle * (1.5f / 4 / 6.28318531f);
        float sine, cosine;
        portable::sineCosineTurns(turns - float(int(turns)), sine, cosine);
        value += .5f * height_[f] * sine;
      }
      out.y[size_t(n)] = clean ? value : value + kNoise * out.y[size_t(n)];
      for (int i = 0; i < kInputs; i++) z[i] *= scale_[i];
    }
  }

 private:
  float direction_[kInputs * kFeatures], height_[kFeatures], scale_[kInputs];
};

}  // namespace mlp_proxy

ProxyEntry mlpProxy() { return proxyEntry<mlp_proxy::Mlp>("mlp", 64, false); }

}  // namespace trainlint
