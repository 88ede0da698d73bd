// LSTM, GRU and tanh RNN through time, with torch.nn's parameters (weight_ih, weight_hh, bias_ih, bias_hh), gate order
// and uniform initialisation within 1/sqrt(hidden). The state starts at zero.
#pragma once

#include <algorithm>
#include <cmath>

#include "program/program.hpp"

namespace trainlint {

enum class Cell { lstm, gru, rnn };

template <class Real>
class Recurrent : public Layer<Real> {
 public:
  Recurrent(Program<Real>& program, Tensor<Real>* x, Tensor<Real>* y, Cell cell, double recurrentGain)
      : x_(x), y_(y), cell_(cell), gates_(cell == Cell::lstm ? 4 : cell == Cell::gru ? 3 : 1) {
    const int hidden = y->columns, sums = gates_ * hidden;
    const double bound = 1 / std::sqrt(double(hidden));
    weightInput_ = program.parameter({sums, x->columns}, {Fill::uniform, bound});
    weightHidden_ = program.parameter({sums, hidden}, {Fill::uniform, bound * recurrentGain});
    biasInput_ = program.parameter({sums}, {Fill::uniform, bound}, false);
    biasHidden_ = program.parameter({sums}, {Fill::uniform, bound}, false);
    const size_t positions = size_t(x->rows);
    program.buffer(&sums_, positions * sums);
    program.buffer(&dSums_, positions * sums);
    program.buffer(&before_, positions * hidden);
    if (cell == Cell::gru) {
      program.buffer(&recurrent_, positions * sums);
      program.buffer(&dRecurrent_, positions * sums);
    }
    if (cell == Cell::lstm) {
      program.buffer(&cellState_, positions * hidden);
      program.buffer(&tanhCell_, positions * hidden);
      program.buffer(&dCell_, size_t(hidden));
    }
    program.buffer(&dState_, size_t(hidden));
    program.buffer(&direct_, size_t(hidden));
    program.buffer(&inputTransposed_, 0, size_t(x->columns) * sums);
    program.buffer(&hiddenTransposed_, 0, size_t(hidden) * sums);
    program.buffer(&bias_, 0, size_t(sums));
  }

  std::vector<Tensor<Real>*> inputs() override {
    if (!x_->needsGrad) return {};
    return {x_};
  }

  void forward(Pass<Real>& p) override {
    const int in = x_->columns, hidden = y_->columns, sums = gates_ * hidden, T = x_->rows, B = p.batch;
    const ptrdiff_t gateStride = ptrdiff_t(T) * sums, stateStride = ptrdiff_t(T) * hidden;
    const Real* biasInput = p.params + biasInput_.offset;
    const Real* biasHidden = p.params + biasHidden_.offset;
    p.k.transpose(sums, in, p.params + weightInput_.offset, in, inputTransposed_, sums);
    p.k.transpose(sums, hidden, p.params + weightHidden_.offset, hidden, hiddenTransposed_, sums);
    const bool gru = cell_ == Cell::gru;
    if (gru) std::copy_n(biasInput, sums, bias_);
    else p.k.add(sums, biasInput, biasHidden, bias_);
    p.k.gemm(B * T, sums, in, x_->value, in, 1, inputTransposed_, sums, sums_, sums, bias_, false);
    for (int t = 0; t < T; t++) {
      Real* before = before_ + t * hidden;
      for (int b = 0; b < B; b++) {
        Real* row = before + b * stateStride;
        if (t == 0) std::fill_n(row, hidden, Real(0));
        else std::copy_n(y_->value + b * stateStride + ptrdiff_t(t - 1) * hidden, hidden, row);
      }
      Real* gates = sums_ + t * sums;
      Real* h = y_->value + t * hidden;
      if (gru)
        p.k.gemm(B, sums, hidden, before, stateStride, 1, hiddenTransposed_, sums, recurrent_ + t * sums, gateStride,
                 biasHidden, false);
      else if (t > 0)
        p.k.gemm(B, sums, hidden, before, stateStride, 1, hiddenTransposed_, sums, gates, gateStride, nullptr, true);
      if (cell_ == Cell::lstm)
        p.k.lstmCell(B, hidden, gateStride, stateStride, gates, t > 0 ? cellState_ + (t - 1) * hidden : nullptr,
                     cellState_ + t * hidden, tanhCell_ + t * hidden, h);
      else if (gru) p.k.gruCell(B, hidden, gateStride, stateStride, gates, recurrent_ + t * sums, before, h);
      else p.k.rnnCell(B, hidden, stateStride, gates, h);
    }
  }

