// y = a + b: the residual connection.
#pragma once

#include <cstring>

#include "program/program.hpp"

namespace trainlint {

template <class Real>
class Add : public Layer<Real> {
 public:
  Add(Tensor<Real>* a, Tensor<Real>* b, Tensor<Real>* y) : a_(a), b_(b), y_(y) {}
  std::vector<Tensor<Real>*> inputs() override { return {a_, b_}; }
  void forward(Pass<Real>& p) override { p.k.add(p.batch * y_->perExample(), a_->value, b_->value, y_->value); }
  void backward(Pass<Real>& p) override {
    pass(p, a_, this->adds[0]);
    pass(p, b_, this->adds[1]);
  }

 private:
  void pass(Pass<Real>& p, Tensor<Real>* to, bool add) {
    const ptrdiff_t n = p.batch * y_->perExample();
    if (add) p.k.accumulate(n, y_->grad, to->grad);
    else std::memcpy(to->grad, y_->grad, size_t(n) * sizeof(Real));
  }
  Tensor<Real>*a_, *b_, *y_;
};

template <class Real>
Tensor<Real>* add(Program<Real>& program, Tensor<Real>* a, Tensor<Real>* b) {
  Tensor<Real>* y = program.tensor(a->rows, a->columns);
  program.template add<Add<Real>>(a, b, y);
  return y;
}

}  // namespace trainlint
