// Layer normalisation over the columns, gain 1 and offset 0 at the start.
#pragma once

#include "program/program.hpp"

namespace trainlint {

template <class Real>
class LayerNorm : public Layer<Real> {
 public:
  LayerNorm(Program<Real>& program, Tensor<Real>* x, Tensor<Real>* y) : x_(x), y_(y) {
    gain_ = program.parameter({x->columns}, {Fill::constant, 1}, false);
    offset_ = program.parameter({x->columns}, {Fill::constant, 0}, false);
    program.buffer(&normalized_, size_t(x->perExample()));
    program.buffer(&inverse_, size_t(x->rows));
  }
  std::vector<Tensor<Real>*> inputs() override { return {x_}; }
  void forward(Pass<Real>& p) override {
    p.k.layerNorm(ptrdiff_t(p.batch) * x_->rows, x_->columns, x_->value, p.params + gain_.offset,
                  p.params + offset_.offset, y_->value, normalized_, inverse_);
  }
  void backward(Pass<Real>& p) override {
    p.k.layerNormBack(ptrdiff_t(p.batch) * x_->rows, x_->columns, y_->grad, normalized_, inverse_,
                      p.params + gain_.offset, x_->grad, p.grads + gain_.offset, p.grads + offset_.offset,
                      this->adds[0]);
  }

 private:
  Tensor<Real>*x_, *y_;
  Parameter gain_, offset_;
  Real *normalized_ = nullptr, *inverse_ = nullptr;
};

template <class Real>
Tensor<Real>* layerNorm(Program<Real>& program, Tensor<Real>* x) {
  Tensor<Real>* y = program.tensor(x->rows, x->columns);
  program.template add<LayerNorm<Real>>(program, x, y);
  return y;
}

}  // namespace trainlint
