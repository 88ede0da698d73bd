// Adafactor: sublinear memory, the second moment of a matrix factored into rows and columns (Shazeer and Stern,
// arXiv 1804.04235).
//
//   o_t = t^beta2Decay                          (1 - beta2 of step t)
//   R   <- R + o_t (rowMeans(g^2 + eps1) - R),  C <- C + o_t (columnMeans(g^2 + eps1) - C)
//   v   = R C / mean(R)                         (a vector keeps v whole: v <- v + o_t (g^2 + eps1 - v))
//   u   = g / sqrt(v),   u <- u / max(1, rms(u) / clipThreshold)
//   p   <- p - weightDecay alpha p - alpha u
//   alpha = max(eps2, rms(p)) (1 without scaleParameter) times
//           lr, or with relativeStep min(1e-2, 1 / sqrt(t)), with warmupInit min(1e-6 t, 1 / sqrt(t))
//
// p, g: tensors of any shape; rows and columns are the last two dimensions. Defaults: lr null, relativeStep true,
// scaleParameter true, warmupInit false, beta2Decay -0.8, clipThreshold 1, eps [1e-30, 1e-3], beta1 null (a number
// keeps a moving average of the update), weightDecay 0. Convention: fairseq and Hugging Face (what T5 was tuned
// with: lr 1e-3, relativeStep false, scaleParameter false). A manual lr beside relativeStep is refused, as there; with
// relativeStep the learning rate given to `step` is not used.
// `form: 'torch'` (torch.optim.Adafactor): alpha = max(eps2, rms(p)) min(lr, 1 / sqrt(t)) with lr 1e-2, p shrinks by
// 1 - lr weightDecay, nothing is added to g^2, and eps1 (null: the type's epsilon) is a floor: mean(R) >= eps1,
// v >= eps1^2.
// State: rows + columns of a matrix, one Real an element of a vector; with beta1 one Real a parameter more.
// The source document names Adafactor in 6.5 without a formula.
#include <cmath>
#include <limits>
#include <optional>

#include "failure/failure.hpp"
#include "optim/factories.hpp"
#include "optim/hyperparameters.hpp"
#include "optim/portable_math.hpp"
#include "optim/tensorwise.hpp"

namespace trainlint {
namespace {

struct AdafactorSettings {
  bool torchForm, relativeStep, scaleParameter, warmupInit;
  double beta2Decay, clipThreshold, eps1, eps2, weightDecay;
  std::optional<double> beta1;
};

// A tensor as `matrices` matrices of rows x columns; a vector or scalar is not factored.
struct Factoring {
  bool factored;
  size_t matrices, rows, columns;
};

Factoring factoringOf(const Segment& segment) {
  if (segment.ndim < 2) return {false, 1, 1, segment.size};
  const size_t columns = static_cast<size_t>(segment.shape[segment.ndim - 1]);
  const size_t rows = static_cast<size_t>(segment.shape[segment.ndim - 2]);
  const size_t matrix = rows * columns;
  return {true, matrix == 0 ? 0 : segment.size / matrix, rows, columns};
}

// Larger of the two; NaN when the second is, as torch.clamp (Python's and C's maxima drop it).
double atLeast(double least, double x) { return x < least ? least : x; }

template <class Real>
class Adafactor final : public Tensorwise<Real> {
 public:
  Adafactor(const ParameterLayout& layout, const AdafactorSettings& settings) : Tensorwise<Real>(layout), settings_(settings) {
    size_t mostRows = 0, mostColumns = 0, tallest = 0, widest = 0;
    for (const Segment& segment : layout.segments) {
      const Factoring f = factoringOf(segment);
      rows_.emplace_back(f.factored ? f.matrices * f.rows : 0);
      columns_.emplace_back(f.factored ? f.matrices * f.columns : segment.size);
      if (!f.factored) continue;
      mostRows = std::max(mostRows, f.matrices * f.rows);
      mostColumns = std::max(mostColumns, f.matrices * f.columns);
      tallest = std::max(tallest, f.rows);
      widest = std::max(widest, f.columns);
    }
    rowSums_ = AlignedArray<double>(tallest);
    columnSums_ = AlignedArray<double>(widest);
    rowInverses_ = AlignedArray<Real>(mostRows);
    columnInverses_ = AlignedArray<Real>(mostColumns);
    if (settings.beta1) average_ = AlignedArray<Real>(elementCount(layout));
  }

