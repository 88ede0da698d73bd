// Matrix product with register tiles and no packing: the proxies' matrices fit the caches, and packing them would
// cost more than it saves. A tile of C stays in registers while k runs; each element of C is a plain sum over k in
// order, so tile shape and vector width do not show in the result.
#include "ops/isa/registry.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

template <class Real>
struct Product {
  int K;
  const Real* a;
  ptrdiff_t aRow, aColumn;
  const Real* b;
  ptrdiff_t bRow;
  Real* c;
  ptrdiff_t cRow;
  const Real* bias;
  bool accumulate;
};

// C[i ... i+Rows, j ... j+Vectors*width]
template <class Real, int Bytes, int Rows, int Vectors>
static inline void tile(const Product<Real>& p, int i, int j) {
  typedef typename VectorOf<Real, Bytes>::type Vector;
  constexpr int width = Bytes / int(sizeof(Real));
  const Real* __restrict a = p.a + i * p.aRow;
  const Real* __restrict b = p.b + j;
  Real* c = p.c + i * p.cRow + j;
  Vector sum[Rows][Vectors];
  for (int r = 0; r < Rows; r++)
    for (int v = 0; v < Vectors; v++) {
      if (p.accumulate) sum[r][v] = *(const Vector*)(c + r * p.cRow + v * width);
      else if (p.bias) sum[r][v] = *(const Vector*)(p.bias + j + v * width);
      else sum[r][v] = Vector{};
    }
  const auto addProducts = [&](const Real* left, const Real* right) {
    Vector row[Vectors];
    for (int v = 0; v < Vectors; v++) row[v] = *(const Vector*)(right + v * width);
    for (int r = 0; r < Rows; r++) {
      const Real factor = left[r * p.aRow];
      for (int v = 0; v < Vectors; v++) sum[r][v] += factor * row[v];
    }
  };
  if constexpr (kWideTiles)
    for (int k = p.K; k > 0; k--, a += p.aColumn, b += p.bRow) addProducts(a, b);
  else
    for (int k = 0; k < p.K; k++, a += p.aColumn) addProducts(a, b + k * p.bRow);
  for (int r = 0; r < Rows; r++)
    for (int v = 0; v < Vectors; v++) *(Vector*)(c + r * p.cRow + v * width) = sum[r][v];
}

template <class Real, int Bytes, int Vectors>
TRAINLINT_APART static void stripe(const Product<Real>& given, int M, int j) {
  const Product<Real> p = given;  // a copy of its own, which no store can change
  // Two tiles of four rows wait less for their sums than one of six and one of two.
  constexpr int kLast = kTileRows == 6 ? 8 : 0;
  int i = 0;
  if constexpr (Vectors <= 2) {
    for (; i + kTileRows <= M && M - i != kLast; i += kTileRows) tile<Real, Bytes, kTileRows, Vectors>(p, i, j);
    for (; i + 4 <= M; i += 4) tile<Real, Bytes, 4, Vectors>(p, i, j);
  }
  for (; i + 2 <= M; i += 2) tile<Real, Bytes, 2, Vectors>(p, i, j);
  if (i < M) tile<Real, Bytes, 1, Vectors>(p, i, j);
}

#if TRAINLINT_VECTOR_BYTES < 64
// One column of C, four rows at a time to overlap the chains of additions.
template <class Real>
static void column(const Product<Real>& p, int M, int j) {
  int i = 0;
  const Real start = !p.accumulate && p.bias ? p.bias[j] : Real(0);
  for (; i + 4 <= M; i += 4) {
    const Real* a = p.a + i * p.aRow;
    Real* c = p.c + i * p.cRow + j;
    Real s[4];
    for (int r = 0; r < 4; r++) s[r] = p.accumulate ? c[r * p.cRow] : start;
    for (int k = 0; k < p.K; k++) {
      const Real factor = p.b[k * p.bRow + j];
      for (int r = 0; r < 4; r++) s[r] += a[r * p.aRow + k * p.aColumn] * factor;
    }
    for (int r = 0; r < 4; r++) c[r * p.cRow] = s[r];
  }
  for (; i < M; i++) {
    Real s = p.accumulate ? p.c[i * p.cRow + j] : start;
    for (int k = 0; k < p.K; k++) s += p.a[i * p.aRow + k * p.aColumn] * p.b[k * p.bRow + j];
    p.c[i * p.cRow + j] = s;
  }
}
#endif

