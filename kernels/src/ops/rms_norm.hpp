// Root-mean-square normalisation over the columns, gain 1 at the start, no offset.
#pragma once

#include "program/program.hpp"

namespace trainlint {

template <class Real>
class RmsNorm : public Layer<Real> {
 public:
  RmsNorm(Program<Real>& program, Tensor<Real>* x, Tensor<Real>* y) : x_(x), y_(y) {
    gain_ = program.parameter({x->columns}, {Fill::constant, 1}, false);
    program.buffer(&normalized_, size_t(x->perExample()));
    program.buffer(&inverse_, size_t(x->rows));
  }
  std::vector<Tensor<Real>*> inputs() override { return {x_}; }
  void forward(Pass<Real>& p) override {
    p.k.rmsNorm(ptrdiff_t(p.batch) * x_->rows, x_->columns, x_->value, p.params + gain_.offset, y_->value, normalized_,
                inverse_);
  }
  void backward(Pass<Real>& p) override {
    p.k.rmsNormBack(ptrdiff_t(p.batch) * x_->rows, x_->columns, y_->grad, normalized_, inverse_, p.params + gain_.offset,
                    x_->grad, p.grads + gain_.offset, this->adds[0]);
  }

 private:
  Tensor<Real>*x_, *y_;
  Parameter gain_;
  Real *normalized_ = nullptr, *inverse_ = nullptr;
};

template <class Real>
Tensor<Real>* rmsNorm(Program<Real>& program, Tensor<Real>* x) {
  Tensor<Real>* y = program.tensor(x->rows, x->columns);
  program.template add<RmsNorm<Real>>(program, x, y);
  return y;
}

}  // namespace trainlint
