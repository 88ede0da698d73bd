// Eigen beside our matrix product. One request a line: nn|nt|tn M N K repeats; answers seconds.
// Built by bench/peers.ts: c++ -O3 -march=native -DNDEBUG -I<eigen3>.
#include <Eigen/Core>
#include <chrono>
#include <cstdio>
#include <map>
#include <string>

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

struct Task {
  Matrix a, b, c;
};

int main() {
  Eigen::setNbThreads(1);
  std::map<std::string, Task> tasks;
  char kind[8];
  int m, n, k, repeats;
  while (std::scanf("%7s %d %d %d %d", kind, &m, &n, &k, &repeats) == 5) {
    const std::string word = kind;
    Task& t = tasks[word + " " + std::to_string(m) + " " + std::to_string(n) + " " + std::to_string(k)];
    if (t.c.size() == 0) {
      t.a = word == "tn" ? Matrix::Random(k, m) : Matrix::Random(m, k);
      t.b = word == "nt" ? Matrix::Random(n, k) : Matrix::Random(k, n);
      t.c = Matrix::Zero(m, n);
    }
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < repeats; i++) {
      if (word == "nn") t.c.noalias() = t.a * t.b;
      else if (word == "nt") t.c.noalias() = t.a * t.b.transpose();
      else t.c.noalias() += t.a.transpose() * t.b;
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    std::printf("%.9g\n", took.count());
    std::fflush(stdout);
  }
}
