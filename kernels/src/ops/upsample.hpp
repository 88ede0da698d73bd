// The way up of a U-Net: transposed convolution 2x2 with stride 2, and joining channels.
#pragma once

#include <cstring>

#include "ops/convolution.hpp"

namespace trainlint {

/// torch.nn.ConvTranspose2d(in, out, 2, 2): weight [in, out, 2, 2]. Every pixel becomes a 2x2 patch; no overlaps.
template <class Real>
class TransposedConvolution : public Layer<Real> {
 public:
  TransposedConvolution(Program<Real>& program, Image<Real> x, Image<Real> y) : x_(x), y_(y) {
    const int in = x.channels(), out = y.channels();
    const Initializer fill = convolutionFill(out * 4);
    weight_ = program.parameter({in, out, 2, 2}, fill);
    bias_ = program.parameter({out}, fill, false);
    program.buffer(&arranged_, 0, size_t(in) * out * 4);
    program.buffer(&transposed_, 0, size_t(in) * out * 4);
    program.buffer(&spreadBias_, 0, size_t(out) * 4);
    program.buffer(&patches_, size_t(x.tensor->rows) * out * 4);
  }
  std::vector<Tensor<Real>*> inputs() override { return {x_.tensor}; }

  void forward(Pass<Real>& p) override {
    const int in = x_.channels(), out = y_.channels(), rows = p.batch * x_.tensor->rows;
    // [in, out, taps] -> [in, (taps, out)]
    for (int c = 0; c < in; c++)
      p.k.transpose(out, 4, p.params + weight_.offset + c * out * 4, 4, arranged_ + c * out * 4, out);
    for (int i = 0; i < 4 * out; i++) spreadBias_[i] = p.params[bias_.offset + size_t(i % out)];
    p.k.gemm(rows, 4 * out, in, x_.tensor->value, in, 1, arranged_, 4 * out, patches_, 4 * out, spreadBias_, false);
    move(p.batch, patches_, y_.tensor->value, true);
  }

  void backward(Pass<Real>& p) override {
    const int in = x_.channels(), out = y_.channels(), rows = p.batch * x_.tensor->rows;
    move(p.batch, patches_, y_.tensor->grad, false);
    p.k.addColumnSums(p.batch * y_.tensor->rows, out, y_.tensor->grad, p.grads + bias_.offset);
    p.k.gemm(in, 4 * out, rows, x_.tensor->value, 1, in, patches_, 4 * out, transposed_, 4 * out, nullptr, false);
    Real* dw = p.grads + weight_.offset;
    for (int c = 0; c < in; c++)
      for (int t = 0; t < 4; t++)
        for (int o = 0; o < out; o++) dw[(c * out + o) * 4 + t] += transposed_[(c * 4 + t) * out + o];
    p.k.transpose(in, 4 * out, arranged_, 4 * out, transposed_, in);
    p.k.gemm(rows, in, 4 * out, patches_, 4 * out, 1, transposed_, in, x_.tensor->grad, in, nullptr, this->adds[0]);
  }

 private:
  // Between patches [b, y, x, (dy, dx), c] and the image [b, 2y+dy, 2x+dx, c].
  void move(int batch, Real* patches, Real* image, bool toImage) const {
    const int out = y_.channels();
    for (int b = 0; b < batch; b++)
      for (int y = 0; y < x_.height; y++)
        for (int x = 0; x < x_.width; x++)
          for (int dy = 0; dy < 2; dy++, patches += 2 * out) {
            Real* pixel = image + ((ptrdiff_t(b) * y_.height + 2 * y + dy) * y_.width + 2 * x) * out;
            std::memcpy(toImage ? pixel : patches, toImage ? patches : pixel, size_t(2 * out) * sizeof(Real));
          }
  }
  Image<Real> x_, y_;
  Parameter weight_, bias_;
  Real *arranged_ = nullptr, *transposed_ = nullptr, *spreadBias_ = nullptr, *patches_ = nullptr;
};

/// [rows, a] and [rows, b] -> [rows, a + b]
template <class Real>
class Concatenate : public Layer<Real> {
 public:
  Concatenate(Tensor<Real>* a, Tensor<Real>* b, Tensor<Real>* y) : a_(a), b_(b), y_(y) {}
  std::vector<Tensor<Real>*> inputs() override { return {a_, b_}; }
  void forward(Pass<Real>& p) override {
    for (ptrdiff_t r = 0; r < ptrdiff_t(p.batch) * y_->rows; r++) {
      std::memcpy(y_->value + r * y_->columns, a_->value + r * a_->columns, size_t(a_->columns) * sizeof(Real));
      std::memcpy(y_->value + r * y_->columns + a_->columns, b_->value + r * b_->columns,
                  size_t(b_->columns) * sizeof(Real));
    }
  }
  void backward(Pass<Real>& p) override {
    hand(p, a_, 0, this->adds[0]);
    hand(p, b_, a_->columns, this->adds[1]);
  }

 private:
  void hand(Pass<Real>& p, Tensor<Real>* to, int first, bool add) {
    for (ptrdiff_t r = 0; r < ptrdiff_t(p.batch) * y_->rows; r++) {
      const Real* d = y_->grad + r * y_->columns + first;
      if (add) p.k.accumulate(to->columns, d, to->grad + r * to->columns);
      else std::memcpy(to->grad + r * to->columns, d, size_t(to->columns) * sizeof(Real));
    }
  }
  Tensor<Real>*a_, *b_, *y_;
};

template <class Real>
Image<Real> transposedConvolution(Program<Real>& program, Image<Real> x, int out) {
  Image<Real> y{program.tensor(4 * x.tensor->rows, out), 2 * x.height, 2 * x.width};
  program.template add<TransposedConvolution<Real>>(program, x, y);
  return y;
}

template <class Real>
Image<Real> concatenate(Program<Real>& program, Image<Real> a, Image<Real> b) {
  Image<Real> y{program.tensor(a.tensor->rows, a.channels() + b.channels()), a.height, a.width};
  program.template add<Concatenate<Real>>(a.tensor, b.tensor, y.tensor);
  return y;
}

}  // namespace trainlint
