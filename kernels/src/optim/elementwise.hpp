// Base of the optimizers whose update of an element depends on that element alone (and on scalars of the step): one
// fused pass over the arena, however many tensors lie in it.
#pragma once

#include <vector>

#include "optim/loops.hpp"
#include "optim/optimizer.hpp"
#include "optim/state.hpp"

namespace trainlint {

/// A stretch of the arena that is updated alike: neighbouring segments with the same decay flag.
struct Range {
  size_t offset;  // in the parameter arena
  size_t state;   // in each state buffer, which holds only this optimizer's own elements
  size_t size;
  bool decay;
};

/// Neighbouring segments joined where the decay flag agrees (`weightDecay` 0: it does not matter).
std::vector<Range> joinSegments(const ParameterLayout& layout, bool decayMatters);
/// One range a segment, for rules that look at whole tensors.
std::vector<Range> separateSegments(const ParameterLayout& layout);
/// Elements of all segments together.
size_t elementCount(const ParameterLayout& layout);

/// What a rule offers that can step a stretch of the arena at a time: a wrapper that prepares gradients then hands each
/// stretch on while it lies in cache. Every element must be visited once a step.
template <class Real>
class Piecewise {
 public:
  virtual ~Piecewise() {}
  virtual void beginPieces(const Real* params, double lr) = 0;
  /// `grads` holds the gradients of the piece alone.
  virtual void stepPiece(Real* params, const Real* grads, const Range& piece) = 0;
};

template <class Real>
class Elementwise : public Optimizer<Real>, public Piecewise<Real> {
 public:
  /// `buffers` state arrays of one Real a parameter, zero at first.
  Elementwise(const ParameterLayout& layout, int buffers, double weightDecay)
      : weightDecay_(weightDecay), loops_(optimLoops<Real>()), ranges_(joinSegments(layout, weightDecay != 0)) {
    for (int i = 0; i < buffers; i++) buffers_.emplace_back(elementCount(layout));
  }

  void step(Real* params, const Real* grads, double lr) final {
    beginPieces(params, lr);
    for (const Range& range : ranges_)
      if (range.size > 0) stepPiece(params, grads + range.offset, range);
  }

  Piecewise<Real>* pieces() final { return this; }
  void beginPieces(const Real*, double lr) final {
    ++time_;
    beginStep(lr);
  }
  void stepPiece(Real* params, const Real* grads, const Range& piece) final {
    update(params + piece.offset, grads, piece, piece.decay ? weightDecay_ : 0.0);
  }

  size_t stateBytes() const final {
    size_t bytes = 0;
    for (const auto& buffer : buffers_) bytes += buffer.bytes();
    return bytes;
  }

  std::vector<Real> saveState() const final {
    StateWriter<Real> writer;
    writer.count(time_);
    for (const auto& buffer : buffers_) writer.array(buffer);
    saveScalars(writer);
    return writer.take();
  }

  void loadState(const std::vector<Real>& state) final {
    StateReader<Real> reader(state);
    time_ = reader.count();
    for (auto& buffer : buffers_) reader.array(buffer);
    loadScalars(reader);
    reader.finish();
  }

 protected:
  /// Computes the scalars of step `time_` (1 at the first).
  virtual void beginStep(double lr) = 0;
  virtual void update(Real* params, const Real* grads, const Range& range, double weightDecay) = 0;
  virtual void saveScalars(StateWriter<Real>&) const {}
  virtual void loadScalars(StateReader<Real>&) {}

  Real* buffer(size_t index, const Range& range) { return buffers_[index].data() + range.state; }

  const double weightDecay_;
  const OptimLoops<Real>& loops_;
  int64_t time_ = 0;
  std::vector<AlignedArray<Real>> buffers_;

 private:
  std::vector<Range> ranges_;
};

}  // namespace trainlint
