// Reads the hyperparameters of one spec: defaults filled in, values refused in the words of PyTorch's constructors
// ("Invalid learning rate: -1"), names that the optimizer does not have refused too.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "optim/optimizer.hpp"

namespace trainlint {

class Hyperparameters {
 public:
  explicit Hyperparameters(const OptimizerSpec& spec) : spec_(spec) {}

  double number(const char* name, double fallback);
  std::optional<double> optionalNumber(const char* name);
  bool flag(const char* name, bool fallback);
  /// One of `allowed`; `fallback` when absent.
  std::string word(const char* name, const char* fallback, std::initializer_list<const char*> allowed);
  /// A list of exactly `fallback.size()` numbers.
  std::vector<double> list(const char* name, std::vector<double> fallback);

  // The readings that many optimizers share, with PyTorch's checks and wording.
  double learningRate(double fallback);
  double weightDecay(double fallback = 0);
  double epsilon(double fallback);
  double momentum(double fallback);
  std::vector<double> betas(double first, double second);

  /// Refuses with "<what>: <value>" unless `accepted`.
  static void require(bool accepted, const char* what, double value);
  /// Refuses names that were never read.
  void finish() const;
  const std::string& kind() const { return spec_.kind; }

 private:
  /// For a name that this optimizer does not have.
  [[noreturn]] void refuseUnknown(const std::string& name) const;

  const OptimizerSpec& spec_;
  std::vector<const char*> known_;
};

/// Shortest decimal form that reads back as the same double: -1, 0.001, 1e-08.
std::string formatNumber(double value);

}  // namespace trainlint
