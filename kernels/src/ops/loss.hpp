// Loss layers: add the mean loss to the pass and start the gradient.
#pragma once

#include "program/program.hpp"
#include "simd/math.hpp"

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
    if (p.labels) drawTargets(*p.labels, rows);
    const Real mean = Real(1) / Real(counted > 0 ? counted : 1);
    p.loss += p.k.crossEntropy(rows, x_->columns, x_->value, targets_.data(), mean,
                               p.wantGradients ? x_->grad : nullptr) /
              double(counted > 0 ? counted : 1);
  }

 private:
  // Gumbel's way: the largest of logit - log(-log u) is a draw from the softmax.
  void drawTargets(Random& random, int rows) {
    for (int i = 0; i < rows; i++) {
      if (targets_[size_t(i)] < 0) continue;
      Real best = 0;
      for (int j = 0; j < x_->columns; j++) {
        const float u = random.uniform() + 0x1p-25f;
        const Real score = x_->value[ptrdiff_t(i) * x_->columns + j] - Real(portable::logarithm(-portable::logarithm(u)));
        if (j > 0 && !(score > best)) continue;
        best = score;
        targets_[size_t(i)] = j;
      }
    }
  }

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
    // the squared error as the likelihood of a normal variable with unit deviation
    if (p.labels)
      for (ptrdiff_t i = 0; i < n; i++) targets_[i] = x_->value[i] + Real(p.labels->normal());
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
    if (p.labels)
      for (ptrdiff_t i = 0; i < n; i++)
        targets_[i] = Real(p.labels->uniform()) < portable::logistic(x_->value[i]) ? Real(1) : Real(0);
    p.loss += p.k.logisticLoss(n, x_->value, targets_, Real(1), Real(1) / Real(n),
                               p.wantGradients ? x_->grad : nullptr) /
              double(n);
  }

 private:
  Tensor<Real>* x_;
  Real* targets_ = nullptr;
};

/// Mean Huber loss (1964) against the batch's real-valued targets, as torch.nn.HuberLoss(delta): squared near the target,
/// linear beyond `delta`.
template <class Real>
class HuberLoss : public Layer<Real> {
 public:
  HuberLoss(Program<Real>& program, Tensor<Real>* x, double delta) : x_(x), delta_(Real(delta)) {
    program.buffer(&targets_, size_t(x->perExample()));
  }
  std::vector<Tensor<Real>*> inputs() override { return {x_}; }
  void forward(Pass<Real>& p) override {
    const ptrdiff_t n = p.batch * x_->perExample();
    for (ptrdiff_t i = 0; i < n; i++) targets_[i] = Real(p.targets[i]);
    p.loss += p.k.huber(n, x_->value, targets_, delta_, Real(1) / Real(n), p.wantGradients ? x_->grad : nullptr) /
              double(n);
  }

 private:
  Tensor<Real>* x_;
  const Real delta_;
  Real* targets_ = nullptr;
};

/// KL(target || softmax(logits)), mean over the rows, as torch.nn.KLDivLoss(reduction='batchmean') on log_softmax: the
/// batch's real-valued targets are one distribution a row.
template <class Real>
class KlDivergence : public Layer<Real> {
 public:
  KlDivergence(Program<Real>& program, Tensor<Real>* logits) : x_(logits) {
    program.buffer(&targets_, size_t(logits->perExample()));
  }
  std::vector<Tensor<Real>*> inputs() override { return {x_}; }
  void forward(Pass<Real>& p) override {
    const ptrdiff_t rows = ptrdiff_t(p.batch) * x_->rows;
    for (ptrdiff_t i = 0; i < rows * x_->columns; i++) targets_[i] = Real(p.targets[i]);
    p.loss += p.k.klDivergence(rows, x_->columns, x_->value, targets_, Real(1) / Real(rows),
                               p.wantGradients ? x_->grad : nullptr) /
              double(rows);
  }

 private:
  Tensor<Real>* x_;
  Real* targets_ = nullptr;
};

}  // namespace trainlint
