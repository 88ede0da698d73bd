// Proximal policy optimisation (Schulman et al. 2017) on sixteen poles: 32 steps of each make a rollout of 512, used
// for four epochs of shuffled mini-batches; generalised advantage estimation, clipped ratio, entropy bonus.
#include <cmath>

#include "proxies/all.hpp"
#include "proxies/control.hpp"
#include "simd/math.hpp"

namespace trainlint {
namespace ppo_proxy {

constexpr int kPoles = 16, kHorizon = 32, kSamples = kPoles * kHorizon, kEpochs = 4;
constexpr double kGamma = .97, kLambda = .95, kClip = .2, kEntropyBonus = .01, kValueWeight = .5 / 50;

/// Targets of an example: log probability of the action (ids) when acted, advantage, return.
template <class Real>
class PolicyLoss : public Layer<Real> {
 public:
  PolicyLoss(Tensor<Real>* logits, Tensor<Real>* value) : logits_(logits), value_(value) {}
  std::vector<Tensor<Real>*> inputs() override { return {logits_, value_}; }
  void forward(Pass<Real>& p) override {
    using namespace portable;
    double policy = 0, value = 0, entropy = 0;
    const Real each = Real(1) / Real(p.batch);
    for (int b = 0; b < p.batch; b++) {
      const Real* z = logits_->value + 2 * b;
      const float* target = p.targets + 3 * b;
      const int action = p.ids[b];
      const Real most = z[1] > z[0] ? z[1] : z[0];
      const Real sum = exponential(z[0] - most) + exponential(z[1] - most), logSum = logarithm(sum);
      const Real logP[2] = {(z[0] - most) - logSum, (z[1] - most) - logSum};
      const Real prob[2] = {exponential(logP[0]), exponential(logP[1])};
      const Real ratio = exponential(logP[action] - Real(target[0])), advantage = Real(target[1]);
      const Real low = Real(1 - kClip), high = Real(1 + kClip);
      const Real clipped = ratio < low ? low : ratio > high ? high : ratio;
      const bool free = ratio * advantage <= clipped * advantage;
      policy -= double(free ? ratio * advantage : clipped * advantage);
      const Real off = value_->value[b] - Real(target[2]);
      value += double(off) * double(off);
      const Real h = -(prob[0] * logP[0] + prob[1] * logP[1]);
      entropy += double(h);
      if (!p.wantGradients) continue;
      value_->grad[b] = Real(2 * kValueWeight) * each * off;
      for (int a = 0; a < 2; a++) {
        const Real onehot = a == action ? Real(1) : Real(0);
        const Real through = free ? -advantage * ratio * (onehot - prob[a]) : Real(0);
        // dH/dz_a = -p_a (log p_a + H)
        logits_->grad[2 * b + a] = each * (through + Real(kEntropyBonus) * prob[a] * (logP[a] + h));
      }
    }
    const double count = p.batch;
    p.loss += policy / count + kValueWeight * value / count - kEntropyBonus * entropy / count;
  }

 private:
  Tensor<Real>*logits_, *value_;
};

template <class Real>
class Ppo : public ControlProxy<Real> {
 public:
  explicit Ppo(const ProxySettings& settings)
      : ControlProxy<Real>(settings), poles_(kPoles, Random(settings.seed, Stream::data)) {
    Program<Real>& program = this->program_;
    DenseOptions small;
    small.weight = {Fill::uniform, .01 / std::sqrt(32.)};
    Tensor<Real>* logits = controlNetwork(program, this->input_, this->kActions, small);
    value_ = controlNetwork(program, this->input_, 1);
    program.template add<PolicyLoss<Real>>(logits, value_);
    this->ready(logits, std::max(settings.batchSize, kSamples), 3);
  }

  void drawBatch(uint64_t sequence, int, const Real* params) override {
    const int n = std::min(this->settings_.batchSize, kSamples), perEpoch = kSamples / n;
    const uint64_t within = sequence % uint64_t(perEpoch * kEpochs);
    if (sequence > 0 && within % uint64_t(perEpoch) == 0) compare(params);
    if (within == 0) rollOut(sequence, params);
    if (within % uint64_t(perEpoch) == 0)
      order_ = Random(this->settings_.seed, Stream::order, sequence).permutation(kSamples);
    this->observations_.resize(size_t(n) * CartPole::kState);
    this->ids_.resize(size_t(n));
    this->targets_.resize(size_t(n) * 3);
    double mean = 0, squares = 0;
    const size_t first = size_t(within % uint64_t(perEpoch)) * size_t(n);
    for (int i = 0; i < n; i++) mean += advantages_[order_[first + size_t(i)]] / n;
    for (int i = 0; i < n; i++) {
      const double d = advantages_[order_[first + size_t(i)]] - mean;
      squares += d * d;
    }
    const double deviation = std::sqrt(squares / std::max(1, n - 1)) + 1e-8;
    for (int i = 0; i < n; i++) {
      const size_t at = order_[first + size_t(i)];
      std::copy_n(states_.begin() + ptrdiff_t(at) * CartPole::kState, CartPole::kState,
                  this->observations_.begin() + i * CartPole::kState);
      this->ids_[size_t(i)] = actions_[at];
      this->targets_[size_t(3 * i)] = logProbabilities_[at];
      this->targets_[size_t(3 * i + 1)] = float((advantages_[at] - mean) / deviation);
      this->targets_[size_t(3 * i + 2)] = float(returns_[at]);
    }
  }

