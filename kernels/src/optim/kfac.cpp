// K-FAC: Kronecker-factored approximate curvature (Martens and Grosse, arXiv 1503.05671; convolutions as unfolded
// patches: arXiv 1602.01407).
//
//   per dense layer:  A = E[a a^T] (a: input with a 1 appended for the bias),  G = E[g g^T] (g: gradient of the output)
//   factors: F <- factorDecay F + (1 - factorDecay) F_batch
//   V  = QG ((QG^T grad QA) / (dG dA^T + damping)) QA^T          from A = QA dA QA^T and G = QG dG QG^T
//   nu = min(1, sqrt(klClip / |sum over layers of lr^2 V . grad|))
//   p <- p - lr nu V,   through SGD with momentum and coupled weight decay
//
// Shapes: grad [out, in + 1], A [in + 1, in + 1], G [out, out]. Parameters outside registered layers take SGD with
// momentum. Defaults: lr 0.1, damping 1e-3, klClip 1e-3 (0: none), factorDecay 0.95, factorEvery 1, inverseEvery 1,
// momentum 0, weightDecay 0. Convention: gpauloski/kfac-pytorch, eigen method: factors start at the identity, and G is
// made of gradients of the mean loss as they come, so it is proportional to 1 / batch^2.
// `form: 'factored-tikhonov'` (Martens and Grosse, section 6): gradients are scaled up to the single example's loss,
// the first batch is the first factor, and the damping is split, A + pi sqrt(damping) I and G + sqrt(damping) / pi I
// with pi^2 = (tr A / dim A) / (tr G / dim G). It wants damping near 0.1 and momentum 0.9 (its defaults) and trains
// where the other form's damping drowns G. The source document names the method (4.3) without a formula.
// State: A, G and their eigensystems: 2 ((in + 1)^2 + out^2) + in + 1 + out Reals a layer, and SGD's.
#include <algorithm>
#include <cmath>
#include <limits>

#include "failure/failure.hpp"
#include "optim/factories.hpp"
#include "optim/hyperparameters.hpp"
#include "optim/matrix.hpp"
#include "optim/wrapper.hpp"

namespace trainlint {
namespace {

struct KfacSettings {
  bool tikhonov;
  double damping, klClip, factorDecay;
  int64_t factorEvery, inverseEvery;
};

/// A symmetric factor: its moving average, the batches since the last step, and the eigensystem last computed.
template <class Real>
struct Factor {
  explicit Factor(size_t size)
      : size(size), average(size * size), vectors(size * size), values(size), batch(size * size) {
    for (size_t i = 0; i < size; i++) average[i * size + i] = Real(1);
  }

  void fold(double decay) {
    for (size_t i = 0; i < batch.size(); i++)
      average[i] = Real(decay * average[i] + (1 - decay) * batch[i] / batches);
    forget();
  }

  void forget() {
    std::fill(batch.begin(), batch.end(), 0.0);
    batches = 0;
  }

  void decompose() {
    Matrix q(average.data(), average.data() + average.size());
    std::vector<double> d(size);
    const bool settled = symmetricEigen(q, d);
    const double unknown = std::numeric_limits<double>::quiet_NaN();
    for (size_t i = 0; i < q.size(); i++) vectors[i] = Real(settled ? q[i] : unknown);
    for (size_t i = 0; i < size; i++) values[i] = Real(settled ? std::max(d[i], 0.0) : unknown);
  }

  double meanDiagonal() const {
    double trace = 0;
    for (size_t i = 0; i < size; i++) trace += average[i * size + i];
    return trace / static_cast<double>(size);
  }

  size_t size;
  AlignedArray<Real> average, vectors, values;
  Matrix batch;
  int64_t batches = 0;
};

template <class Real>
struct Layer {
  Segment weight;
  bool hasBias;
  size_t biasOffset, in, out;
  Factor<Real> a, g;
  Matrix direction;  // V of the step at hand [out, in + 1]
  int64_t folds = 0;
};

template <class Real>
class Kfac final : public Wrapper<Real> {
 public:
  Kfac(const ParameterLayout& layout, OptimizerPointer<Real> sgd, const KfacSettings& settings)
      : Wrapper<Real>(layout, std::move(sgd)), layout_(layout), settings_(settings), preconditioned_(layout.total) {}

  bool wantsLayerStatistics() const override { return true; }

  int registerLayer(int weight, int bias) override {
    const Segment& w = segmentAt(weight);
    if (w.ndim < 2 || w.size == 0) refuse("kfac: a layer's weight has two or more dimensions");
    const size_t out = static_cast<size_t>(w.shape[0]), in = w.size / out;
    if (bias >= 0 && segmentAt(bias).size != out)
      refuse("kfac: a layer's bias has as many elements as its weight has rows");
    const size_t offset = bias >= 0 ? segmentAt(bias).offset : 0;
    const size_t width = in + (bias >= 0 ? 1 : 0);
    layers_.push_back({w, bias >= 0, offset, in, out, Factor<Real>(width), Factor<Real>(out), Matrix(out * width)});
    return static_cast<int>(layers_.size()) - 1;
  }

