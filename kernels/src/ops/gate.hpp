// y[b, r, c] = x[b, r, c] * gate[b, c]: squeeze-and-excitation's product.
#pragma once

#include "program/program.hpp"

namespace trainlint {

template <class Real>
class GateColumns : public Layer<Real> {
 public:
  GateColumns(Tensor<Real>* x, Tensor<Real>* gate, Tensor<Real>* y) : x_(x), gate_(gate), y_(y) {}
  std::vector<Tensor<Real>*> inputs() override { return {x_, gate_}; }
  void forward(Pass<Real>& p) override {
    p.k.gateColumns(p.batch, x_->rows, x_->columns, x_->value, gate_->value, y_->value);
  }
  void backward(Pass<Real>& p) override {
    p.k.gateColumnsBack(p.batch, x_->rows, x_->columns, x_->value, gate_->value, y_->grad, x_->grad, gate_->grad,
                        this->adds[0], this->adds[1]);
  }

 private:
  Tensor<Real>*x_, *gate_, *y_;
};

template <class Real>
Tensor<Real>* gateColumns(Program<Real>& program, Tensor<Real>* x, Tensor<Real>* gate) {
  Tensor<Real>* y = program.tensor(x->rows, x->columns);
  program.template add<GateColumns<Real>>(x, gate, y);
  return y;
}

}  // namespace trainlint
