// Small dense linear algebra in double for the second-order optimizers. Row major; sums run in index order, so the
// bits do not depend on the machine.
#pragma once

#include <cstddef>
#include <vector>

namespace trainlint {

using Matrix = std::vector<double>;

/// c = a b with a [m, k], b [k, n].
void multiply(const double* a, const double* b, double* c, size_t m, size_t k, size_t n);

/// The transpose [n, m] of a [m, n].
Matrix transposed(const Matrix& a, size_t m, size_t n);

/// Solves a x = b for a [n, n] by Gaussian elimination with partial pivoting; `a` is destroyed, `b` becomes x.
/// Returns false when a is singular. NaN in a or b comes out as NaN.
bool solve(Matrix& a, std::vector<double>& b);

/// Eigenvalues (ascending) and eigenvectors (columns of `vectors`) of the symmetric a [n, n], which is replaced by
/// them: Householder tridiagonalisation, then implicit QL. Returns false when the iteration does not settle
/// (NaN or infinity inside).
bool symmetricEigen(Matrix& vectors, std::vector<double>& values);

}  // namespace trainlint