  void layerStatistics(int index, const Real* inputs, const Real* outputGrads, size_t batch) override {
    if (index < 0 || static_cast<size_t>(index) >= layers_.size())
      refuse("kfac: no such layer: " + decimal(index));
    if (time_ % settings_.factorEvery != 0 || batch == 0) return;
    Layer<Real>& layer = layers_[static_cast<size_t>(index)];
    const double perExample = settings_.tikhonov ? static_cast<double>(batch) : 1;
    addCovariance(layer.a, inputs, layer.in, layer.hasBias, batch, 1);
    addCovariance(layer.g, outputGrads, layer.out, false, batch, perExample);
  }

  void step(Real* params, const Real* grads, double lr) override {
    updateFactors();
    std::copy_n(grads, layout_.total, preconditioned_.data());
    double divergence = 0;
    for (Layer<Real>& layer : layers_) divergence += precondition(layer, grads) * lr * lr;
    const double scale = settings_.klClip == 0 || divergence == 0
                             ? 1
                             : smaller(1, std::sqrt(settings_.klClip / std::fabs(divergence)));
    for (const Layer<Real>& layer : layers_) write(layer, scale);
    this->base_->step(params, preconditioned_.data(), lr);
    ++time_;
  }

  size_t stateBytes() const override {
    size_t bytes = this->base_->stateBytes();
    for (const auto& layer : layers_)
      for (const Factor<Real>* factor : {&layer.a, &layer.g})
        bytes += factor->average.bytes() + factor->vectors.bytes() + factor->values.bytes();
    return bytes;
  }

  std::vector<Real> saveState() const override {
    StateWriter<Real> writer;
    writer.count(time_);
    for (const auto& layer : layers_) {
      writer.count(layer.folds);
      for (const Factor<Real>* factor : {&layer.a, &layer.g}) {
        writer.array(factor->average);
        writer.array(factor->vectors);
        writer.array(factor->values);
      }
    }
    writer.nested(this->base_->saveState());
    return writer.take();
  }

  void loadState(const std::vector<Real>& state) override {
    StateReader<Real> reader(state);
    time_ = reader.count();
    for (auto& layer : layers_) {
      layer.folds = reader.count();
      for (Factor<Real>* factor : {&layer.a, &layer.g}) {
        reader.array(factor->average);
        reader.array(factor->vectors);
        reader.array(factor->values);
        factor->forget();
      }
    }
    const std::vector<Real> base = reader.nested();
    reader.finish();
    this->base_->loadState(base);
  }

 private:
  // NaN when either is NaN.
  static double smaller(double a, double b) { return b < a || b != b ? b : a; }

  const Segment& segmentAt(int index) const {
    if (index < 0 || static_cast<size_t>(index) >= layout_.segments.size())
      refuse("kfac: no such parameter: " + decimal(index));
    return layout_.segments[static_cast<size_t>(index)];
  }

  // factor.batch += rows^T rows / batch, each row scaled and, with a bias, extended by 1.
  static void addCovariance(Factor<Real>& factor, const Real* rows, size_t width, bool bias, size_t batch,
                            double scale) {
    std::vector<double> row(factor.size, 1.0);
    for (size_t example = 0; example < batch; example++) {
      for (size_t i = 0; i < width; i++) row[i] = scale * double(rows[example * width + i]);
      if (bias) row[width] = 1;
      for (size_t i = 0; i < factor.size; i++) {
        const double share = row[i] / static_cast<double>(batch);
        double* target = factor.batch.data() + i * factor.size;
        for (size_t j = 0; j < factor.size; j++) target[j] += share * row[j];
      }
    }
    factor.batches++;
  }

  void updateFactors() {
    for (size_t index = 0; index < layers_.size(); index++) {
      Layer<Real>& layer = layers_[index];
      if (time_ % settings_.factorEvery == 0 && layer.a.batches > 0) {
        double decay = settings_.factorDecay;
        if (settings_.tikhonov) decay = std::min(decay, 1 - 1 / static_cast<double>(layer.folds + 1));
        layer.a.fold(decay);
        layer.g.fold(decay);
        layer.folds++;
      }
      if (layer.folds == 0)
        refuse("kfac: no statistics of layer " + decimal(index) +
                                    " yet: call layerStatistics before step");
      if (time_ % settings_.inverseEvery == 0) {
        layer.a.decompose();
        layer.g.decompose();
      }
    }
  }

