// Tiny one-stage detector: conv-norm-leaky backbone on 16x16 images of coloured rectangles, a 4x4 grid predicting
// objectness, box and class.
#include "ops/activation.hpp"
#include "ops/batch_norm.hpp"
#include "ops/convolution.hpp"
#include "proxies/all.hpp"
#include "proxies/supervised.hpp"
#include "simd/math.hpp"

namespace trainlint {
namespace yolo_proxy {

constexpr int kSide = 16, kGrid = 4, kCells = kGrid * kGrid, kCellSide = kSide / kGrid, kClasses = 3, kObjects = 2;
constexpr int kOutputs = 5 + kClasses, kWidth = 8;
constexpr double kBoxWeight = 5, kPositiveWeight = 2, kObjectnessWeight = 8;

/// Outputs of a cell: objectness, centre x and y (through a sigmoid), log width and height, class logits.
/// Targets: y = [objectness of all cells, four box numbers of each cell], ids = class of each cell or -1.
template <class Real>
class DetectionLoss : public Layer<Real> {
 public:
  explicit DetectionLoss(Tensor<Real>* x) : x_(x) {}
  std::vector<Tensor<Real>*> inputs() override { return {x_}; }
  void forward(Pass<Real>& p) override {
    using namespace portable;
    int objects = 0;
    for (int i = 0; i < p.batch * kCells; i++) objects += p.ids[i] >= 0;
    const double perObject = 1. / (objects > 0 ? objects : 1), perCell = kObjectnessWeight / (p.batch * kCells);
    double objectness = 0, box = 0, kind = 0;
    for (int i = 0; i < p.batch * kCells; i++) {
      const Real* z = x_->value + ptrdiff_t(i) * kOutputs;
      Real* d = p.wantGradients ? x_->grad + ptrdiff_t(i) * kOutputs : nullptr;
      const int example = i / kCells, cell = i % kCells;
      const float* y = p.targets + ptrdiff_t(example) * 5 * kCells;
      const bool present = p.ids[i] >= 0;
      const Real e = exponential(-absolute(z[0])), tail = logarithm(Real(1) + e);
      const Real s = logistic(z[0]);
      objectness += present ? kPositiveWeight * double((z[0] < 0 ? -z[0] : Real(0)) + tail)
                            : double((z[0] < 0 ? Real(0) : z[0]) + tail);
      if (d) {
        d[0] = present ? Real(-kPositiveWeight * perCell) * (Real(1) - s) : Real(perCell) * s;
        for (int o = 1; o < kOutputs; o++) d[o] = Real(0);
      }
      if (!present) continue;
      const float* truth = y + kCells + 4 * cell;
      for (int k = 0; k < 4; k++) {
        const Real value = k < 2 ? logistic(z[1 + k]) : z[1 + k];
        const Real off = value - Real(truth[k]);
        box += double(off) * double(off);
        if (d) d[1 + k] = Real(2 * kBoxWeight * perObject) * off * (k < 2 ? value * (Real(1) - value) : Real(1));
      }
      Real most = z[5], sum = 0;
      for (int k = 1; k < kClasses; k++) most = z[5 + k] > most ? z[5 + k] : most;
      for (int k = 0; k < kClasses; k++) sum += exponential(z[5 + k] - most);
      kind += double(logarithm(sum)) - double(z[5 + p.ids[i]] - most);
      for (int k = 0; d && k < kClasses; k++)
        d[5 + k] = Real(perObject) * (exponential(z[5 + k] - most) / sum - Real(k == p.ids[i] ? 1 : 0));
    }
    p.loss += perCell * objectness + perObject * (kBoxWeight * box + kind);
  }

 private:
  Tensor<Real>* x_;
};

template <class Real>
class Yolo : public Supervised<Real> {
 public:
  explicit Yolo(const ProxySettings& settings) : Supervised<Real>(settings) {
    Program<Real>& program = this->program_;
    this->shape_ = {kSide * kSide * 3, 5 * kCells, kCells};
    this->input_ = program.tensor(kSide * kSide, 3, false);
    Image<Real> x = layer({this->input_, kSide, kSide}, kWidth, 1);
    x = layer(x, 2 * kWidth, 2);
    x = layer(x, 2 * kWidth, 1);
    x = layer(x, 4 * kWidth, 2);
    program.template add<DetectionLoss<Real>>(convolution(program, x, kOutputs, {1, 1, 0, true}).tensor);
    this->ready(32, 64);
  }

 protected:
  void makeExamples(Random& random, Examples& out, bool) override {
    random.fillNormal(out.x.data(), out.x.size());
    for (int n = 0; n < out.count; n++) {
      float* x = out.x.data() + n * kSide * kSide * 3;
      float* objectness = out.y.data() + n * 5 * kCells;
      int32_t* kind = out.ids.data() + n * kCells;
      for (int i = 0; i < kSide * kSide * 3; i++) x[i] *= .5f;
      std::fill_n(objectness, 5 * kCells, 0.f);
      std::fill_n(kind, kCells, -1);
      for (int object = 0; object < kObjects; object++) {
        const float cy = 15.99f * random.uniform(), cx = 15.99f * random.uniform();
        const float h = 2 + 4 * random.uniform(), w = 2 + 4 * random.uniform();
        const int k = int(random.integer(kClasses));
        for (int i = 0; i < kSide * kSide; i++) {
          const float dy = float(i / kSide) - cy, dx = float(i % kSide) - cx;
          if (dy < h / 2 && -dy < h / 2 && dx < w / 2 && -dx < w / 2) x[3 * i + k] += 1.5f;
        }
        const int row = int(cy) / kCellSide, column = int(cx) / kCellSide, cell = row * kGrid + column;
        objectness[cell] = 1;
        kind[cell] = k;
        float* box = objectness + kCells + 4 * cell;
        box[0] = cy / kCellSide - float(row);
        box[1] = cx / kCellSide - float(column);
        box[2] = portable::logarithm(h / kCellSide);
        box[3] = portable::logarithm(w / kCellSide);
      }
    }
  }

 private:
  Image<Real> layer(Image<Real> x, int out, int stride) {
    Image<Real> y = convolution(this->program_, x, out, {3, stride, 1, false});
    y.tensor = activation(this->program_, batchNorm(this->program_, y.tensor), Activation::leakyRelu, .1);
    return y;
  }
};

}  // namespace yolo_proxy

ProxyEntry yoloProxy() { return proxyEntry<yolo_proxy::Yolo>("yolo", 32, false); }

}  // namespace trainlint
