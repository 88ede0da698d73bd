// Loss layers: add the mean loss to the pass and start the gradient.
#pragma once

#include "program/program.hpp"

namespace trainlint {

/// Mean cross-entropy of the rows of `logits` against integer targets that begin at ids[example, first].
/// Targets below zero are left out of the mean.
template <class Real>
class CrossEntropy : public Layer<Real> {
 public:
  CrossEntropy(Tensor<Real>* logits, int idsPerExample, int first) : x_(logits), stride_(idsPerExample), first_(first) {}
  std::vector<Tensor<Real>*> inputs() override { return {x_}; }
  void forward(Pass<Real>& p) override {
    const int rows = p.batch * x_->rows;
    if (targets_.size() < size_t(rows)) targets_.resize(size_t(rows));
    int counted = 0;
    for (int b = 0; b < p.batch; b++)
      for (int t = 0; t < x_->rows; t++) {
        const int32_t target = p.ids[b * stride_ + first_ + t];
        targets_[size_t(b * x_->rows + t)] = target;
        counted += target >= 0;
      }
    const Real mean = Real(1) / Real(counted > 0 ? counted : 1);
    p.loss += p.k.crossEntropy(rows, x_->columns, x_->value, targets_.data(), mean,
                               p.wantGradients ? x_->grad : nullptr) /
              double(counted > 0 ? counted : 1);
  }

 private:
  Tensor<Real>* x_;
  int stride_, first_;
  std::vector<int32_t> targets_;
};

/// Mean squared error against the batch's real-valued targets, one for every element of `x`.
template <class Real>
class SquaredError : public Layer<Real> {
 public:
  SquaredError(Program<Real>& program, Tensor<Real>* x) : x_(x) { program.buffer(&targets_, size_t(x->perExample())); }
  std::vector<Tensor<Real>*> inputs() override { return {x_}; }
  void forward(Pass<Real>& p) override {
    const ptrdiff_t n = p.batch * x_->perExample();
    for (ptrdiff_t i = 0; i < n; i++) targets_[i] = Real(p.targets[i]);
    p.loss += p.k.squaredError(n, x_->value, targets_, Real(1) / Real(n), p.wantGradients ? x_->grad : nullptr) /
              double(n);
  }

 private:
  Tensor<Real>* x_;
  Real* targets_ = nullptr;
};

/// Mean binary cross-entropy of logits against the batch's real-valued targets.
template <class Real>
class LogisticLoss : public Layer<Real> {
 public:
  LogisticLoss(Program<Real>& program, Tensor<Real>* x) : x_(x) { program.buffer(&targets_, size_t(x->perExample())); }
  std::vector<Tensor<Real>*> inputs() override { return {x_}; }
  void forward(Pass<Real>& p) override {
    const ptrdiff_t n = p.batch * x_->perExample();
    for (ptrdiff_t i = 0; i < n; i++) targets_[i] = Real(p.targets[i]);
    p.loss += p.k.logisticLoss(n, x_->value, targets_, Real(1), Real(1) / Real(n),
                               p.wantGradients ? x_->grad : nullptr) /
              double(n);
  }

 private:
  Tensor<Real>* x_;
  Real* targets_ = nullptr;
};

}  // namespace trainlint
