// Token embedding plus learned positions, and the output head that shares the embedding's weights.
#pragma once

#include <cstring>

#include "program/program.hpp"

namespace trainlint {

/// y[b, t] = table[ids[b, first + t]] + positions[t]. An example has `idsPerExample` integers.
template <class Real>
class TokenEmbedding : public Layer<Real> {
 public:
  TokenEmbedding(Tensor<Real>* y, Parameter table, Parameter positions, int idsPerExample, int first = 0)
      : table(table), positions(positions), y_(y), stride_(idsPerExample), first_(first) {}
  void forward(Pass<Real>& p) override {
    const int d = y_->columns;
    for (int b = 0; b < p.batch; b++)
      for (int t = 0; t < y_->rows; t++)
        p.k.add(d, p.params + table.offset + ptrdiff_t(p.ids[b * stride_ + first_ + t]) * d, p.params + positions.offset + t * d,
                y_->value + (ptrdiff_t(b) * y_->rows + t) * d);
  }
  void backward(Pass<Real>& p) override {
    const int d = y_->columns;
    for (int b = 0; b < p.batch; b++)
      for (int t = 0; t < y_->rows; t++) {
        const Real* g = y_->grad + (ptrdiff_t(b) * y_->rows + t) * d;
        p.k.accumulate(d, g, p.grads + table.offset + ptrdiff_t(p.ids[b * stride_ + first_ + t]) * d);
        p.k.accumulate(d, g, p.grads + positions.offset + t * d);
      }
  }
  Parameter table, positions;

 private:
  Tensor<Real>* y_;
  int stride_, first_;
};

/// logits = x table^T
template <class Real>
class TiedHead : public Layer<Real> {
 public:
  TiedHead(Program<Real>& program, Tensor<Real>* x, Tensor<Real>* y, Parameter table) : x_(x), y_(y), table_(table) {
    program.buffer(&transposed_, 0, size_t(x->columns) * y->columns);
  }
  std::vector<Tensor<Real>*> inputs() override { return {x_}; }
  void forward(Pass<Real>& p) override {
    const int d = x_->columns, v = y_->columns;
    p.k.transpose(v, d, p.params + table_.offset, d, transposed_, v);
    p.k.gemm(p.batch * x_->rows, v, d, x_->value, d, 1, transposed_, v, y_->value, v, nullptr, false);
  }
  void backward(Pass<Real>& p) override {
    const int d = x_->columns, v = y_->columns, rows = p.batch * x_->rows;
    p.k.gemm(v, d, rows, y_->grad, 1, v, x_->value, d, p.grads + table_.offset, d, nullptr, true);
    p.k.gemm(rows, d, v, y_->grad, v, 1, p.params + table_.offset, d, x_->grad, d, nullptr, this->adds[0]);
  }

 private:
  Tensor<Real>*x_, *y_;
  Parameter table_;
  Real* transposed_ = nullptr;
};

/// y[b, t] = x[b, t] + positions[t]
template <class Real>
class AddPositions : public Layer<Real> {
 public:
  AddPositions(Tensor<Real>* x, Tensor<Real>* y, Parameter positions) : x_(x), y_(y), positions_(positions) {}
  std::vector<Tensor<Real>*> inputs() override { return {x_}; }
  void forward(Pass<Real>& p) override {
    const ptrdiff_t n = x_->perExample();
    for (int b = 0; b < p.batch; b++) p.k.add(n, x_->value + b * n, p.params + positions_.offset, y_->value + b * n);
  }
  void backward(Pass<Real>& p) override {
    const ptrdiff_t n = x_->perExample();
    for (int b = 0; b < p.batch; b++) p.k.accumulate(n, y_->grad + b * n, p.grads + positions_.offset);
    if (this->adds[0]) p.k.accumulate(p.batch * n, y_->grad, x_->grad);
    else std::memcpy(x_->grad, y_->grad, size_t(p.batch * n) * sizeof(Real));
  }

 private:
  Tensor<Real>*x_, *y_;
  Parameter positions_;
};

template <class Real>
Tensor<Real>* addPositions(Program<Real>& program, Tensor<Real>* x) {
  const Parameter positions = program.parameter({x->rows, x->columns}, {Fill::normal, .02});
  Tensor<Real>* y = program.tensor(x->rows, x->columns);
  program.template add<AddPositions<Real>>(x, y, positions);
  return y;
}

}  // namespace trainlint
