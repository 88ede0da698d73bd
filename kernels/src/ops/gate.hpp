// y[b, r, c] = x[b, r, c] * gate[b, c]: squeeze-and-excitation's product.
#pragma once

#include "program/program.hpp"

namespace trainlint {

template <class Real>
class GateColumns : public Layer<Real> {
 public:
  GateColumns(Program<Real>& program, Tensor<Real>* x, Tensor<Real>* gate, Tensor<Real>* y) : x_(x), gate_(gate), y_(y) {
    program.buffer(&product_, size_t(x->perExample()));
  }
  std::vector<Tensor<Real>*> inputs() override { return {x_, gate_}; }
  void forward(Pass<Real>& p) override {
    for (int b = 0; b < p.batch; b++)
      for (int r = 0; r < x_->rows; r++)
        p.k.multiply(x_->columns, x_->value + at(b, r), gate_->value + ptrdiff_t(b) * x_->columns, y_->value + at(b, r));
  }
  void backward(Pass<Real>& p) override {
    const int columns = x_->columns;
    p.k.multiply(p.batch * x_->perExample(), y_->grad, x_->value, product_);
    for (int b = 0; b < p.batch; b++) {
      Real* dGate = gate_->grad + ptrdiff_t(b) * columns;
      if (!this->adds[1])
        for (int c = 0; c < columns; c++) dGate[c] = Real(0);
      p.k.addColumnSums(x_->rows, columns, product_ + at(b, 0), dGate);
    }
    for (int b = 0; b < p.batch; b++)
      for (int r = 0; r < x_->rows; r++) {
        const Real* gate = gate_->value + ptrdiff_t(b) * columns;
        if (this->adds[0]) {
          p.k.multiply(columns, y_->grad + at(b, r), gate, product_);
          p.k.accumulate(columns, product_, x_->grad + at(b, r));
        } else {
          p.k.multiply(columns, y_->grad + at(b, r), gate, x_->grad + at(b, r));
        }
      }
  }

 private:
  ptrdiff_t at(int b, int r) const { return (ptrdiff_t(b) * x_->rows + r) * x_->columns; }
  Tensor<Real>*x_, *gate_, *y_;
  Real* product_ = nullptr;
};

template <class Real>
Tensor<Real>* gateColumns(Program<Real>& program, Tensor<Real>* x, Tensor<Real>* gate) {
  Tensor<Real>* y = program.tensor(x->rows, x->columns);
  program.template add<GateColumns<Real>>(program, x, gate, y);
  return y;
}

}  // namespace trainlint
