#include "optim/elementwise.hpp"

namespace trainlint {

std::vector<Range> separateSegments(const ParameterLayout& layout) {
  std::vector<Range> ranges;
  size_t state = 0;
  for (const Segment& segment : layout.segments) {
    ranges.push_back({segment.offset, state, segment.size, segment.decay});
    state += segment.size;
  }
  return ranges;
}

std::vector<Range> joinSegments(const ParameterLayout& layout, bool decayMatters) {
  std::vector<Range> joined;
  for (const Range& range : separateSegments(layout)) {
    if (!joined.empty()) {
      Range& last = joined.back();
      const bool touches = last.offset + last.size == range.offset;
      if (touches && (last.decay == range.decay || !decayMatters)) {
        last.size += range.size;
        continue;
      }
    }
    joined.push_back(range);
  }
  return joined;
}

size_t elementCount(const ParameterLayout& layout) {
  size_t count = 0;
  for (const Segment& segment : layout.segments) count += segment.size;
  return count;
}

}  // namespace trainlint
