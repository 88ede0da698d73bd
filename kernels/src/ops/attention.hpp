// Multi-head attention between its projections: within one sequence, or from one sequence to another.
#pragma once

#include "ops/dense.hpp"

namespace trainlint {

/// Where an example's integers say how many of its rows count as keys (padding follows); `at` below 0: all do.
struct KeyLengths {
  int idsPerExample = 0, at = -1;
};

/// Attention over `qkv` = [queries | keys | values], each `width` columns.
template <class Real>
class SelfAttention : public Layer<Real> {
 public:
  SelfAttention(Program<Real>& program, Tensor<Real>* qkv, Tensor<Real>* y, int heads, bool causal, KeyLengths lengths)
      : qkv_(qkv), y_(y), heads_(heads), causal_(causal), lengths_(lengths) {
    const size_t positions = size_t(qkv->rows);
    program.buffer(&probabilities_, size_t(heads) * positions * positions);
    program.buffer(&scratch_, 0, positions * size_t(y->columns / heads) + positions * positions);
  }
  std::vector<Tensor<Real>*> inputs() override { return {qkv_}; }
  void forward(Pass<Real>& p) override {
    const int width = y_->columns;
    p.k.attention(shape(p), qkv_->value, qkv_->value + width, qkv_->value + 2 * width, probabilities_, y_->value,
                  scratch_);
  }
  void backward(Pass<Real>& p) override {
    const int width = y_->columns;
    p.k.attentionBack(shape(p), qkv_->value, qkv_->value + width, qkv_->value + 2 * width, probabilities_, y_->grad,
                      qkv_->grad, qkv_->grad + width, qkv_->grad + 2 * width, scratch_);
  }

 private:
  AttentionShape shape(const Pass<Real>& p) const {
    const int width = y_->columns;
    const int32_t* lengths = lengths_.at < 0 ? nullptr : p.ids + lengths_.at;
    return {p.batch,   heads_, qkv_->rows, qkv_->rows, width / heads_,          3 * width, 3 * width,
            width, causal_, lengths,    lengths_.idsPerExample};
  }
  Tensor<Real>*qkv_, *y_;
  int heads_;
  bool causal_;
  KeyLengths lengths_;
  Real *probabilities_ = nullptr, *scratch_ = nullptr;
};

template <class Real>
Tensor<Real>* selfAttention(Program<Real>& program, Tensor<Real>* x, int heads, bool causal, DenseOptions options = {},
                            KeyLengths lengths = {}) {
  Tensor<Real>* qkv = dense(program, x, 3 * x->columns, options);
  Tensor<Real>* y = program.tensor(x->rows, x->columns);
  program.template add<SelfAttention<Real>>(program, qkv, y, heads, causal, lengths);
  return dense(program, y, x->columns, options);
}

/// Attention of the rows of `q` over `kv` = [keys | values].
template <class Real>
class CrossAttention : public Layer<Real> {
 public:
  CrossAttention(Program<Real>& program, Tensor<Real>* q, Tensor<Real>* kv, Tensor<Real>* y, int heads)
      : q_(q), kv_(kv), y_(y), heads_(heads) {
    const size_t queries = size_t(q->rows), keys = size_t(kv->rows);
    program.buffer(&probabilities_, size_t(heads) * queries * keys);
    program.buffer(&scratch_, 0, keys * size_t(y->columns / heads) + queries * keys);
  }
  std::vector<Tensor<Real>*> inputs() override { return {q_, kv_}; }
  void forward(Pass<Real>& p) override {
    p.k.attention(shape(p), q_->value, kv_->value, kv_->value + y_->columns, probabilities_, y_->value, scratch_);
  }
  void backward(Pass<Real>& p) override {
    p.k.attentionBack(shape(p), q_->value, kv_->value, kv_->value + y_->columns, probabilities_, y_->grad, q_->grad,
                      kv_->grad, kv_->grad + y_->columns, scratch_);
  }

 private:
  AttentionShape shape(const Pass<Real>& p) const {
    const int width = y_->columns;
    return {p.batch, heads_, q_->rows, kv_->rows, width / heads_, width, 2 * width, width, false};
  }
  Tensor<Real>*q_, *kv_, *y_;
  int heads_;
  Real *probabilities_ = nullptr, *scratch_ = nullptr;
};

/// `x` looks at `memory`.
template <class Real>
Tensor<Real>* crossAttention(Program<Real>& program, Tensor<Real>* x, Tensor<Real>* memory, int heads,
                             DenseOptions options = {}) {
  Tensor<Real>* q = dense(program, x, x->columns, options);
  Tensor<Real>* kv = dense(program, memory, 2 * x->columns, options);
  Tensor<Real>* y = program.tensor(x->rows, x->columns);
  program.template add<CrossAttention<Real>>(program, q, kv, y, heads);
  return dense(program, y, x->columns, options);
}

}  // namespace trainlint
