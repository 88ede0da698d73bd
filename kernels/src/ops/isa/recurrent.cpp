// One time step of the recurrent cells for a whole batch, in PyTorch's gate order. Gate rows lie `gateStride`
// elements apart, rows of states `stateStride`; batch-by-hidden scratch is contiguous.
#include "ops/isa/registry.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

// gates [input | forget | candidate | output] hold sums on entry and activations on return:
// c = f c' + i g, h = o tanh(c)
template <class Real>
static void lstmCell(int batch, int hidden, ptrdiff_t gateStride, ptrdiff_t stateStride, Real* gates, const Real* before,
                     Real* cell, Real* tanhCell, Real* h) {
  for (int b = 0; b < batch; b++) {
    Real* __restrict in = gates + b * gateStride;
    Real* __restrict forget = in + hidden;
    Real* __restrict candidate = forget + hidden;
    Real* __restrict out = candidate + hidden;
    const Real* old = before ? before + b * stateStride : nullptr;
    Real* __restrict c = cell + b * stateStride;
    Real* __restrict t = tanhCell + b * stateStride;
    Real* __restrict y = h + b * stateStride;
    logisticOf(2 * hidden, in, in);
    tanhOf(hidden, candidate, candidate);
    logisticOf(hidden, out, out);
    if (old) {
      TRAINLINT_INDEPENDENT
      for (int j = 0; j < hidden; j++) c[j] = forget[j] * old[j] + in[j] * candidate[j];
    } else {
      TRAINLINT_INDEPENDENT
      for (int j = 0; j < hidden; j++) c[j] = in[j] * candidate[j];
    }
    tanhOf(hidden, c, t);
    TRAINLINT_INDEPENDENT
    for (int j = 0; j < hidden; j++) y[j] = out[j] * t[j];
  }
}

template <class Real>
static void lstmCellBack(int batch, int hidden, ptrdiff_t gateStride, ptrdiff_t stateStride, const Real* gates,
                         const Real* before, const Real* tanhCell, const Real* dh, Real* dCell, Real* dGates) {
  for (int b = 0; b < batch; b++) {
    const Real* __restrict in = gates + b * gateStride;
    const Real* __restrict forget = in + hidden;
    const Real* __restrict candidate = forget + hidden;
    const Real* __restrict out = candidate + hidden;
    const Real* old = before ? before + b * stateStride : nullptr;
    const Real* __restrict t = tanhCell + b * stateStride;
    const Real* __restrict d = dh + b * hidden;
    Real* __restrict dc = dCell + b * hidden;
    Real* __restrict dIn = dGates + b * gateStride;
    Real* __restrict dForget = dIn + hidden;
    Real* __restrict dCandidate = dForget + hidden;
    Real* __restrict dOut = dCandidate + hidden;
    TRAINLINT_INDEPENDENT
    for (int j = 0; j < hidden; j++) {
      const Real total = dc[j] + d[j] * out[j] * (Real(1) - t[j] * t[j]);
      dOut[j] = d[j] * t[j] * (out[j] * (Real(1) - out[j]));
      dIn[j] = total * candidate[j] * (in[j] * (Real(1) - in[j]));
      dCandidate[j] = total * in[j] * (Real(1) - candidate[j] * candidate[j]);
      dForget[j] = total;
      dc[j] = total * forget[j];
    }
    if (old) {
      TRAINLINT_INDEPENDENT
      for (int j = 0; j < hidden; j++) dForget[j] = dForget[j] * old[j] * (forget[j] * (Real(1) - forget[j]));
    } else {
      TRAINLINT_INDEPENDENT
      for (int j = 0; j < hidden; j++) dForget[j] = Real(0);
    }
  }
}

