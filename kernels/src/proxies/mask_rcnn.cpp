// Plain CNN without normalisation (16, 32, 32 channels): the analogue of a detector's backbone with frozen batch norm.
#include "ops/activation.hpp"
#include "ops/dense.hpp"
#include "ops/pooling.hpp"
#include "proxies/all.hpp"
#include "proxies/image_classification.hpp"

namespace trainlint {
namespace mask_rcnn_proxy {

constexpr int kWidth = 16, kHidden = 64;

template <class Real>
class PlainCnn : public ImageClassification<Real> {
 public:
  explicit PlainCnn(const ProxySettings& settings) : ImageClassification<Real>(settings) {
    Program<Real>& program = this->program_;
    Image<Real> x = maxPool(program, layer(this->image(), kWidth));
    x = maxPool(program, layer(x, 2 * kWidth));
    x = layer(x, 2 * kWidth);
    Tensor<Real>* flat = program.view(x.tensor, 1, x.height * x.width * x.channels());
    Tensor<Real>* h = activation(program, dense(program, flat, kHidden), Activation::relu);
    this->classify(dense(program, h, this->kClasses));
  }

 private:
  Image<Real> layer(Image<Real> x, int out) {
    Image<Real> y = convolution(this->program_, x, out);
    y.tensor = activation(this->program_, y.tensor, Activation::relu);
    return y;
  }
};

}  // namespace mask_rcnn_proxy

ProxyEntry maskRcnnProxy() { return proxyEntry<mask_rcnn_proxy::PlainCnn>("mask-rcnn", 16, true); }

}  // namespace trainlint