  void step(Real* params, const Real* grads, double lr) override {
    ++this->time_;
    const double t = static_cast<double>(this->time_);
    gain_ = realPower(t, settings_.beta2Decay);
    for (size_t index = 0; index < this->segments_.size(); index++) {
      const Range& range = this->ranges_[index];
      if (range.size == 0) continue;
      Real* p = params + range.offset;
      const Real* g = grads + range.offset;
      const double alpha = stepSize(p, range.size, lr, t);
      const double rate = settings_.torchForm ? lr : alpha;
      const double weightDecay = range.decay ? settings_.weightDecay : 0;
      const Real shrink = Real(1 - rate * weightDecay);

      const Factoring f = factoringOf(this->segments_[index]);
      const double squares = f.factored ? foldMatrices(index, f, g) : foldVector(index, g, f.columns);
      const double scale = alpha / clipping(std::sqrt(squares / static_cast<double>(range.size)));
      if (f.factored && !settings_.beta1) {
        visit(f, [&](size_t start, const Real* rows, const Real* columns) {
          this->loops_.factoredStep(p + start, g + start, rows, columns, most(), shrink, Real(-scale), f.rows,
                                    f.columns);
        });
        continue;
      }
      Real* update = this->update_.data();
      if (f.factored)
        visit(f, [&](size_t start, const Real* rows, const Real* columns) {
          this->loops_.factoredUpdate(update + start, g + start, rows, columns, most(), f.rows, f.columns);
        });
      if (weightDecay != 0) this->loops_.scale(p, shrink, range.size);
      if (settings_.beta1) {
        Real* average = average_.data() + range.state;
        this->loops_.scale(update, Real(scale), range.size);
        this->loops_.average(average, update, Real(*settings_.beta1), Real(1 - *settings_.beta1), range.size);
        this->loops_.axpy(p, Real(-1), average, range.size);
      } else {
        this->loops_.axpy(p, Real(-scale), update, range.size);
      }
    }
  }

  size_t stateBytes() const override {
    size_t bytes = average_.bytes();
    for (const auto& array : rows_) bytes += array.bytes();
    for (const auto& array : columns_) bytes += array.bytes();
    return bytes;
  }

  std::vector<Real> saveState() const override {
    StateWriter<Real> writer;
    writer.count(this->time_);
    for (const auto& array : rows_) writer.array(array);
    for (const auto& array : columns_) writer.array(array);
    writer.array(average_);
    return writer.take();
  }

  void loadState(const std::vector<Real>& state) override {
    StateReader<Real> reader(state);
    this->time_ = reader.count();
    for (auto& array : rows_) reader.array(array);
    for (auto& array : columns_) reader.array(array);
    reader.array(average_);
    reader.finish();
  }

 private:
  double stepSize(const Real* p, size_t size, double lr, double t) const {
    const double ceiling = settings_.warmupInit ? 1e-6 * t : 1e-2;
    const double rate = settings_.torchForm      ? std::fmin(lr, 1 / std::sqrt(t))
                        : settings_.relativeStep ? std::fmin(ceiling, 1 / std::sqrt(t))
                                                 : lr;
    if (!settings_.torchForm && !settings_.scaleParameter) return rate;
    return std::fmax(settings_.eps2, std::sqrt(this->loops_.meanSquare(p, size))) * rate;
  }

  // What the update is divided by. One NaN in it makes the whole tensor NaN where the reference takes clamp, its own
  // element alone where it takes Python's max.
  double clipping(double rms) const {
    const double excess = rms / settings_.clipThreshold;
    return settings_.torchForm ? std::fmax(1.0, excess) : atLeast(1, excess);
  }

  /// Bound of 1 / sqrt(v).
  Real most() const {
    return settings_.torchForm ? 1 / std::sqrt(Real(settings_.eps1 * settings_.eps1)) : std::numeric_limits<Real>::infinity();
  }

  double added() const { return settings_.torchForm ? 0 : settings_.eps1; }

  // Calls with each matrix's place in the tensor and its inverse roots of rows and columns.
  template <class Visitor>
  void visit(const Factoring& f, Visitor visitor) {
    for (size_t matrix = 0; matrix < f.matrices; matrix++)
      visitor(matrix * f.rows * f.columns, rowInverses_.data() + matrix * f.rows,
              columnInverses_.data() + matrix * f.columns);
  }

