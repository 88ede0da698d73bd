// A sequence of random numbers at one place of the counter space.
#pragma once

#include <cstdint>
#include <vector>

#include "rng/philox.hpp"

namespace trainlint {

class Random {
 public:
  /// `sequence` separates e.g. the batches of one stream (the step number). Below 2^32 blocks of four numbers each.
  Random(uint64_t seed, Stream stream, uint64_t sequence = 0);

  /// 32 uniform bits.
  uint32_t bits();
  /// Uniform in [0, 1), 24 bits.
  float uniform();
  float uniform(float low, float high) { return low + (high - low) * uniform(); }
  /// Uniform in 0 ... n-1, n >= 1.
  uint32_t integer(uint32_t n);
  float normal();
  /// Standard normal numbers, the same for every instruction set.
  void fillNormal(float* out, size_t n);
  /// Index drawn with the given cumulative weights (last one = total).
  uint32_t choose(const float* cumulative, uint32_t n);
  std::vector<uint32_t> permutation(uint32_t n);

 private:
  PhiloxBlock nextBlock();

  uint32_t key_[2];
  uint32_t stream_;
  uint64_t sequence_;
  uint32_t counter_ = 0;
  PhiloxBlock block_{};
  int used_ = 4;
};

}  // namespace trainlint
