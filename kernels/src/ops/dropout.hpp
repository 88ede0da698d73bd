// Dropout (Srivastava et al. 2014), inverted: in training y = x mask with mask 0 at probability `share`, else
// 1 / (1 - share); else y = x. The mask is a function of seed, step, layer and place, so every gradient of one step (SAM,
// L-BFGS, Hessian products) sees the same one.
#pragma once

#include <cstring>

#include "program/program.hpp"

namespace trainlint {

template <class Real>
class Dropout : public Layer<Real> {
 public:
  Dropout(Program<Real>& program, Tensor<Real>* x, Tensor<Real>* y, double share)
      : x_(x), y_(y), threshold_(uint32_t(share * 0x1p32)), factor_(Real(1 / (1 - share))), layer_(program.dropouts++) {
    program.buffer(&mask_, size_t(x->perExample()));
  }
  std::vector<Tensor<Real>*> inputs() override { return {x_}; }

  void forward(Pass<Real>& p) override {
    const ptrdiff_t n = p.batch * x_->perExample();
    if (!p.dropout) {
      std::memcpy(y_->value, x_->value, size_t(n) * sizeof(Real));
      return;
    }
    RandomCounter at = *p.dropout;
    at.stream += layer_ << 8;  // above the numbers of the streams
    p.k.fillDropout(at, threshold_, factor_, mask_, size_t(n));
    p.k.multiply(n, x_->value, mask_, y_->value);
  }

  void backward(Pass<Real>& p) override {
    const ptrdiff_t n = p.batch * x_->perExample();
    if (p.dropout) p.k.multiply(n, y_->grad, mask_, y_->grad);
    if (this->adds[0]) p.k.accumulate(n, y_->grad, x_->grad);
    else std::memcpy(x_->grad, y_->grad, size_t(n) * sizeof(Real));
  }

 private:
  Tensor<Real>*x_, *y_;
  const uint32_t threshold_;
  const Real factor_;
  const uint32_t layer_;
  Real* mask_ = nullptr;
};

/// `share` in [0, 1) of the elements is dropped; 0 adds no layer.
template <class Real>
Tensor<Real>* dropout(Program<Real>& program, Tensor<Real>* x, double share) {
  if (share == 0) return x;
  Tensor<Real>* y = program.tensor(x->rows, x->columns);
  program.template add<Dropout<Real>>(program, x, y, share);
  return y;
}

}  // namespace trainlint
