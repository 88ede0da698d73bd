// Elementwise activations.
#pragma once

#include "program/program.hpp"

namespace trainlint {

template <class Real>
class ActivationLayer : public Layer<Real> {
 public:
  ActivationLayer(Program<Real>& program, Tensor<Real>* x, Tensor<Real>* y, Activation kind, double slope)
      : x_(x), y_(y), kind_(kind), slope_(Real(slope)) {
    if (kind == Activation::gelu || kind == Activation::silu) program.buffer(&derivative_, size_t(x->perExample()));
  }
  std::vector<Tensor<Real>*> inputs() override { return {x_}; }
  void forward(Pass<Real>& p) override {
    p.k.activate(kind_, slope_, p.batch * x_->perExample(), x_->value, y_->value,
                 p.wantGradients ? derivative_ : nullptr);
  }
  void backward(Pass<Real>& p) override {
    p.k.activateBack(kind_, slope_, p.batch * x_->perExample(), y_->value, derivative_, y_->grad, x_->grad,
                     this->adds[0]);
  }

 private:
  Tensor<Real>*x_, *y_;
  Activation kind_;
  Real slope_;
  Real* derivative_ = nullptr;
};

/// `slope` is that of the leaky ReLU below zero.
template <class Real>
Tensor<Real>* activation(Program<Real>& program, Tensor<Real>* x, Activation kind, double slope = 0) {
  Tensor<Real>* y = program.tensor(x->rows, x->columns);
  program.template add<ActivationLayer<Real>>(program, x, y, kind, slope);
  if (kind == Activation::relu) program.rectified.push_back(y);
  return y;
}

}  // namespace trainlint
