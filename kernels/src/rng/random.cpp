#include "rng/random.hpp"

#include <utility>

#include "ops/kernels.hpp"

namespace trainlint {

Random::Random(uint64_t seed, Stream stream, uint64_t sequence)
    : key_{uint32_t(seed), uint32_t(seed >> 32)}, stream_(uint32_t(stream)), sequence_(sequence) {}

PhiloxBlock Random::nextBlock() {
  return philox(counter_++, stream_, uint32_t(sequence_), uint32_t(sequence_ >> 32), key_[0], key_[1]);
}

uint32_t Random::bits() {
  if (used_ == 4) {
    block_ = nextBlock();
    used_ = 0;
  }
  return block_.word[used_++];
}

float Random::uniform() { return float(bits() >> 8) * 0x1p-24f; }

uint32_t Random::integer(uint32_t n) { return uint32_t((uint64_t(bits()) * n) >> 32); }

float Random::normal() {
  float value = 0;
  fillNormal(&value, 1);
  return value;
}

void Random::fillNormal(float* out, size_t n) {
  const RandomCounter at{counter_, stream_, uint32_t(sequence_), uint32_t(sequence_ >> 32), key_[0], key_[1]};
  kernels<float>().fillNormal(at, out, n);
  counter_ += uint32_t((n + 3) / 4);
}

uint32_t Random::choose(const float* cumulative, uint32_t n) {
  const float at = uniform() * cumulative[n - 1];
  uint32_t low = 0, high = n - 1;
  while (low < high) {
    const uint32_t middle = (low + high) / 2;
    if (cumulative[middle] > at) high = middle;
    else low = middle + 1;
  }
  return low;
}

std::vector<uint32_t> Random::permutation(uint32_t n) {
  std::vector<uint32_t> order(n);
  for (uint32_t i = 0; i < n; i++) order[i] = i;
  for (uint32_t i = n; i > 1; i--) std::swap(order[i - 1], order[integer(i)]);
  return order;
}

}  // namespace trainlint
