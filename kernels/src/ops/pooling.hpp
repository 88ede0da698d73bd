// Pooling layers.
#pragma once

#include "ops/convolution.hpp"

namespace trainlint {

template <class Real>
class MaxPool : public Layer<Real> {
 public:
  MaxPool(Image<Real> x, Image<Real> y) : x_(x), y_(y) {}
  std::vector<Tensor<Real>*> inputs() override { return {x_.tensor}; }
  void forward(Pass<Real>& p) override {
    winner_.resize(size_t(p.batch * y_.tensor->perExample()));
    p.k.maxPool(p.batch, x_.height, x_.width, x_.channels(), x_.tensor->value, y_.tensor->value, winner_.data());
  }
  void backward(Pass<Real>& p) override {
    p.k.maxPoolBack(p.batch, x_.height, x_.width, x_.channels(), y_.tensor->grad, winner_.data(), x_.tensor->grad,
                    this->adds[0]);
  }

 private:
  Image<Real> x_, y_;
  std::vector<uint8_t> winner_;
};

/// [rows, columns] -> [1, columns]: global average pooling of an image, mean over positions of a sequence.
template <class Real>
class MeanRows : public Layer<Real> {
 public:
  MeanRows(Tensor<Real>* x, Tensor<Real>* y) : x_(x), y_(y) {}
  std::vector<Tensor<Real>*> inputs() override { return {x_}; }
  void forward(Pass<Real>& p) override { p.k.meanRows(p.batch, x_->rows, x_->columns, x_->value, y_->value); }
  void backward(Pass<Real>& p) override {
    p.k.meanRowsBack(p.batch, x_->rows, x_->columns, y_->grad, x_->grad, this->adds[0]);
  }

 private:
  Tensor<Real>*x_, *y_;
};

/// 2x2, stride 2; height and width even.
template <class Real>
Image<Real> maxPool(Program<Real>& program, Image<Real> x) {
  Image<Real> y{program.tensor(x.tensor->rows / 4, x.channels()), x.height / 2, x.width / 2};
  program.template add<MaxPool<Real>>(x, y);
  return y;
}

template <class Real>
Tensor<Real>* meanRows(Program<Real>& program, Tensor<Real>* x) {
  Tensor<Real>* y = program.tensor(1, x->columns);
  program.template add<MeanRows<Real>>(x, y);
  return y;
}

}  // namespace trainlint
