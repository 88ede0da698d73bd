// Softmax over the columns, row by row; attention and cross-entropy have theirs built in.
#pragma once

#include "program/program.hpp"

namespace trainlint {

template <class Real>
class Softmax : public Layer<Real> {
 public:
  Softmax(Tensor<Real>* x, Tensor<Real>* y) : x_(x), y_(y) {}
  std::vector<Tensor<Real>*> inputs() override { return {x_}; }
  void forward(Pass<Real>& p) override {
    p.k.softmax(ptrdiff_t(p.batch) * x_->rows, x_->columns, x_->value, y_->value);
  }
  void backward(Pass<Real>& p) override {
    p.k.softmaxBack(ptrdiff_t(p.batch) * x_->rows, x_->columns, y_->value, y_->grad, x_->grad, this->adds[0]);
  }

 private:
  Tensor<Real>*x_, *y_;
};

template <class Real>
Tensor<Real>* softmax(Program<Real>& program, Tensor<Real>* x) {
  Tensor<Real>* y = program.tensor(x->rows, x->columns);
  program.template add<Softmax<Real>>(x, y);
  return y;
}

}  // namespace trainlint
