#include "optim/hyperparameters.hpp"

#include <cstdio>
#include <cstdlib>
#include <set>

#include "failure/failure.hpp"

namespace trainlint {

std::string formatNumber(double value) {
  if (value != value) return "nan";
  char text[64];
  for (int digits = 1; digits <= 17; digits++) {
    std::snprintf(text, sizeof text, "%.*g", digits, value);
    if (std::strtod(text, nullptr) == value) break;
  }
  return text;
}

double Hyperparameters::number(const char* name, double fallback) {
  return optionalNumber(name).value_or(fallback);
}

std::optional<double> Hyperparameters::optionalNumber(const char* name) {
  known_.push_back(name);
  const auto found = spec_.numbers.find(name);
  if (found == spec_.numbers.end()) return std::nullopt;
  return found->second;
}

bool Hyperparameters::flag(const char* name, bool fallback) {
  known_.push_back(name);
  const auto found = spec_.flags.find(name);
  return found == spec_.flags.end() ? fallback : found->second;
}

std::string Hyperparameters::word(const char* name, const char* fallback,
                                  std::initializer_list<const char*> allowed) {
  known_.push_back(name);
  const auto found = spec_.words.find(name);
  if (found == spec_.words.end()) return fallback;
  std::string choices;
  for (const char* choice : allowed) {
    if (found->second == choice) return found->second;
    choices += (choices.empty() ? "" : ", ") + std::string(choice);
  }
  refuse("Invalid " + std::string(name) + ": " + found->second + " (one of: " + choices + ")");
}

std::vector<double> Hyperparameters::list(const char* name, std::vector<double> fallback) {
  known_.push_back(name);
  const auto found = spec_.lists.find(name);
  if (found == spec_.lists.end()) return fallback;
  if (found->second.size() != fallback.size())
    refuse("Invalid " + std::string(name) + ": " + decimal(fallback.size()) + " numbers expected, " +
                                decimal(found->second.size()) + " given");
  return found->second;
}

void Hyperparameters::require(bool accepted, const char* what, double value) {
  if (!accepted) refuse(std::string(what) + ": " + formatNumber(value));
}

double Hyperparameters::learningRate(double fallback) {
  const double value = number("lr", fallback);
  require(value >= 0, "Invalid learning rate", value);
  return value;
}

double Hyperparameters::weightDecay(double fallback) {
  const double value = number("weightDecay", fallback);
  require(value >= 0, "Invalid weight_decay value", value);
  return value;
}

double Hyperparameters::epsilon(double fallback) {
  const double value = number("eps", fallback);
  require(value >= 0, "Invalid epsilon value", value);
  return value;
}

double Hyperparameters::momentum(double fallback) {
  const double value = number("momentum", fallback);
  require(value >= 0, "Invalid momentum value", value);
  return value;
}

std::vector<double> Hyperparameters::betas(double first, double second) {
  const std::vector<double> values = list("betas", {first, second});
  require(values[0] >= 0 && values[0] < 1, "Invalid beta parameter at index 0", values[0]);
  require(values[1] >= 0 && values[1] < 1, "Invalid beta parameter at index 1", values[1]);
  return values;
}

void Hyperparameters::refuseUnknown(const std::string& name) const {
  const std::set<std::string> names(known_.begin(), known_.end());
  std::string list;
  for (const std::string& one : names) list += (list.empty() ? "" : ", ") + one;
  refuse("Unknown hyperparameter of " + spec_.kind + ": " + name + " (known: " + list + ")");
}

void Hyperparameters::finish() const {
  const auto check = [this](const auto& given) {
    for (const auto& entry : given) {
      bool known = false;
      for (const char* name : known_) known = known || entry.first == name;
      if (!known) refuseUnknown(entry.first);
    }
  };
  check(spec_.numbers);
  check(spec_.words);
  check(spec_.lists);
  check(spec_.flags);
}

}  // namespace trainlint
