// Convolution layers. Images are tensors with rows = height * width and columns = channels; Image keeps the height
// and width beside. Weights have torch.nn.Conv2d's shape [out, in, k, k].
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

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
    if (o.padding > 0) program.buffer(&padded_, paddedSize(x));
    if (!x.tensor->needsGrad || pointwise()) return;
    if (keepsSize()) program.buffer(&dPadded_, paddedSize(y));
    else program.buffer(&dPatches_, size_t(y.tensor->rows) * in * taps);
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
    const Real* bias = o_.bias ? p.params + bias_.offset : nullptr;
    if (pointwise()) {
      p.k.gemm(rows, out, in, x_.tensor->value, in, 1, transposed_, out, y_.tensor->value, out, bias, false);
      return;
    }
    if (o_.padding > 0) p.k.padImage(shape(p.batch), x_.tensor->value, padded_);
    p.k.convolve(patches(p.batch, x_, o_.stride, start_), out, image(), transposed_, bias, y_.tensor->value, false);
  }

  void backward(Pass<Real>& p) override {
    const int in = x_.channels(), out = y_.channels(), taps = o_.kernel * o_.kernel, depth = in * taps;
    const int rows = p.batch * y_.tensor->rows;
    const Real* dy = y_.tensor->grad;
    Real* dw = p.grads + weight_.offset;
    if (pointwise()) {
      p.k.gemm(out, in, rows, dy, 1, out, x_.tensor->value, in, dw, in, nullptr, true);
    } else {
      p.k.convolveWeights(patches(p.batch, x_, o_.stride, start_), out, image(), dy, transposed_);
      for (int o = 0; o < out; o++)
        for (int t = 0; t < taps; t++)
          for (int c = 0; c < in; c++) dw[o * depth + c * taps + t] += transposed_[(t * in + c) * out + o];
    }
    if (o_.bias) p.k.addColumnSums(rows, out, dy, p.grads + bias_.offset);
    if (!x_.tensor->needsGrad) return;
    if (pointwise()) {
      p.k.gemm(rows, depth, out, dy, out, 1, arranged_, depth, x_.tensor->grad, depth, nullptr, this->adds[0]);
    } else if (keepsSize()) {
      // The way back is a convolution too, of dy with the kernel turned by half.
      for (int t = 0; t < taps; t++)
        for (int o = 0; o < out; o++)
          std::copy_n(arranged_ + o * depth + t * in, in, transposed_ + ((taps - 1 - t) * out + o) * in);
      ConvolutionShape back = shape(p.batch);
      back.channels = out;
      p.k.padImage(back, dy, dPadded_);
      p.k.convolve(patches(p.batch, y_, 1, dStart_), in, dPadded_, transposed_, nullptr, x_.tensor->grad, this->adds[0]);
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
  size_t paddedSize(const Image<Real>& of) const {
    return size_t(of.height + 2 * o_.padding) * size_t(of.width + 2 * o_.padding) * size_t(of.channels());
  }
  const Real* image() const { return o_.padding > 0 ? padded_ : x_.tensor->value; }
  // The patches of `of` with its border; `starts` is filled as far as the batch needs.
  Patches patches(int batch, const Image<Real>& of, int stride, std::vector<int32_t>& starts) const {
    const int width = of.width + 2 * o_.padding, height = of.height + 2 * o_.padding, channels = of.channels();
    const size_t perExample = size_t((height - o_.kernel) / stride + 1) * size_t((width - o_.kernel) / stride + 1);
    while (starts.size() < perExample * size_t(batch)) {
      const int first = int(starts.size() / perExample) * height;
      for (int y = 0; y + o_.kernel <= height; y += stride)
        for (int x = 0; x + o_.kernel <= width; x += stride) starts.push_back(((first + y) * width + x) * channels);
    }
    return {int(perExample) * batch, o_.kernel, o_.kernel * channels, ptrdiff_t(width) * channels, starts.data()};
  }
  Image<Real> x_, y_;
  ConvolutionOptions o_;
  Parameter weight_, bias_;
  Real *arranged_ = nullptr, *transposed_ = nullptr, *padded_ = nullptr, *dPadded_ = nullptr, *dPatches_ = nullptr;
  std::vector<int32_t> start_, dStart_;
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
