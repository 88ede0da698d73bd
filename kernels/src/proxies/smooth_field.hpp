// Low-frequency random fields: normal numbers on a coarse grid, interpolated.
#pragma once

#include <vector>

#include "rng/random.hpp"

namespace trainlint {

/// `size` x `size` values, bilinear between `grid` x `grid` normal numbers, scaled to unit variance.
std::vector<float> smoothField(Random& random, int grid, int size);

}  // namespace trainlint