  // Folds g^2 into the averages of rows and columns; returns the sum of the update's squares.
  double foldMatrices(size_t index, const Factoring& f, const Real* g) {
    double squares = 0;
    for (size_t matrix = 0; matrix < f.matrices; matrix++) {
      const Real* block = g + matrix * f.rows * f.columns;
      Real* rows = rows_[index].data() + matrix * f.rows;
      Real* columns = columns_[index].data() + matrix * f.columns;
      Real* rowInverses = rowInverses_.data() + matrix * f.rows;
      Real* columnInverses = columnInverses_.data() + matrix * f.columns;
      this->loops_.sumMatrixSquares(block, f.rows, f.columns, rowSums_.data(), columnSums_.data(), columnInverses);
      fold(rows, rowSums_.data(), f.rows, f.columns);
      fold(columns, columnSums_.data(), f.columns, f.rows);
      const double mean = this->loops_.sum(rows, f.rows) / static_cast<double>(f.rows);
      const double denominator = settings_.torchForm ? atLeast(settings_.eps1, mean) : mean;
      this->loops_.inverseRoots(rowInverses, rows, Real(denominator), f.rows);
      this->loops_.inverseRoots(columnInverses, columns, Real(1), f.columns);
      squares += this->loops_.factoredSquares(block, rowInverses, columnInverses, most(), f.rows, f.columns);
    }
    return squares;
  }

  void fold(Real* average, const double* sums, size_t count, size_t summands) {
    this->loops_.averageSums(average, sums, 1 / static_cast<double>(summands), added(), 1 - gain_, gain_, count);
  }

  // Folds g^2 into a vector's variance and leaves the update in `update_`; returns the sum of its squares.
  double foldVector(size_t index, const Real* g, size_t size) {
    const Real floor = settings_.torchForm ? Real(settings_.eps1 * settings_.eps1) : Real(0);
    this->loops_.rootUpdate(this->update_.data(), g, columns_[index].data(), 1 - gain_, gain_, added(), floor, size);
    return this->loops_.sumSquares(this->update_.data(), size);
  }

  const AdafactorSettings settings_;
  std::vector<AlignedArray<Real>> rows_, columns_;  // a vector keeps its whole variance in `columns_`
  AlignedArray<Real> average_;
  AlignedArray<double> rowSums_, columnSums_;  // scratch, as the inverse roots of a tensor's averages
  AlignedArray<Real> rowInverses_, columnInverses_;
  double gain_ = 1;  // 1 - beta2 of the step
};

}  // namespace

template <class Real>
OptimizerPointer<Real> makeAdafactor(const OptimizerSpec& spec, const ParameterLayout& layout) {
  Hyperparameters reader(spec);
  AdafactorSettings settings{};
  settings.torchForm = reader.word("form", "fairseq", {"fairseq", "torch"}) == "torch";
  const std::optional<double> lr = reader.optionalNumber("lr");
  if (lr) Hyperparameters::require(*lr >= 0, "Learning rate should be >= 0 but is", *lr);
  if (!settings.torchForm) {
    settings.relativeStep = reader.flag("relativeStep", true);
    settings.scaleParameter = reader.flag("scaleParameter", true);
    settings.warmupInit = reader.flag("warmupInit", false);
    settings.beta1 = reader.optionalNumber("beta1");
    if (lr && settings.relativeStep)
      refuse("Cannot combine manual lr and relativeStep=true options");
    if (settings.warmupInit && !settings.relativeStep)
      refuse("warmupInit=true requires relativeStep=true");
    if (settings.beta1)
      Hyperparameters::require(*settings.beta1 >= 0 && *settings.beta1 < 1, "Invalid beta1", *settings.beta1);
  }
  settings.beta2Decay = reader.number("beta2Decay", -0.8);
  Hyperparameters::require(settings.beta2Decay <= 0, "beta2_decay should be <= 0 but is", settings.beta2Decay);
  settings.clipThreshold = reader.number("clipThreshold", 1);
  if (settings.torchForm)
    Hyperparameters::require(settings.clipThreshold >= 1, "Clipping threshold d should be >= 1 but is",
                             settings.clipThreshold);
  else
    Hyperparameters::require(settings.clipThreshold > 0, "Invalid clipThreshold", settings.clipThreshold);
  const double absent = std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> eps = reader.list("eps", {settings.torchForm ? absent : 1e-30, 1e-3});
  const double typeEpsilon = static_cast<double>(std::numeric_limits<Real>::epsilon());
  settings.eps1 = eps[0] != eps[0] ? (settings.torchForm ? typeEpsilon : 1e-30) : eps[0];
  settings.eps2 = eps[1];
  Hyperparameters::require(settings.eps1 >= 0, "epsilon1 should be >= 0 but is", settings.eps1);
  Hyperparameters::require(settings.eps2 >= 0, "epsilon2 should be >= 0 but is", settings.eps2);
  settings.weightDecay = reader.number("weightDecay", 0);
  Hyperparameters::require(settings.weightDecay >= 0, "weight_decay should be >= 0 but is", settings.weightDecay);
  reader.finish();
  return std::make_unique<Adafactor<Real>>(layout, settings);
}

TRAINLINT_INSTANTIATE_MAKER(makeAdafactor)

}  // namespace trainlint
