// What DeepSpeed's cpu_adam.h wants of PyTorch's header, so that its float32 loops compile without PyTorch: names of
// types that those loops never touch.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <type_traits>
#include <vector>

namespace c10 {
struct Half {};
struct BFloat16 {};
}  // namespace c10
namespace torch {
struct Tensor;
}
