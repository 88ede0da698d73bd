// All segments as one vector without gaps, for the optimizers that treat the parameters as a point in R^n.
#pragma once

#include <algorithm>

#include "optim/elementwise.hpp"

namespace trainlint {

class FlatView {
 public:
  explicit FlatView(const ParameterLayout& layout) : ranges_(joinSegments(layout, false)), size_(elementCount(layout)) {
    positions_.reserve(ranges_.size() > 1 ? size_ : 0);
    if (ranges_.size() > 1)
      for (const Range& range : ranges_)
        for (size_t i = 0; i < range.size; i++) positions_.push_back(range.offset + i);
  }

  size_t size() const { return size_; }

  /// Arena position of element i.
  size_t position(size_t i) const {
    if (!positions_.empty()) return positions_[i];
    return ranges_.empty() ? i : ranges_[0].offset + i;
  }

  template <class Real>
  void gather(const Real* arena, Real* flat) const {
    for (const Range& range : ranges_) std::copy_n(arena + range.offset, range.size, flat + range.state);
  }

  template <class Real>
  void scatter(const Real* flat, Real* arena) const {
    for (const Range& range : ranges_) std::copy_n(flat + range.state, range.size, arena + range.offset);
  }

 private:
  std::vector<Range> ranges_;
  size_t size_;
  std::vector<size_t> positions_;
};

}  // namespace trainlint
