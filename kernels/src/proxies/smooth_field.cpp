#include "proxies/smooth_field.hpp"

#include <cmath>

namespace trainlint {

std::vector<float> smoothField(Random& random, int grid, int size) {
  std::vector<float> coarse(size_t(grid) * grid), fine(size_t(size) * size);
  random.fillNormal(coarse.data(), coarse.size());
  const float step = float(grid - 1) / float(size - 1);
  double squares = 0;
  for (int y = 0; y < size; y++)
    for (int x = 0; x < size; x++) {
      const float gy = float(y) * step, gx = float(x) * step;
      const int y0 = std::min(int(gy), grid - 2), x0 = std::min(int(gx), grid - 2);
      const float fy = gy - float(y0), fx = gx - float(x0);
      const float* corner = &coarse[size_t(y0 * grid + x0)];
      const float top = corner[0] + fx * (corner[1] - corner[0]);
      const float bottom = corner[grid] + fx * (corner[grid + 1] - corner[grid]);
      const float value = top + fy * (bottom - top);
      fine[size_t(y * size + x)] = value;
      squares += double(value) * value;
    }
  const float factor = float(1 / std::sqrt(squares / double(fine.size()) + 1e-12));
  for (float& value : fine) value *= factor;
  return fine;
}

}  // namespace trainlint
