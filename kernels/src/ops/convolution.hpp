// Convolution layers. Images are tensors with rows = height * width and columns = channels; Image keeps the height
// and width beside. Weights have torch.nn.Conv2d's shape [out, in, k, k].
#pragma once

#include <algorithm>
#include <cmath>

#include "program/program.hpp"

namespace trainlint {

template <class Real>
struct Image {
  Tensor<Real>* tensor = nullptr;
  int height = 0, width = 0;
  int channels() const { return tensor->columns; }
};

struct ConvolutionOptions {
  int kernel = 3, stride = 1, padding = 1;
  bool bias = true;
  bool heNormal = false;  // weights normal with variance 2 / (in * k * k) (He et al. 2015), biases zero
};

/// PyTorch's default: uniform within 1/sqrt(in * k * k) for weight and bias.
inline Initializer convolutionFill(int fanIn) { return {Fill::uniform, 1 / std::sqrt(double(fanIn))}; }

template <class Real>
class Convolution : public Layer<Real> {
 public:
  Convolution(Program<Real>& program, Image<Real> x, Image<Real> y, ConvolutionOptions o) : x_(x), y_(y), o_(o) {
    const int in = x.channels(), out = y.channels(), taps = o.kernel * o.kernel;
    const Initializer fill = convolutionFill(in * taps), he{Fill::normal, std::sqrt(2. / (in * taps))};
    weight_ = program.parameter({out, in, o.kernel, o.kernel}, o.heNormal ? he : fill);
    if (o.bias) bias_ = program.parameter({out}, o.heNormal ? Initializer{} : fill, false);
    program.buffer(&arranged_, 0, size_t(in) * out * taps);
    program.buffer(&transposed_, 0, size_t(in) * out * taps);
    if (!pointwise()) {
      program.buffer(&patches_, size_t(y.tensor->rows) * in * taps);
      if (x.tensor->needsGrad) program.buffer(&dPatches_, size_t(y.tensor->rows) * (in > out ? in : out) * taps);
    }
  }
  std::vector<Tensor<Real>*> inputs() override {
    if (!x_.tensor->needsGrad) return {};
    return {x_.tensor};
  }

  void forward(Pass<Real>& p) override {
    const int in = x_.channels(), out = y_.channels(), taps = o_.kernel * o_.kernel, depth = in * taps;
    const int rows = p.batch * y_.tensor->rows;
    const Real* w = p.params + weight_.offset;
    // [out, in, taps] -> [out, (taps, in)], the order of the patches
    for (int o = 0; o < out; o++) p.k.transpose(in, taps, w + o * depth, taps, arranged_ + o * depth, in);
    p.k.transpose(out, depth, arranged_, depth, transposed_, out);
    const Real* patches = x_.tensor->value;
    if (!pointwise()) {
      p.k.gatherPatches(shape(p.batch), x_.tensor->value, patches_);
      patches = patches_;
    }
    p.k.gemm(rows, out, depth, patches, depth, 1, transposed_, out, y_.tensor->value, out,
             o_.bias ? p.params + bias_.offset : nullptr, false);
  }

  void backward(Pass<Real>& p) override {
    const int in = x_.channels(), out = y_.channels(), taps = o_.kernel * o_.kernel, depth = in * taps;
    const int rows = p.batch * y_.tensor->rows;
    const Real* dy = y_.tensor->grad;
    const Real* patches = pointwise() ? x_.tensor->value : patches_;
    p.k.gemm(out, depth, rows, dy, 1, out, patches, depth, transposed_, depth, nullptr, false);
    Real* dw = p.grads + weight_.offset;
    for (int o = 0; o < out; o++)
      for (int t = 0; t < taps; t++)
        for (int c = 0; c < in; c++) dw[o * depth + c * taps + t] += transposed_[o * depth + t * in + c];
    if (o_.bias) p.k.addColumnSums(rows, out, dy, p.grads + bias_.offset);
    if (!x_.tensor->needsGrad) return;
    if (pointwise()) {
      p.k.gemm(rows, depth, out, dy, out, 1, arranged_, depth, x_.tensor->grad, depth, nullptr, this->adds[0]);
    } else if (keepsSize()) {
      // The way back is a convolution too, of dy with the kernel turned by half: gathering is cheaper than scattering.
      for (int t = 0; t < taps; t++)
        for (int o = 0; o < out; o++)
          std::copy_n(arranged_ + o * depth + t * in, in, transposed_ + ((taps - 1 - t) * out + o) * in);
      ConvolutionShape back = shape(p.batch);
      back.channels = out;
      p.k.gatherPatches(back, dy, dPatches_);
      p.k.gemm(rows, in, taps * out, dPatches_, taps * out, 1, transposed_, in, x_.tensor->grad, in, nullptr,
               this->adds[0]);
    } else {
      p.k.gemm(rows, depth, out, dy, out, 1, arranged_, depth, dPatches_, depth, nullptr, false);
      p.k.scatterPatches(shape(p.batch), dPatches_, x_.tensor->grad, this->adds[0]);
    }
  }

