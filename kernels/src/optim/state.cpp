#include "optim/state.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <new>

#include "failure/failure.hpp"
#include "simd/precision.hpp"

namespace trainlint {

namespace {
constexpr std::align_val_t kAlignment{64};
constexpr double kPiece = 1 << 18;
enum ValueClass { kFinite = 0, kInfinite = 1, kNegativeInfinite = 2, kNotANumber = 3 };
}  // namespace

template <class Real>
AlignedArray<Real>::AlignedArray(size_t size) : size_(size) {
  if (size == 0) return;
  data_.reset(static_cast<Real*>(::operator new[](size * sizeof(Real), kAlignment)));
  std::fill_n(data_.get(), size, Real(0));
}

template <class Real>
void AlignedArray<Real>::Release::operator()(Real* pointer) const {
  ::operator delete[](pointer, kAlignment);
}

template <class Real>
void StateWriter<Real>::scalar(double value) {
  ValueClass valueClass = kFinite;
  if (std::isnan(value)) valueClass = kNotANumber;
  if (std::isinf(value)) valueClass = value > 0 ? kInfinite : kNegativeInfinite;
  int exponent = 0;
  double mantissa = valueClass == kFinite ? std::frexp(value, &exponent) : 0;
  state_.push_back(Real(valueClass));
  state_.push_back(Real(exponent));
  for (int piece = 0; piece < 3; piece++) {
    mantissa *= kPiece;
    const double whole = std::trunc(mantissa);
    state_.push_back(Real(whole));
    mantissa -= whole;
  }
}

template <class Real>
void StateWriter<Real>::nested(const std::vector<Real>& inner) {
  count(static_cast<int64_t>(inner.size()));
  array(inner.data(), inner.size());
}

template <class Real>
void StateReader<Real>::need(size_t count) const {
  if (state_.size() - position_ < count)
    refuse("The saved state is too short: it belongs to another optimizer or other shapes");
}

template <class Real>
void StateReader<Real>::array(Real* values, size_t count) {
  need(count);
  std::copy_n(state_.data() + position_, count, values);
  position_ += count;
}

template <class Real>
double StateReader<Real>::scalar() {
  need(5);
  const Real* part = state_.data() + position_;
  position_ += 5;
  if (!(std::fabs(part[1]) <= Real(2000)))
    refuse("The saved state is damaged: a counter in it is no number");
  if (part[0] == Real(kNotANumber)) return std::numeric_limits<double>::quiet_NaN();
  if (part[0] == Real(kInfinite)) return std::numeric_limits<double>::infinity();
  if (part[0] == Real(kNegativeInfinite)) return -std::numeric_limits<double>::infinity();
  const double mantissa = ((double(part[4]) / kPiece + double(part[3])) / kPiece + double(part[2])) / kPiece;
  return std::ldexp(mantissa, static_cast<int>(part[1]));
}

template <class Real>
int64_t StateReader<Real>::count() {
  const double value = scalar();
  if (!(value >= 0 && value < 9007199254740992.0))
    refuse("The saved state is damaged: a counter in it is out of range");
  return static_cast<int64_t>(value);
}

template <class Real>
std::vector<Real> StateReader<Real>::nested() {
  const size_t size = static_cast<size_t>(count());
  need(size);
  std::vector<Real> inner(size);
  array(inner.data(), inner.size());
  return inner;
}

template <class Real>
void StateReader<Real>::finish() const {
  if (position_ != state_.size())
    refuse("The saved state is too long: it belongs to another optimizer or other shapes");
}

template class AlignedArray<float>;
template class AlignedArray<double>;
template class StateWriter<float>;
template class StateReader<float>;
#if TRAINLINT_FLOAT64
template class StateWriter<double>;
template class StateReader<double>;
#endif

}  // namespace trainlint
