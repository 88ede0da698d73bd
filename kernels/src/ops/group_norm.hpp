// Group normalisation (Wu and He 2018) as torch.nn.GroupNorm: by example, over all rows and the columns of a group; gain 1
// and offset 0 at the start.
#pragma once

#include "failure/failure.hpp"
#include "program/program.hpp"

namespace trainlint {

template <class Real>
class GroupNorm : public Layer<Real> {
 public:
  GroupNorm(Program<Real>& program, Tensor<Real>* x, Tensor<Real>* y, int groups) : x_(x), y_(y), groups_(groups) {
    gain_ = program.parameter({x->columns}, {Fill::constant, 1}, false);
    offset_ = program.parameter({x->columns}, {Fill::constant, 0}, false);
    program.buffer(&normalized_, size_t(x->perExample()));
    program.buffer(&inverse_, size_t(groups));
  }
  std::vector<Tensor<Real>*> inputs() override { return {x_}; }
  void forward(Pass<Real>& p) override {
    p.k.groupNorm(p.batch, x_->rows, x_->columns, groups_, x_->value, p.params + gain_.offset, p.params + offset_.offset,
                  y_->value, normalized_, inverse_);
  }
  void backward(Pass<Real>& p) override {
    p.k.groupNormBack(p.batch, x_->rows, x_->columns, groups_, y_->grad, normalized_, inverse_, p.params + gain_.offset,
                      x_->grad, p.grads + gain_.offset, p.grads + offset_.offset, this->adds[0]);
  }

 private:
  Tensor<Real>*x_, *y_;
  int groups_;
  Parameter gain_, offset_;
  Real *normalized_ = nullptr, *inverse_ = nullptr;
};

/// `groups` divides the columns.
template <class Real>
Tensor<Real>* groupNorm(Program<Real>& program, Tensor<Real>* x, int groups) {
  if (x->columns % groups != 0) fail("group norm: groups must divide the columns");
  Tensor<Real>* y = program.tensor(x->rows, x->columns);
  program.template add<GroupNorm<Real>>(program, x, y, groups);
  return y;
}

}  // namespace trainlint