template <class Real>
static void stripes(const Product<Real>& p, int M, int N) {
  constexpr int width = TRAINLINT_VECTOR_BYTES / int(sizeof(Real));
  int j = 0;
  if constexpr (kWideTiles)
    for (; j + 4 * width <= N; j += 4 * width) stripe<Real, TRAINLINT_VECTOR_BYTES, 4>(p, M, j);
  for (; j + 2 * width <= N; j += 2 * width) stripe<Real, TRAINLINT_VECTOR_BYTES, 2>(p, M, j);
  for (; j + width <= N; j += width) stripe<Real, TRAINLINT_VECTOR_BYTES, 1>(p, M, j);
#if TRAINLINT_VECTOR_BYTES >= 64
  if (j < N)
    avx2::gemm<Real>(M, N - j, p.K, p.a, p.aRow, p.aColumn, p.b + j, p.bRow, p.c + j, p.cRow, p.bias ? p.bias + j : nullptr,
                     p.accumulate);
#else
#if TRAINLINT_VECTOR_BYTES >= 32
  for (; j + 16 / int(sizeof(Real)) <= N; j += 16 / int(sizeof(Real))) stripe<Real, 16, 1>(p, M, j);
#endif
  for (; j < N; j++) column(p, M, j);
#endif
}

template <class Real>
void gemm(int M, int N, int K, const Real* a, ptrdiff_t aRow, ptrdiff_t aColumn, const Real* b, ptrdiff_t bRow, Real* c,
          ptrdiff_t cRow, const Real* bias, bool accumulate) {
  // Down the columns of A every element lies in another cache line: as many as stay in the first cache while all
  // tiles pass over them. The sums go on where the last block left them.
  constexpr int kBlock = 128;
  const int step = aColumn != 1 && K > kBlock ? kBlock : K;
  int k = 0;
  do {
    const Product<Real> p{K - k < step ? K - k : step, a + k * aColumn, aRow, aColumn, b + k * bRow, bRow, c, cRow, bias,
                          accumulate || k > 0};
    stripes(p, M, N);
    k += step;
  } while (k < K);
}

#if TRAINLINT_VECTOR_BYTES < 64
template <class Real>
void transpose(int rows, int columns, const Real* a, ptrdiff_t aRow, Real* b, ptrdiff_t bRow) {
  for (int i0 = 0; i0 < rows; i0 += 16)
    for (int j = 0; j < columns; j++) {
      const int end = i0 + 16 < rows ? i0 + 16 : rows;
      for (int i = i0; i < end; i++) b[j * bRow + i] = a[i * aRow + j];
    }
}
#endif

template <class Real>
void addColumnSums(ptrdiff_t rows, int columns, const Real* a, Real* out) {
  int j = 0;
  for (; j + 16 <= columns; j += 16) {
    Lanes<Real> even = Lanes<Real>::zero(), odd = Lanes<Real>::zero();
    ptrdiff_t i = 0;
    for (; i + 2 <= rows; i += 2) {
      even += Lanes<Real>::load(a + i * columns + j);
      odd += Lanes<Real>::load(a + (i + 1) * columns + j);
    }
    if (i < rows) even += Lanes<Real>::load(a + i * columns + j);
    even += odd;
    Lanes<Real> total = Lanes<Real>::load(out + j);
    total += even;
    total.store(out + j);
  }
  for (; j < columns; j++) {
    Real even = 0, odd = 0;
    ptrdiff_t i = 0;
    for (; i + 2 <= rows; i += 2) {
      even += a[i * columns + j];
      odd += a[(i + 1) * columns + j];
    }
    if (i < rows) even += a[i * columns + j];
    out[j] += even + odd;
  }
}

template <class Real>
void registerGemm(Kernels<Real>& k) {
  k.gemm = gemm<Real>;
  k.transpose = transpose<Real>;
  k.addColumnSums = addColumnSums<Real>;
}
TRAINLINT_REGISTER(registerGemm)

// Called by the other files of this folder.
#define TRAINLINT_INSTANTIATE(REAL)                                                                             \
  template void gemm<REAL>(int, int, int, const REAL*, ptrdiff_t, ptrdiff_t, const REAL*, ptrdiff_t, REAL*, ptrdiff_t, \
                           const REAL*, bool);                                                                  \
  template void addColumnSums<REAL>(ptrdiff_t, int, const REAL*, REAL*);
TRAINLINT_INSTANTIATE(float)
#if TRAINLINT_VECTOR_BYTES < 64
template void transpose<float>(int, int, const float*, ptrdiff_t, float*, ptrdiff_t);
#endif
#if TRAINLINT_FLOAT64_LOOPS
TRAINLINT_INSTANTIATE(double)
template void transpose<double>(int, int, const double*, ptrdiff_t, double*, ptrdiff_t);
#endif

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