// gates [reset | update | candidate] hold the input's share, `recurrent` the state's:
// n = tanh(x_n + r h_n), h = (1 - z) n + z h'
template <class Real>
static void gruCell(int batch, int hidden, ptrdiff_t gateStride, ptrdiff_t stateStride, Real* gates,
                    const Real* recurrent, const Real* before, Real* h) {
  for (int b = 0; b < batch; b++) {
    Real* __restrict reset = gates + b * gateStride;
    Real* __restrict update = reset + hidden;
    Real* __restrict candidate = update + hidden;
    const Real* __restrict r = recurrent + b * gateStride;
    const Real* __restrict old = before + b * stateStride;
    Real* __restrict y = h + b * stateStride;
    TRAINLINT_INDEPENDENT
    for (int j = 0; j < 2 * hidden; j++) reset[j] += r[j];
    logisticOf(2 * hidden, reset, reset);
    TRAINLINT_INDEPENDENT
    for (int j = 0; j < hidden; j++) candidate[j] += reset[j] * r[2 * hidden + j];
    tanhOf(hidden, candidate, candidate);
    TRAINLINT_INDEPENDENT
    for (int j = 0; j < hidden; j++) y[j] = (Real(1) - update[j]) * candidate[j] + update[j] * old[j];
  }
}

// dInput and dRecurrent: gradients of the two shares of the sums. `dBefore` gets the direct part of dh'.
template <class Real>
static void gruCellBack(int batch, int hidden, ptrdiff_t gateStride, ptrdiff_t stateStride, const Real* gates,
                        const Real* recurrent, const Real* before, const Real* dh, Real* dBefore, Real* dInput,
                        Real* dRecurrent) {
  for (int b = 0; b < batch; b++) {
    const Real* __restrict reset = gates + b * gateStride;
    const Real* __restrict update = reset + hidden;
    const Real* __restrict candidate = update + hidden;
    const Real* __restrict rn = recurrent + b * gateStride + 2 * hidden;
    const Real* __restrict old = before + b * stateStride;
    const Real* __restrict d = dh + b * hidden;
    Real* __restrict dx = dInput + b * gateStride;
    Real* __restrict dr = dRecurrent + b * gateStride;
    Real* __restrict direct = dBefore + b * hidden;
    TRAINLINT_INDEPENDENT
    for (int j = 0; j < hidden; j++) {
      const Real dn = d[j] * (Real(1) - update[j]) * (Real(1) - candidate[j] * candidate[j]);
      const Real dz = d[j] * (old[j] - candidate[j]) * (update[j] * (Real(1) - update[j]));
      const Real dReset = dn * rn[j] * (reset[j] * (Real(1) - reset[j]));
      direct[j] = d[j] * update[j];
      dx[j] = dReset;
      dx[hidden + j] = dz;
      dx[2 * hidden + j] = dn;
      dr[j] = dReset;
      dr[hidden + j] = dz;
      dr[2 * hidden + j] = dn * reset[j];
    }
  }
}

// h = tanh(sum)
template <class Real>
static void rnnCell(int batch, int hidden, ptrdiff_t stride, const Real* sums, Real* h) {
  for (int b = 0; b < batch; b++) tanhOf(hidden, sums + b * stride, h + b * stride);
}

template <class Real>
static void rnnCellBack(int batch, int hidden, ptrdiff_t stride, const Real* h, const Real* dh, Real* dSums) {
  for (int b = 0; b < batch; b++) {
    const Real* __restrict y = h + b * stride;
    const Real* __restrict d = dh + b * hidden;
    Real* __restrict ds = dSums + b * stride;
    TRAINLINT_INDEPENDENT
    for (int j = 0; j < hidden; j++) ds[j] = d[j] * (Real(1) - y[j] * y[j]);
  }
}

template <class Real>
void registerRecurrent(Kernels<Real>& k) {
  k.lstmCell = lstmCell<Real>;
  k.lstmCellBack = lstmCellBack<Real>;
  k.gruCell = gruCell<Real>;
  k.gruCellBack = gruCellBack<Real>;
  k.rnnCell = rnnCell<Real>;
  k.rnnCellBack = rnnCellBack<Real>;
}
TRAINLINT_REGISTER(registerRecurrent)

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
