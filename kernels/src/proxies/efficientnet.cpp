// Tiny EfficientNet: stem and three mobile inverted bottlenecks (expansion 4, depthwise 3x3, squeeze-and-excitation,
// batch norm, SiLU).
#include "ops/activation.hpp"
#include "ops/add.hpp"
#include "ops/batch_norm.hpp"
#include "ops/dense.hpp"
#include "ops/gate.hpp"
#include "ops/pooling.hpp"
#include "proxies/all.hpp"
#include "proxies/image_classification.hpp"

namespace trainlint {
namespace efficientnet_proxy {

constexpr int kWidth = 8, kExpansion = 4;

template <class Real>
class EfficientNet : public ImageClassification<Real> {
 public:
  explicit EfficientNet(const ProxySettings& settings) : ImageClassification<Real>(settings) {
    Program<Real>& program = this->program_;
    Image<Real> x = convolution(program, this->image(), kWidth, {3, 1, 1, false});
    x.tensor = normSilu(x.tensor);
    x = bottleneck(x, kWidth, 1);
    x = bottleneck(x, 2 * kWidth, 2);
    x = bottleneck(x, 2 * kWidth, 1);
    this->classify(dense(program, meanRows(program, x.tensor), this->kClasses), 64);
  }

 private:
  Tensor<Real>* normSilu(Tensor<Real>* x) {
    return activation(this->program_, batchNorm(this->program_, x), Activation::silu);
  }

  Image<Real> bottleneck(Image<Real> x, int out, int stride) {
    Program<Real>& program = this->program_;
    const int in = x.channels();
    Image<Real> h = convolution(program, x, kExpansion * in, {1, 1, 0, false});
    h.tensor = normSilu(h.tensor);
    h = depthwise(program, h, {3, stride, 1, false});
    h.tensor = normSilu(h.tensor);
    // squeeze and excitation: a gate for every channel from the mean over the image
    Tensor<Real>* gate = dense(program, meanRows(program, h.tensor), in / 4 < 2 ? 2 : in / 4);
    gate = dense(program, activation(program, gate, Activation::silu), kExpansion * in);
    h.tensor = gateColumns(program, h.tensor, activation(program, gate, Activation::sigmoid));
    Image<Real> y = convolution(program, h, out, {1, 1, 0, false});
    y.tensor = batchNorm(program, y.tensor);
    if (stride == 1 && in == out) y.tensor = add(program, x.tensor, y.tensor);
    return y;
  }
};

}  // namespace efficientnet_proxy

ProxyEntry efficientnetProxy() { return proxyEntry<efficientnet_proxy::EfficientNet>("efficientnet", 16, true); }

}  // namespace trainlint
