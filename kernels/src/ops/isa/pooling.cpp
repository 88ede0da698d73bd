// Maximum over 2x2 windows and mean over positions.
#include "ops/isa/registry.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

template <class Real>
static void maxPool(int batch, int height, int width, int channels, const Real* x, Real* y, uint8_t* winner) {
  const ptrdiff_t row = ptrdiff_t(width) * channels;
  for (int b = 0; b < batch; b++)
    for (int oy = 0; oy < height / 2; oy++)
      for (int ox = 0; ox < width / 2; ox++, y += channels, winner += channels) {
        const Real* __restrict top = x + ((ptrdiff_t(b) * height + 2 * oy) * width + 2 * ox) * channels;
        for (int c = 0; c < channels; c++) {
          Real most = top[c];
          uint8_t which = 0;
          const Real right = top[channels + c], below = top[row + c], across = top[row + channels + c];
          if (right > most) most = right, which = 1;
          if (below > most) most = below, which = 2;
          if (across > most) most = across, which = 3;
          // a comparison hides NaN, the sum shows it
          const Real all = top[c] + right + below + across;
          y[c] = all != all ? all : most;
          winner[c] = which;
        }
      }
}

template <class Real>
static void maxPoolBack(int batch, int height, int width, int channels, const Real* dy, const uint8_t* winner, Real* dx,
                        bool accumulate) {
  const ptrdiff_t row = ptrdiff_t(width) * channels;
  if (!accumulate)
    for (ptrdiff_t i = 0; i < ptrdiff_t(batch) * height * row; i++) dx[i] = Real(0);
  for (int b = 0; b < batch; b++)
    for (int oy = 0; oy < height / 2; oy++)
      for (int ox = 0; ox < width / 2; ox++, dy += channels, winner += channels) {
        Real* top = dx + ((ptrdiff_t(b) * height + 2 * oy) * width + 2 * ox) * channels;
        for (int c = 0; c < channels; c++) top[(winner[c] >> 1) * row + (winner[c] & 1) * channels + c] += dy[c];
      }
}

template <class Real>
static void meanRows(int batch, int rows, int columns, const Real* x, Real* y) {
  const Real factor = Real(1) / Real(rows);
  for (int b = 0; b < batch; b++, x += ptrdiff_t(rows) * columns, y += columns) {
    for (int c = 0; c < columns; c++) y[c] = Real(0);
    addColumnSums(ptrdiff_t(rows), columns, x, y);
    for (int c = 0; c < columns; c++) y[c] *= factor;
  }
}

template <class Real>
static void meanRowsBack(int batch, int rows, int columns, const Real* dy, Real* dx, bool accumulate) {
  const Real factor = Real(1) / Real(rows);
  for (int b = 0; b < batch; b++, dy += columns)
    for (int r = 0; r < rows; r++, dx += columns) {
      if (accumulate)
        for (int c = 0; c < columns; c++) dx[c] += dy[c] * factor;
      else
        for (int c = 0; c < columns; c++) dx[c] = dy[c] * factor;
    }
}

template <class Real>
void registerPooling(Kernels<Real>& k) {
  k.maxPool = maxPool<Real>;
  k.maxPoolBack = maxPoolBack<Real>;
  k.meanRows = meanRows<Real>;
  k.meanRowsBack = meanRowsBack<Real>;
}
TRAINLINT_REGISTER(registerPooling)

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
