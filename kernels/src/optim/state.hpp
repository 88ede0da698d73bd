// State as one vector of Reals: arrays as they are, counters and double scalars packed so that float32 keeps every bit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace trainlint {

/// 64-byte aligned array, zero at birth.
template <class Real>
class AlignedArray {
 public:
  AlignedArray() = default;
  explicit AlignedArray(size_t size);
  Real* data() { return data_.get(); }
  const Real* data() const { return data_.get(); }
  Real& operator[](size_t i) { return data_[i]; }
  const Real& operator[](size_t i) const { return data_[i]; }
  size_t size() const { return size_; }
  size_t bytes() const { return size_ * sizeof(Real); }

 private:
  struct Release {
    void operator()(Real* pointer) const;
  };
  std::unique_ptr<Real[], Release> data_;
  size_t size_ = 0;
};

template <class Real>
class StateWriter {
 public:
  void array(const Real* values, size_t count) { state_.insert(state_.end(), values, values + count); }
  void array(const AlignedArray<Real>& values) { array(values.data(), values.size()); }
  /// Five Reals: class, exponent and three 18-bit pieces of the mantissa, each exact in float32.
  void scalar(double value);
  void count(int64_t value) { scalar(static_cast<double>(value)); }
  void nested(const std::vector<Real>& inner);
  std::vector<Real> take() { return std::move(state_); }

 private:
  std::vector<Real> state_;
};

/// Reads in the same order; a state of another length is refused with std::invalid_argument.
template <class Real>
class StateReader {
 public:
  explicit StateReader(const std::vector<Real>& state) : state_(state) {}
  void array(Real* values, size_t count);
  void array(AlignedArray<Real>& values) { array(values.data(), values.size()); }
  double scalar();
  int64_t count();
  std::vector<Real> nested();
  void finish() const;

 private:
  void need(size_t count) const;
  const std::vector<Real>& state_;
  size_t position_ = 0;
};

}  // namespace trainlint
