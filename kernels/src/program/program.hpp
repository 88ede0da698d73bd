// A network as a fixed list of layers over one block of memory: built once per run, no allocation and no graph
// bookkeeping per step. Layers run forward in order and backward in reverse. A tensor is a matrix whose row count
// scales with the batch, so the same program serves any batch up to its capacity.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <limits>
#include <memory>
#include <new>
#include <vector>

#include "failure/failure.hpp"
#include "ops/kernels.hpp"
#include "optim/optimizer.hpp"
#include "rng/random.hpp"

namespace trainlint {

/// [batch * rows, columns]; images: rows = height * width, columns = channels.
template <class Real>
struct Tensor {
  int rows = 1, columns = 1;
  bool needsGrad = true;
  Real* value = nullptr;
  Real* grad = nullptr;
  Tensor* base = nullptr;   // a view shares the memory of its base
  bool gradStarted = false;  // while planning: some layer already writes the gradient

  ptrdiff_t perExample() const { return ptrdiff_t(rows) * columns; }
  Tensor* root() { return base ? base->root() : this; }
};

/// What layers see while they run.
template <class Real>
struct Pass {
  const Kernels<Real>& k;
  const Real* params;
  Real* grads;              // of the parameters; layers add to them
  int batch;                // examples
  bool training;            // batch norm uses batch statistics, dropout drops
  bool wantGradients;
  bool updateStatistics;    // batch norm's running averages
  const int32_t* ids;       // integer inputs of the batch
  const float* targets;     // real-valued targets of the batch
  double loss;              // mean loss, added up by loss layers
  Random* labels = nullptr;  // if set, loss layers draw their targets from the model's own output (Sophia)
  const RandomCounter* dropout = nullptr;  // if set, dropout layers drop, by the numbers that begin there
};

template <class Real>
class Layer {
 public:
  virtual ~Layer() = default;
  virtual void forward(Pass<Real>&) = 0;
  virtual void backward(Pass<Real>&) {}
  /// Tensors whose gradient `backward` writes.
  virtual std::vector<Tensor<Real>*> inputs() { return {}; }
  /// Whether the gradient of input i is to be added to what is there (another layer wrote first).
  std::vector<char> adds;
};

struct Parameter {
  size_t offset = 0, size = 0;
  int segment = -1;
};

enum class Fill { constant, normal, uniform };

struct Initializer {
  Fill kind = Fill::constant;
  double value = 0;  // constant, or standard deviation, or half width
};

/// A dense layer as K-FAC sees it: segments of weight and bias (-1: none), inputs and output gradients of the last pass.
template <class Real>
struct DenseRecord {
  int weight, bias;
  Tensor<Real>*x, *y;
};

template <class Real>
class Program {
 public:
  /// Outputs of ReLU layers: zero where a unit is silent.
  std::vector<const Tensor<Real>*> rectified;

  /// Share of ReLU units (columns) that were zero for all of `batch` examples in the last forward pass; NaN without any.
  double deadUnits(int batch) const {
    int units = 0, alive = 0;
    std::vector<char> active;
    for (const Tensor<Real>* y : rectified) {
      active.assign(size_t(y->columns), 0);
      int found = 0;
      for (ptrdiff_t row = 0; row < ptrdiff_t(batch) * y->rows && found < y->columns; row++)
        for (int c = 0; c < y->columns; c++)
          if (!active[size_t(c)] && y->value[row * y->columns + c] != 0) {
            active[size_t(c)] = 1;
            found++;
          }
      units += y->columns;
      alive += found;
    }
    return units == 0 ? std::numeric_limits<double>::quiet_NaN() : 1 - double(alive) / units;
  }

  Tensor<Real>* tensor(int rows, int columns, bool needsGrad = true) {
    tensors_.push_back(std::make_unique<Tensor<Real>>());
    Tensor<Real>* t = tensors_.back().get();
    t->rows = rows;
    t->columns = columns;
    t->needsGrad = needsGrad;
    return t;
  }

  /// Another shape for the same memory.
  Tensor<Real>* view(Tensor<Real>* of, int rows, int columns) {
    if (ptrdiff_t(rows) * columns != of->perExample()) fail("view of another size");
    Tensor<Real>* t = tensor(rows, columns, of->needsGrad);
    t->base = of;
    return t;
  }

  template <class L, class... Arguments>
  L* add(Arguments&&... arguments) {
    auto layer = std::make_unique<L>(std::forward<Arguments>(arguments)...);
    L* raw = layer.get();
    layers_.push_back(std::move(layer));
    return raw;
  }

