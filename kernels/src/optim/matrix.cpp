#include "optim/matrix.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace trainlint {

void multiply(const double* a, const double* b, double* c, size_t m, size_t k, size_t n) {
  for (size_t i = 0; i < m; i++) {
    double* row = c + i * n;
    std::fill_n(row, n, 0.0);
    for (size_t l = 0; l < k; l++) {
      const double factor = a[i * k + l];
      const double* other = b + l * n;
      for (size_t j = 0; j < n; j++) row[j] += factor * other[j];
    }
  }
}

Matrix transposed(const Matrix& a, size_t m, size_t n) {
  Matrix t(a.size());
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j < n; j++) t[j * m + i] = a[i * n + j];
  return t;
}

bool solve(Matrix& a, std::vector<double>& b) {
  const size_t n = b.size();
  for (size_t column = 0; column < n; column++) {
    size_t pivot = column;
    for (size_t row = column + 1; row < n; row++)
      if (std::fabs(a[row * n + column]) > std::fabs(a[pivot * n + column])) pivot = row;
    if (a[pivot * n + column] == 0) return false;
    if (pivot != column) {
      std::swap_ranges(a.begin() + pivot * n, a.begin() + (pivot + 1) * n, a.begin() + column * n);
      std::swap(b[pivot], b[column]);
    }
    for (size_t row = column + 1; row < n; row++) {
      const double factor = a[row * n + column] / a[column * n + column];
      if (factor == 0) continue;
      for (size_t j = column; j < n; j++) a[row * n + j] -= factor * a[column * n + j];
      b[row] -= factor * b[column];
    }
  }
  for (size_t row = n; row-- > 0;) {
    double sum = b[row];
    for (size_t j = row + 1; j < n; j++) sum -= a[row * n + j] * b[j];
    b[row] = sum / a[row * n + row];
  }
  return true;
}

namespace {

// Reduces the symmetric z to tridiagonal form (diagonal d, subdiagonal e[1..]) and leaves the transformation in z.
void tridiagonalize(Matrix& z, std::vector<double>& d, std::vector<double>& e) {
  const size_t n = d.size();
  const auto at = [&](size_t i, size_t j) -> double& { return z[i * n + j]; };
  for (size_t i = n - 1; i >= 1; i--) {
    double h = 0, scale = 0;
    for (size_t k = 0; k < i; k++) scale += std::fabs(at(i, k));
    if (i == 1 || scale == 0) {
      e[i] = at(i, i - 1);
      d[i] = 0;
      continue;
    }
    for (size_t k = 0; k < i; k++) {
      at(i, k) /= scale;
      h += at(i, k) * at(i, k);
    }
    const double last = at(i, i - 1);
    const double root = last >= 0 ? -std::sqrt(h) : std::sqrt(h);
    e[i] = scale * root;
    h -= last * root;
    at(i, i - 1) = last - root;
    double inner = 0;
    for (size_t j = 0; j < i; j++) {
      at(j, i) = at(i, j) / h;
      double sum = 0;
      for (size_t k = 0; k <= j; k++) sum += at(j, k) * at(i, k);
      for (size_t k = j + 1; k < i; k++) sum += at(k, j) * at(i, k);
      e[j] = sum / h;
      inner += e[j] * at(i, j);
    }
    const double half = inner / (h + h);
    for (size_t j = 0; j < i; j++) {
      const double f = at(i, j);
      const double g = e[j] - half * f;
      e[j] = g;
      for (size_t k = 0; k <= j; k++) at(j, k) -= f * e[k] + g * at(i, k);
    }
    d[i] = h;
  }
  d[0] = 0;
  e[0] = 0;
  for (size_t i = 0; i < n; i++) {
    if (d[i] != 0) {
      for (size_t j = 0; j < i; j++) {
        double sum = 0;
        for (size_t k = 0; k < i; k++) sum += at(i, k) * at(k, j);
        for (size_t k = 0; k < i; k++) at(k, j) -= sum * at(k, i);
      }
    }
    d[i] = at(i, i);
    at(i, i) = 1;
    for (size_t j = 0; j < i; j++) at(j, i) = at(i, j) = 0;
  }
}

// Implicit QL with shifts; the columns of z follow the rotations. Working on the transpose keeps them contiguous.
bool diagonalize(Matrix& zTransposed, std::vector<double>& d, std::vector<double>& e) {
  const size_t n = d.size();
  constexpr double kEpsilon = std::numeric_limits<double>::epsilon();
  for (size_t i = 1; i < n; i++) e[i - 1] = e[i];
  e[n - 1] = 0;
  for (size_t l = 0; l < n; l++) {
    for (int iteration = 0;; iteration++) {
      size_t m = l;
      for (; m + 1 < n; m++)
        if (std::fabs(e[m]) <= kEpsilon * (std::fabs(d[m]) + std::fabs(d[m + 1]))) break;
      if (m == l) break;
      if (iteration == 60) return false;
      double g = (d[l + 1] - d[l]) / (2 * e[l]);
      double r = std::sqrt(g * g + 1);
      g = d[m] - d[l] + e[l] / (g + (g >= 0 ? r : -r));
      double s = 1, c = 1, p = 0;
      bool deflated = false;
      for (size_t i = m; i-- > l;) {
        const double f = s * e[i], b = c * e[i];
        r = std::sqrt(f * f + g * g);
        e[i + 1] = r;
        if (r == 0) {
          d[i + 1] -= p;
          e[m] = 0;
          deflated = true;
          break;
        }
        s = f / r;
        c = g / r;
        g = d[i + 1] - p;
        r = (d[i] - g) * s + 2 * c * b;
        p = s * r;
        d[i + 1] = g + p;
        g = c * r - b;
        double* first = zTransposed.data() + i * n;
        double* second = zTransposed.data() + (i + 1) * n;
        for (size_t k = 0; k < n; k++) {
          const double x = second[k], y = first[k];
          second[k] = s * y + c * x;
          first[k] = c * y - s * x;
        }
      }
      if (deflated) continue;
      d[l] -= p;
      e[l] = g;
      e[m] = 0;
    }
  }
  return true;
}

}  // namespace

bool symmetricEigen(Matrix& vectors, std::vector<double>& values) {
  const size_t n = values.size();
  if (n == 0) return true;
  for (double element : vectors)
    if (!std::isfinite(element)) return false;
  std::vector<double> subdiagonal(n);
  tridiagonalize(vectors, values, subdiagonal);
  Matrix rows = transposed(vectors, n, n);
  if (!diagonalize(rows, values, subdiagonal)) return false;
  std::vector<size_t> order(n);
  std::iota(order.begin(), order.end(), size_t{0});
  // Insertion keeps equal values in their order; the work is nothing beside what came before.
  for (size_t i = 1; i < n; i++)
    for (size_t j = i; j > 0 && values[order[j]] < values[order[j - 1]]; j--) std::swap(order[j], order[j - 1]);
  std::vector<double> sorted(n);
  for (size_t column = 0; column < n; column++) {
    sorted[column] = values[order[column]];
    for (size_t i = 0; i < n; i++) vectors[i * n + column] = rows[order[column] * n + i];
  }
  values = sorted;
  return true;
}

}  // namespace trainlint
