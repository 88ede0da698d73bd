#include "proxies/cart_pole.hpp"

#include <algorithm>
#include <cmath>

namespace trainlint {
namespace {

constexpr double kGravity = 9.8, kCartMass = 1, kPoleMass = .1, kHalfLength = .5, kForce = 10, kTick = .02;
constexpr double kTrack = 2.4, kFallAngle = 12 * 3.14159265358979 / 180;

}  // namespace

CartPole::CartPole(int count, const Random& random)
    : random_(random), states_(size_t(count)), lengths_(size_t(count), 0) {
  for (int i = 0; i < count; i++) reset(i);
}

void CartPole::reset(int i) {
  for (double& value : states_[size_t(i)]) value = double(random_.uniform(-.05f, .05f));
  lengths_[size_t(i)] = 0;
}

std::array<float, CartPole::kState> CartPole::scaled(const std::array<double, kState>& s) {
  return {float(s[0] / kTrack), float(s[1] / 2), float(s[2] * 5), float(s[3] / 2)};
}

std::array<float, CartPole::kState> CartPole::observe(int i) const { return scaled(states_[size_t(i)]); }

CartPole::Outcome CartPole::step(int i, int action) {
  std::array<double, kState>& s = states_[size_t(i)];
  const double angle = s[2], speed = s[3], z = angle * angle;
  // The angle never leaves +-0.3, where these series are exact to 1e-10.
  const double sine = angle * (1 - z / 6 * (1 - z / 20 * (1 - z / 42)));
  const double cosine = 1 - z / 2 * (1 - z / 12 * (1 - z / 30));
  const double total = kCartMass + kPoleMass, force = action == 1 ? kForce : -kForce;
  const double push = (force + kPoleMass * kHalfLength * speed * speed * sine) / total;
  const double angular = (kGravity * sine - cosine * push) /
                         (kHalfLength * (4. / 3 - kPoleMass * cosine * cosine / total));
  const double linear = push - kPoleMass * kHalfLength * angular * cosine / total;
  s = {s[0] + kTick * s[1], s[1] + kTick * linear, angle + kTick * speed, speed + kTick * angular};
  const int length = ++lengths_[size_t(i)];
  Outcome outcome;
  outcome.next = scaled(s);
  outcome.fell = std::abs(s[0]) > kTrack || std::abs(s[2]) > kFallAngle;
  outcome.ended = outcome.fell || length >= kMaxSteps;
  if (outcome.ended) {
    ended_.push_back(length);
    reset(i);
  }
  return outcome;
}

double CartPole::recentReturn() const {
  const std::vector<int>& from = ended_.empty() ? lengths_ : ended_;
  const size_t n = std::min<size_t>(20, from.size());
  double total = 0;
  for (size_t k = from.size() - n; k < from.size(); k++) total += from[k];
  return total / double(n);
}

}  // namespace trainlint