  std::vector<double> metrics() override { return {poles_.recentReturn(), approxKl_, clipFraction_}; }

 private:
  static Real logProbability(const Real* z, int action) {
    const Real most = z[1] > z[0] ? z[1] : z[0];
    return (z[action] - most) -
           portable::logarithm(portable::exponential(z[0] - most) + portable::exponential(z[1] - most));
  }

  void rollOut(uint64_t sequence, const Real* params) {
    Random random(this->settings_.seed, Stream::sampling, sequence);
    states_.resize(size_t(kSamples) * CartPole::kState);
    actions_.resize(kSamples);
    logProbabilities_.resize(kSamples);
    advantages_.resize(kSamples);
    returns_.resize(kSamples);
    std::vector<double> values(kSamples), nextValues(kSamples);
    std::vector<char> ended(kSamples);
    std::vector<float> next(size_t(kPoles) * CartPole::kState);
    for (int t = 0; t < kHorizon; t++) {
      const Real* z = this->decide(params, poles_);
      std::array<bool, kPoles> fell{};
      for (int i = 0; i < kPoles; i++) {
        const size_t at = size_t(t * kPoles + i);
        std::copy_n(this->seen_.begin() + i * CartPole::kState, CartPole::kState,
                    states_.begin() + ptrdiff_t(at) * CartPole::kState);
        const int action = Real(random.uniform()) < portable::exponential(logProbability(z + 2 * i, 1)) ? 1 : 0;
        actions_[at] = action;
        logProbabilities_[at] = float(logProbability(z + 2 * i, action));
        values[at] = double(value_->value[i]);
        const CartPole::Outcome outcome = poles_.step(i, action);
        std::copy(outcome.next.begin(), outcome.next.end(), next.begin() + i * CartPole::kState);
        fell[size_t(i)] = outcome.fell;
        ended[at] = outcome.ended;
      }
      this->infer(params, next, kPoles);
      for (int i = 0; i < kPoles; i++)
        nextValues[size_t(t * kPoles + i)] = fell[size_t(i)] ? 0 : double(value_->value[i]);
    }
    std::array<double, kPoles> running{};
    for (int t = kHorizon - 1; t >= 0; t--)
      for (int i = 0; i < kPoles; i++) {
        const size_t at = size_t(t * kPoles + i);
        const double surprise = 1 + kGamma * nextValues[at] - values[at];
        running[size_t(i)] = surprise + (ended[at] ? 0 : kGamma * kLambda * running[size_t(i)]);
        advantages_[at] = running[size_t(i)];
        returns_[at] = running[size_t(i)] + values[at];
      }
  }

  // How far the policy has moved from the one that acted: mean of (r - 1) - log r, and the share of clipped ratios.
  void compare(const Real* params) {
    this->infer(params, states_, kSamples);
    double kl = 0, clipped = 0;
    for (int at = 0; at < kSamples; at++) {
      const double change = double(logProbability(this->scores_->value + 2 * at, actions_[size_t(at)])) -
                            double(logProbabilities_[size_t(at)]);
      const double more = portable::exponential(change) - 1;
      kl += more - change;
      clipped += std::abs(more) > kClip;
    }
    approxKl_ = kl / kSamples;
    clipFraction_ = clipped / kSamples;
  }

  CartPole poles_;
  Tensor<Real>* value_ = nullptr;
  std::vector<float> states_, logProbabilities_;
  std::vector<int> actions_;
  std::vector<double> advantages_, returns_;
  std::vector<uint32_t> order_;
  double approxKl_ = 0, clipFraction_ = 0;
};

}  // namespace ppo_proxy

ProxyEntry ppoProxy() {
  ProxyEntry entry = proxyEntry<ppo_proxy::Ppo>("ppo", 128, false);
  entry.finiteData = false;
  entry.metrics = {"return", "approxKl", "clipFraction"};
  return entry;
}

}  // namespace trainlint