 private:
  bool keepsSize() const { return o_.stride == 1 && 2 * o_.padding == o_.kernel - 1; }
  bool pointwise() const { return o_.kernel == 1 && o_.stride == 1 && o_.padding == 0; }
  ConvolutionShape shape(int batch) const {
    return {batch, x_.height, x_.width, x_.channels(), y_.height, y_.width, o_.kernel, o_.stride, o_.padding};
  }
  Image<Real> x_, y_;
  ConvolutionOptions o_;
  Parameter weight_, bias_;
  Real *arranged_ = nullptr, *transposed_ = nullptr, *patches_ = nullptr, *dPatches_ = nullptr;
};

template <class Real>
class Depthwise : public Layer<Real> {
 public:
  Depthwise(Program<Real>& program, Image<Real> x, Image<Real> y, ConvolutionOptions o) : x_(x), y_(y), o_(o) {
    const int taps = o.kernel * o.kernel;
    weight_ = program.parameter({x.channels(), 1, o.kernel, o.kernel}, convolutionFill(taps));
    program.buffer(&arranged_, 0, size_t(x.channels()) * taps);
    program.buffer(&gradient_, 0, size_t(x.channels()) * taps);
  }
  std::vector<Tensor<Real>*> inputs() override { return {x_.tensor}; }
  void forward(Pass<Real>& p) override {
    const int taps = o_.kernel * o_.kernel, channels = x_.channels();
    p.k.transpose(channels, taps, p.params + weight_.offset, taps, arranged_, channels);
    p.k.depthwise(shape(p.batch), x_.tensor->value, arranged_, y_.tensor->value);
  }
  void backward(Pass<Real>& p) override {
    const int taps = o_.kernel * o_.kernel, channels = x_.channels();
    for (int i = 0; i < taps * channels; i++) gradient_[i] = Real(0);
    p.k.depthwiseBack(shape(p.batch), x_.tensor->value, arranged_, y_.tensor->grad, x_.tensor->grad, gradient_,
                      this->adds[0]);
    Real* dw = p.grads + weight_.offset;
    for (int c = 0; c < channels; c++)
      for (int t = 0; t < taps; t++) dw[c * taps + t] += gradient_[t * channels + c];
  }

 private:
  ConvolutionShape shape(int batch) const {
    return {batch, x_.height, x_.width, x_.channels(), y_.height, y_.width, o_.kernel, o_.stride, o_.padding};
  }
  Image<Real> x_, y_;
  ConvolutionOptions o_;
  Parameter weight_;
  Real *arranged_ = nullptr, *gradient_ = nullptr;
};

template <class Real>
Image<Real> outputOf(Program<Real>& program, const Image<Real>& x, int out, const ConvolutionOptions& o) {
  const int height = (x.height + 2 * o.padding - o.kernel) / o.stride + 1;
  const int width = (x.width + 2 * o.padding - o.kernel) / o.stride + 1;
  return {program.tensor(height * width, out), height, width};
}

template <class Real>
Image<Real> convolution(Program<Real>& program, Image<Real> x, int out, ConvolutionOptions o = {}) {
  Image<Real> y = outputOf(program, x, out, o);
  program.template add<Convolution<Real>>(program, x, y, o);
  return y;
}

template <class Real>
Image<Real> depthwise(Program<Real>& program, Image<Real> x, ConvolutionOptions o = {}) {
  Image<Real> y = outputOf(program, x, x.channels(), o);
  program.template add<Depthwise<Real>>(program, x, y, o);
  return y;
}

}  // namespace trainlint
