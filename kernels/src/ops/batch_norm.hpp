// Batch normalisation (Ioffe and Szegedy 2015) over all rows of a batch, as torch.nn.BatchNorm2d: eps 1e-5, running
// statistics with momentum 0.1 and the unbiased variance, used when not training.
#pragma once

#include <cmath>

#include "program/program.hpp"

namespace trainlint {

template <class Real>
class BatchNorm : public Layer<Real> {
 public:
  BatchNorm(Program<Real>& program, Tensor<Real>* x, Tensor<Real>* y)
      : x_(x), y_(y), runningMean_(size_t(x->columns), 0), runningVariance_(size_t(x->columns), 1),
        mean_(size_t(x->columns)), variance_(size_t(x->columns)), meanReal_(size_t(x->columns)),
        inverse_(size_t(x->columns)), factor_(size_t(x->columns)), a_(size_t(x->columns)), b_(size_t(x->columns)) {
    gain_ = program.parameter({x->columns}, {Fill::constant, 1}, false);
    offset_ = program.parameter({x->columns}, {Fill::constant, 0}, false);
  }
  std::vector<Tensor<Real>*> inputs() override { return {x_}; }

  void forward(Pass<Real>& p) override {
    const int columns = x_->columns;
    const ptrdiff_t rows = ptrdiff_t(p.batch) * x_->rows;
    if (p.training) p.k.columnMoments(rows, columns, x_->value, mean_.data(), variance_.data());
    const double unbiased = rows > 1 ? double(rows) / double(rows - 1) : 1;
    for (size_t c = 0; c < size_t(columns); c++) {
      const double mean = p.training ? mean_[c] : runningMean_[c];
      const double variance = p.training ? variance_[c] : runningVariance_[c];
      meanReal_[c] = Real(mean);
      inverse_[c] = Real(1 / std::sqrt(variance + 1e-5));
      if (!p.training || !p.updateStatistics) continue;
      runningMean_[c] += .1 * (mean - runningMean_[c]);
      runningVariance_[c] += .1 * (variance * unbiased - runningVariance_[c]);
    }
    p.k.normalizeColumns(rows, columns, x_->value, meanReal_.data(), inverse_.data(), p.params + gain_.offset,
                         p.params + offset_.offset, y_->value);
  }

  void backward(Pass<Real>& p) override {
    const int columns = x_->columns;
    const ptrdiff_t rows = ptrdiff_t(p.batch) * x_->rows;
    // Normalised again rather than kept: the memory would cost more time than the arithmetic.
    p.k.columnGradients(rows, columns, y_->grad, x_->value, meanReal_.data(), inverse_.data(), mean_.data(),
                        variance_.data());
    for (size_t c = 0; c < size_t(columns); c++) {
      p.grads[offset_.offset + c] += Real(mean_[c]);
      p.grads[gain_.offset + c] += Real(variance_[c]);
      factor_[c] = p.params[gain_.offset + c] * inverse_[c];
      a_[c] = Real(mean_[c] / double(rows));
      b_[c] = Real(variance_[c] / double(rows));
    }
    p.k.batchNormBack(rows, columns, y_->grad, x_->value, meanReal_.data(), inverse_.data(), factor_.data(), a_.data(),
                      b_.data(), x_->grad, this->adds[0]);
  }

 private:
  Tensor<Real>*x_, *y_;
  Parameter gain_, offset_;
  std::vector<double> runningMean_, runningVariance_, mean_, variance_;
  std::vector<Real> meanReal_, inverse_, factor_, a_, b_;
};

template <class Real>
Tensor<Real>* batchNorm(Program<Real>& program, Tensor<Real>* x) {
  Tensor<Real>* y = program.tensor(x->rows, x->columns);
  program.template add<BatchNorm<Real>>(program, x, y);
  return y;
}

}  // namespace trainlint
