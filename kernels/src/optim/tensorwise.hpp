// Base of the optimizers that look at whole tensors (norms, rows and columns): one pass a segment.
#pragma once

#include <algorithm>

#include "optim/elementwise.hpp"

namespace trainlint {

template <class Real>
class Tensorwise : public Optimizer<Real> {
 public:
  explicit Tensorwise(const ParameterLayout& layout)
      : loops_(optimLoops<Real>()), segments_(layout.segments), ranges_(separateSegments(layout)) {
    size_t longest = 0;
    for (const Segment& segment : segments_) longest = std::max(longest, segment.size);
    update_ = AlignedArray<Real>(longest);
  }

 protected:
  const OptimLoops<Real>& loops_;
  const std::vector<Segment> segments_;
  const std::vector<Range> ranges_;
  AlignedArray<Real> update_;  // the update of the segment at hand; scratch, not state
  int64_t time_ = 0;
};

}  // namespace trainlint
