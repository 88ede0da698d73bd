// Tiny U-Net: two levels down and up with skip connections, 8 to 32 channels, on 16x16 images of discs over texture.
// Loss: binary cross-entropy plus Dice.
#include "ops/activation.hpp"
#include "ops/pooling.hpp"
#include "ops/upsample.hpp"
#include "proxies/all.hpp"
#include "proxies/smooth_field.hpp"
#include "proxies/supervised.hpp"
#include "simd/math.hpp"

namespace trainlint {
namespace unet_proxy {

constexpr int kSide = 16, kPixels = kSide * kSide, kWidth = 8, kDiscs = 2;
constexpr float kContrast = 1.2f, kTexture = .5f, kNoise = .6f;

/// Mean binary cross-entropy + 1 - (2 sum(p t) + 1) / (sum(p) + sum(t) + 1), sums over the whole batch.
template <class Real>
class MaskLoss : public Layer<Real> {
 public:
  MaskLoss(Program<Real>& program, Tensor<Real>* x) : x_(x) {
    program.buffer(&targets_, size_t(x->perExample()));
    program.buffer(&probability_, size_t(x->perExample()));
  }
  std::vector<Tensor<Real>*> inputs() override { return {x_}; }
  void forward(Pass<Real>& p) override {
    const ptrdiff_t n = p.batch * x_->perExample();
    for (ptrdiff_t i = 0; i < n; i++) targets_[i] = Real(p.targets[i]);
    p.k.activate(Activation::sigmoid, Real(0), n, x_->value, probability_, nullptr);
    double both = 0, either = 1;
    for (ptrdiff_t i = 0; i < n; i++) {
      both += double(probability_[i]) * double(targets_[i]);
      either += double(probability_[i]) + double(targets_[i]);
    }
    const double dice = (2 * both + 1) / either;
    Real* grad = p.wantGradients ? x_->grad : nullptr;
    p.loss += p.k.logisticLoss(n, x_->value, targets_, Real(1), Real(1) / Real(n), grad) / double(n) + 1 - dice;
    if (!grad) return;
    const Real whole = Real(dice / either), twice = Real(2 / either);
    for (ptrdiff_t i = 0; i < n; i++) {
      const Real s = probability_[i];
      grad[i] += (whole - twice * targets_[i]) * (s * (Real(1) - s));
    }
  }

 private:
  Tensor<Real>* x_;
  Real *targets_ = nullptr, *probability_ = nullptr;
};

template <class Real>
class Unet : public Supervised<Real> {
 public:
  explicit Unet(const ProxySettings& settings) : Supervised<Real>(settings) {
    Program<Real>& program = this->program_;
    this->shape_ = {kPixels, kPixels, 0};
    this->input_ = program.tensor(kPixels, 1, false);
    const Image<Real> a = pair({this->input_, kSide, kSide}, kWidth);
    const Image<Real> b = pair(maxPool(program, a), 2 * kWidth);
    const Image<Real> c = pair(maxPool(program, b), 4 * kWidth);
    const Image<Real> d = pair(concatenate(program, transposedConvolution(program, c, 2 * kWidth), b), 2 * kWidth);
    const Image<Real> e = pair(concatenate(program, transposedConvolution(program, d, kWidth), a), kWidth);
    program.template add<MaskLoss<Real>>(program, convolution(program, e, 1, {1, 1, 0, true}).tensor);
    this->ready(16, 64);
  }

 protected:
  void makeExamples(Random& random, Examples& out, bool) override {
    random.fillNormal(out.x.data(), out.x.size());
    for (int n = 0; n < out.count; n++) {
      float* x = out.x.data() + n * kPixels;
      float* mask = out.y.data() + n * kPixels;
      std::fill_n(mask, kPixels, 0.f);
      for (int disc = 0; disc < kDiscs; disc++) {
        const float cy = 16 * random.uniform(), cx = 16 * random.uniform(), r = 2 + 3 * random.uniform();
        for (int i = 0; i < kPixels; i++) {
          const float dy = float(i / kSide) - cy, dx = float(i % kSide) - cx;
          if (dy * dy + dx * dx < r * r) mask[i] = 1;
        }
      }
      const std::vector<float> texture = smoothField(random, 5, kSide);
      for (int i = 0; i < kPixels; i++) x[i] = kContrast * mask[i] + kTexture * texture[size_t(i)] + kNoise * x[i];
    }
  }

 private:
  Image<Real> pair(Image<Real> x, int out) {
    for (int i = 0; i < 2; i++) {
      x = convolution(this->program_, x, out, {3, 1, 1, true, true});  // initialised as in the U-Net paper
      x.tensor = activation(this->program_, x.tensor, Activation::relu);
    }
    return x;
  }
};

}  // namespace unet_proxy

ProxyEntry unetProxy() { return proxyEntry<unet_proxy::Unet>("unet", 8, false); }

}  // namespace trainlint