  void backward(Pass<Real>& p) override {
    const int in = x_->columns, hidden = y_->columns, sums = gates_ * hidden, T = x_->rows, B = p.batch;
    const ptrdiff_t gateStride = ptrdiff_t(T) * sums, stateStride = ptrdiff_t(T) * hidden;
    const bool gru = cell_ == Cell::gru;
    const Real* weightHidden = p.params + weightHidden_.offset;
    // dState: gradient that the later steps hand back to the current one
    std::fill_n(dState_, ptrdiff_t(B) * hidden, Real(0));
    if (cell_ == Cell::lstm) std::fill_n(dCell_, ptrdiff_t(B) * hidden, Real(0));
    for (int t = T - 1; t >= 0; t--) {
      for (int b = 0; b < B; b++)
        p.k.accumulate(hidden, y_->grad + b * stateStride + ptrdiff_t(t) * hidden, dState_ + ptrdiff_t(b) * hidden);
      const Real* gates = sums_ + t * sums;
      const Real* before = before_ + t * hidden;
      Real* dGates = dSums_ + t * sums;
      if (cell_ == Cell::lstm)
        p.k.lstmCellBack(B, hidden, gateStride, stateStride, gates, t > 0 ? cellState_ + (t - 1) * hidden : nullptr,
                         tanhCell_ + t * hidden, dState_, dCell_, dGates);
      else if (gru)
        p.k.gruCellBack(B, hidden, gateStride, stateStride, gates, recurrent_ + t * sums, before, dState_, direct_,
                        dGates, dRecurrent_ + t * sums);
      else p.k.rnnCellBack(B, hidden, stateStride, y_->value + t * hidden, dState_, dGates);
      if (t == 0) break;
      if (gru) {
        std::copy_n(direct_, ptrdiff_t(B) * hidden, dState_);
        p.k.gemm(B, hidden, sums, dRecurrent_ + t * sums, gateStride, 1, weightHidden, hidden, dState_, hidden, nullptr,
                 true);
      } else {
        p.k.gemm(B, hidden, sums, dGates, gateStride, 1, weightHidden, hidden, dState_, hidden, nullptr, false);
      }
    }
    const Real* dHidden = gru ? dRecurrent_ : dSums_;
    p.k.gemm(sums, hidden, B * T, dHidden, 1, sums, before_, hidden, p.grads + weightHidden_.offset, hidden, nullptr,
             true);
    p.k.addColumnSums(B * T, sums, dSums_, p.grads + biasInput_.offset);
    p.k.addColumnSums(B * T, sums, dHidden, p.grads + biasHidden_.offset);
    // few inputs: the transposed product keeps the long side in the vectors
    p.k.gemm(in, sums, B * T, x_->value, 1, in, dSums_, sums, inputTransposed_, sums, nullptr, false);
    Real* dWeight = p.grads + weightInput_.offset;
    for (int i = 0; i < in; i++)
      for (int s = 0; s < sums; s++) dWeight[s * in + i] += inputTransposed_[i * sums + s];
    if (x_->needsGrad)
      p.k.gemm(B * T, in, sums, dSums_, sums, 1, p.params + weightInput_.offset, in, x_->grad, in, nullptr,
               this->adds[0]);
  }

 private:
  Tensor<Real>*x_, *y_;
  Cell cell_;
  int gates_;
  Parameter weightInput_, weightHidden_, biasInput_, biasHidden_;
  Real *sums_ = nullptr, *dSums_ = nullptr, *before_ = nullptr, *recurrent_ = nullptr, *dRecurrent_ = nullptr;
  Real *cellState_ = nullptr, *tanhCell_ = nullptr, *dCell_ = nullptr, *dState_ = nullptr, *direct_ = nullptr;
  Real *inputTransposed_ = nullptr, *hiddenTransposed_ = nullptr, *bias_ = nullptr;
};

/// `recurrentGain` multiplies the initial state-to-state weights.
template <class Real>
Tensor<Real>* recurrent(Program<Real>& program, Tensor<Real>* x, int hidden, Cell cell, double recurrentGain = 1) {
  Tensor<Real>* y = program.tensor(x->rows, hidden);
  program.template add<Recurrent<Real>>(program, x, y, cell, recurrentGain);
  return y;
}

}  // namespace trainlint
