// Tiny ResNet: stem and three basic blocks of 8, 16 and 32 channels with batch norm, global average pooling.
#include "ops/activation.hpp"
#include "ops/add.hpp"
#include "ops/batch_norm.hpp"
#include "ops/dense.hpp"
#include "ops/pooling.hpp"
#include "proxies/all.hpp"
#include "proxies/image_classification.hpp"

namespace trainlint {
namespace resnet_proxy {

constexpr int kWidth = 8;

template <class Real>
class Resnet : public ImageClassification<Real> {
 public:
  explicit Resnet(const ProxySettings& settings) : ImageClassification<Real>(settings) {
    Program<Real>& program = this->program_;
    Image<Real> x = convolutionNorm(this->image(), kWidth, {3, 1, 1, false});
    x.tensor = activation(program, x.tensor, Activation::relu);
    x = block(x, kWidth, 1);
    x = block(x, 2 * kWidth, 2);
    x = block(x, 4 * kWidth, 2);
    this->classify(dense(program, meanRows(program, x.tensor), this->kClasses));
  }

 private:
  Image<Real> convolutionNorm(Image<Real> x, int out, ConvolutionOptions options) {
    Image<Real> y = convolution(this->program_, x, out, options);
    y.tensor = batchNorm(this->program_, y.tensor);
    return y;
  }

  Image<Real> block(Image<Real> x, int out, int stride) {
    Program<Real>& program = this->program_;
    Image<Real> y = convolutionNorm(x, out, {3, stride, 1, false});
    y.tensor = activation(program, y.tensor, Activation::relu);
    y = convolutionNorm(y, out, {3, 1, 1, false});
    const bool same = stride == 1 && x.channels() == out;
    const Image<Real> shortcut = same ? x : convolutionNorm(x, out, {1, stride, 0, false});
    y.tensor = activation(program, add(program, y.tensor, shortcut.tensor), Activation::relu);
    return y;
  }
};

}  // namespace resnet_proxy

ProxyEntry resnetProxy() { return proxyEntry<resnet_proxy::Resnet>("resnet", 16, true); }

}  // namespace trainlint
