#include "optim/hyperparameters.hpp"

#include <cstdio>
#include <cstdlib>
#include <stdexcept>

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

double Hyperparameters::number(const std::string& name, double fallback) {
  return optionalNumber(name).value_or(fallback);
}

std::optional<double> Hyperparameters::optionalNumber(const std::string& name) {
  known_.insert(name);
  const auto found = spec_.numbers.find(name);
  if (found == spec_.numbers.end()) return std::nullopt;
  return found->second;
}

bool Hyperparameters::flag(const std::string& name, bool fallback) {
  known_.insert(name);
  const auto found = spec_.flags.find(name);
  return found == spec_.flags.end() ? fallback : found->second;
}

std::string Hyperparameters::word(const std::string& name, const std::string& fallback,
                                  std::initializer_list<const char*> allowed) {
  known_.insert(name);
  const auto found = spec_.words.find(name);
  if (found == spec_.words.end()) return fallback;
  std::string choices;
  for (const char* choice : allowed) {
    if (found->second == choice) return found->second;
    choices += (choices.empty() ? "" : ", ") + std::string(choice);
  }
  throw std::invalid_argument("Invalid " + name + ": " + found->second + " (one of: " + choices + ")");
}

std::vector<double> Hyperparameters::list(const std::string& name, std::vector<double> fallback) {
  known_.insert(name);
  const auto found = spec_.lists.find(name);
  if (found == spec_.lists.end()) return fallback;
  if (found->second.size() != fallback.size())
    throw std::invalid_argument("Invalid " + name + ": " + std::to_string(fallback.size()) + " numbers expected, " +
                                std::to_string(found->second.size()) + " given");
  return found->second;
}

void Hyperparameters::require(bool accepted, const std::string& what, double value) {
  if (!accepted) throw std::invalid_argument(what + ": " + formatNumber(value));
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

namespace {
template <class Map>
void refuseUnknown(const Map& given, const std::set<std::string>& known, const std::string& kind) {
  for (const auto& entry : given) {
    if (known.count(entry.first)) continue;
    std::string names;
    for (const auto& name : known) names += (names.empty() ? "" : ", ") + name;
    throw std::invalid_argument("Unknown hyperparameter of " + kind + ": " + entry.first + " (known: " + names + ")");
  }
}
}  // namespace

void Hyperparameters::finish() const {
  refuseUnknown(spec_.numbers, known_, spec_.kind);
  refuseUnknown(spec_.words, known_, spec_.kind);
  refuseUnknown(spec_.lists, known_, spec_.kind);
  refuseUnknown(spec_.flags, known_, spec_.kind);
}

}  // namespace trainlint