  // Fills layer.direction with V and returns V . grad.
  double precondition(Layer<Real>& layer, const Real* grads) {
    const size_t out = layer.out, width = layer.a.size;
    Matrix gradient(out * width);
    for (size_t i = 0; i < out; i++) {
      for (size_t j = 0; j < layer.in; j++)
        gradient[i * width + j] = grads[layer.weight.offset + i * layer.in + j];
      if (layer.hasBias) gradient[i * width + layer.in] = grads[layer.biasOffset + i];
    }
    const Matrix qa(layer.a.vectors.data(), layer.a.vectors.data() + width * width);
    const Matrix qg(layer.g.vectors.data(), layer.g.vectors.data() + out * out);
    const Matrix qaT = transposed(qa, width, width), qgT = transposed(qg, out, out);
    Matrix half(out * width), rotated(out * width);
    multiply(qgT.data(), gradient.data(), half.data(), out, out, width);
    multiply(half.data(), qa.data(), rotated.data(), out, width, width);
    divideByCurvature(layer, rotated);
    multiply(qg.data(), rotated.data(), half.data(), out, out, width);
    multiply(half.data(), qaT.data(), layer.direction.data(), out, width, width);
    double product = 0;
    for (size_t i = 0; i < gradient.size(); i++) product += layer.direction[i] * gradient[i];
    return product;
  }

  void divideByCurvature(const Layer<Real>& layer, Matrix& rotated) const {
    double dampA = 0, dampG = 0, damping = settings_.damping;
    if (settings_.tikhonov) {
      const double pi = std::sqrt(layer.a.meanDiagonal() / (layer.g.meanDiagonal() + 1e-12) + 1e-12);
      dampA = pi * std::sqrt(damping);
      dampG = std::sqrt(damping) / pi;
      damping = 0;
    }
    const size_t width = layer.a.size;
    for (size_t i = 0; i < layer.out; i++)
      for (size_t j = 0; j < width; j++)
        rotated[i * width + j] /= (layer.g.values[i] + dampG) * (layer.a.values[j] + dampA) + damping;
  }

  void write(const Layer<Real>& layer, double scale) {
    const size_t width = layer.a.size;
    for (size_t i = 0; i < layer.out; i++) {
      for (size_t j = 0; j < layer.in; j++)
        preconditioned_[layer.weight.offset + i * layer.in + j] = Real(scale * layer.direction[i * width + j]);
      if (layer.hasBias)
        preconditioned_[layer.biasOffset + i] = Real(scale * layer.direction[i * width + layer.in]);
    }
  }

  const ParameterLayout layout_;
  const KfacSettings settings_;
  std::vector<Layer<Real>> layers_;
  AlignedArray<Real> preconditioned_;
  int64_t time_ = 0;
};

}  // namespace

template <class Real>
OptimizerPointer<Real> makeKfac(const OptimizerSpec& spec, const ParameterLayout& layout) {
  Hyperparameters reader(spec);
  KfacSettings settings;
  settings.tikhonov = reader.word("form", "kfac-pytorch", {"kfac-pytorch", "factored-tikhonov"}) != "kfac-pytorch";
  const double lr = reader.learningRate(0.1);
  settings.damping = reader.number("damping", settings.tikhonov ? 0.1 : 1e-3);
  Hyperparameters::require(settings.damping > 0, "damping must be > 0", settings.damping);
  settings.klClip = reader.number("klClip", 1e-3);
  Hyperparameters::require(settings.klClip >= 0, "kl_clip must be > 0 (or 0 for none)", settings.klClip);
  settings.factorDecay = reader.number("factorDecay", 0.95);
  Hyperparameters::require(settings.factorDecay > 0 && settings.factorDecay <= 1, "factor_decay must be in (0, 1]",
                           settings.factorDecay);
  const double factorEvery = reader.number("factorEvery", 1), inverseEvery = reader.number("inverseEvery", 1);
  Hyperparameters::require(factorEvery >= 1, "factor_update_steps must be > 0", factorEvery);
  Hyperparameters::require(inverseEvery >= 1, "inv_update_steps must be > 0", inverseEvery);
  settings.factorEvery = static_cast<int64_t>(factorEvery);
  settings.inverseEvery = static_cast<int64_t>(inverseEvery);
  OptimizerSpec sgd;
  sgd.kind = "sgd";
  sgd.numbers = {{"lr", lr},
                 {"momentum", reader.momentum(settings.tikhonov ? 0.9 : 0)},
                 {"weightDecay", reader.weightDecay()}};
  reader.finish();
  return std::make_unique<Kfac<Real>>(layout, makeSgd<Real>(sgd, layout), settings);
}

TRAINLINT_INSTANTIATE_MAKER(makeKfac)

}  // namespace trainlint