  Parameter parameter(std::vector<int64_t> shape, Initializer initializer, bool decay = true, int group = 0) {
    Segment s{};
    s.offset = layout.total;
    s.size = 1;
    s.ndim = int(shape.size());
    for (size_t i = 0; i < shape.size(); i++) {
      s.shape[i] = shape[i];
      s.size *= size_t(shape[i]);
    }
    s.decay = decay;
    s.group = group;
    layout.segments.push_back(s);
    layout.total += s.size;
    initializers_.push_back(initializer);
    return {s.offset, s.size, int(layout.segments.size()) - 1};
  }

  /// Memory of a layer, `perExample` elements for each example plus `fixed`; set when the program is planned.
  void buffer(Real** pointer, size_t perExample, size_t fixed = 0) { buffers_.push_back({pointer, perExample, fixed}); }

  /// Fixes the memory for at most `capacity` examples. Call once, after all layers were added.
  void plan(int capacity) {
    capacity_ = capacity;
    for (auto layer = layers_.rbegin(); layer != layers_.rend(); ++layer)
      for (Tensor<Real>* input : (*layer)->inputs()) {
        Tensor<Real>* root = input->root();
        (*layer)->adds.push_back(root->gradStarted);
        root->gradStarted = true;
      }
    size_t total = 0;
    const auto take = [&](size_t n) {
      const size_t at = total;
      total += (n + 15) / 16 * 16;
      return at;
    };
    std::vector<size_t> places;
    for (auto& t : tensors_) {
      if (t->base) continue;
      places.push_back(take(size_t(t->perExample()) * capacity));
      if (t->needsGrad) places.push_back(take(size_t(t->perExample()) * capacity));
    }
    for (auto& b : buffers_) places.push_back(take(b.perExample * capacity + b.fixed));
    // Zeroed by the system page by page as it is used: what a short run never touches costs nothing.
    arena_.reset(static_cast<Real*>(std::calloc(total + 16, sizeof(Real))));
    if (!arena_) fail("not enough memory");
    Real* start = arena_.get();
    while (reinterpret_cast<uintptr_t>(start) % 64) start++;
    size_t next = 0;
    for (auto& t : tensors_) {
      if (t->base) continue;
      t->value = start + places[next++];
      if (t->needsGrad) t->grad = start + places[next++];
    }
    for (auto& t : tensors_) {
      if (!t->base) continue;
      t->value = t->root()->value;
      t->grad = t->root()->grad;
    }
    for (auto& b : buffers_) *b.pointer = start + places[next++];
  }

  /// Draws the parameters; each segment has numbers of its own, so adding a layer does not change the others.
  void initialise(uint64_t seed, Real* params) const {
    for (size_t i = 0; i < layout.segments.size(); i++) {
      const Segment& s = layout.segments[i];
      const Initializer& how = initializers_[i];
      Random random(seed, Stream::init, i);
      Real* p = params + s.offset;
      std::vector<float> numbers(s.size);
      if (how.kind == Fill::normal) random.fillNormal(numbers.data(), s.size);
      for (size_t j = 0; j < s.size; j++) {
        if (how.kind == Fill::constant) p[j] = Real(float(how.value));
        else if (how.kind == Fill::normal) p[j] = Real(numbers[j] * float(how.value));
        else p[j] = Real(random.uniform(-float(how.value), float(how.value)));
      }
    }
  }

  void forward(Pass<Real>& pass) {
    for (auto& layer : layers_) layer->forward(pass);
  }
  void backward(Pass<Real>& pass) {
    for (auto layer = layers_.rbegin(); layer != layers_.rend(); ++layer) (*layer)->backward(pass);
  }

  int capacity() const { return capacity_; }

  ParameterLayout layout;
  std::vector<DenseRecord<Real>> denseLayers;
  uint32_t dropouts = 0;  // dropout layers so far: each has numbers of its own

 private:
  struct Buffer {
    Real** pointer;
    size_t perExample, fixed;
  };
  std::vector<std::unique_ptr<Tensor<Real>>> tensors_;
  std::vector<std::unique_ptr<Layer<Real>>> layers_;
  std::vector<Initializer> initializers_;
  std::vector<Buffer> buffers_;
  struct Free {
    void operator()(Real* memory) const { std::free(memory); }
  };
  std::unique_ptr<Real[], Free> arena_;
  int capacity_ = 0;
};

}  // namespace trainlint
