// Deep Q-learning (Mnih et al. 2015) on eight poles: replay, epsilon-greedy, Huber loss, a target network that follows
// by a fiftieth a step (Lillicrap et al. 2015): copied whole every 50 steps, its jumps look like exploding gradients.
// One step = one action on every pole and one update on a batch from the replay.
#include "proxies/all.hpp"
#include "proxies/control.hpp"

namespace trainlint {
namespace dqn_proxy {

constexpr int kPoles = 8, kReplay = 20000, kPrefill = 256;
constexpr double kGamma = .97, kEpsilonEnd = .05, kExploration = .4;
constexpr float kFollow = .02f;

/// Mean Huber loss of the chosen action's value (ids) against the target.
template <class Real>
class ValueLoss : public Layer<Real> {
 public:
  explicit ValueLoss(Tensor<Real>* q) : q_(q) {}
  std::vector<Tensor<Real>*> inputs() override { return {q_}; }
  void forward(Pass<Real>& p) override {
    double total = 0;
    for (int b = 0; b < p.batch; b++) {
      const Real* q = q_->value + b * q_->columns;
      const Real off = q[p.ids[b]] - Real(p.targets[b]), size = off < 0 ? -off : off;
      total += size < 1 ? .5 * double(off) * double(off) : double(size) - .5;
      if (!p.wantGradients) continue;
      Real* d = q_->grad + b * q_->columns;
      for (int a = 0; a < q_->columns; a++) d[a] = Real(0);
      const Real slope = size < 1 ? off : off < 0 ? Real(-1) : off > 0 ? Real(1) : off;
      d[p.ids[b]] = slope / Real(p.batch);
    }
    p.loss += total / p.batch;
  }

 private:
  Tensor<Real>* q_;
};

template <class Real>
class Dqn : public ControlProxy<Real> {
 public:
  explicit Dqn(const ProxySettings& settings)
      : ControlProxy<Real>(settings), poles_(kPoles, Random(settings.seed, Stream::data)) {
    Program<Real>& program = this->program_;
    Tensor<Real>* q = controlNetwork(program, this->input_, this->kActions);
    program.template add<ValueLoss<Real>>(q);
    this->ready(q, std::max({settings.batchSize, kPoles, this->kEvaluations}), 1);
  }

  void drawBatch(uint64_t sequence, int, const Real* params) override {
    follow(params);
    Random random(this->settings_.seed, Stream::sampling, sequence);
    while (stored_ < kPrefill) act(random, 1, params);
    const double progress = double(sequence) / (kExploration * std::max(1, this->settings_.steps));
    act(random, std::max(kEpsilonEnd, 1 - progress), params);

    const int n = this->settings_.batchSize;
    this->observations_.resize(size_t(n) * CartPole::kState);
    this->ids_.resize(size_t(n));
    this->targets_.resize(size_t(n));
    std::vector<const Transition*> chosen(static_cast<size_t>(n));
    std::vector<float> next(static_cast<size_t>(n) * CartPole::kState);
    const uint32_t available = uint32_t(std::min<uint64_t>(stored_, kReplay));
    for (int i = 0; i < n; i++) {
      const Transition& t = replay_[random.integer(available)];
      chosen[size_t(i)] = &t;
      std::copy(t.next.begin(), t.next.end(), next.begin() + i * CartPole::kState);
      std::copy(t.state.begin(), t.state.end(), this->observations_.begin() + i * CartPole::kState);
      this->ids_[size_t(i)] = t.action;
    }
    this->infer(target_.data(), next, n);
    for (int i = 0; i < n; i++) {
      const Real* q = this->scores_->value + i * this->kActions;
      const Real best = q[1] > q[0] ? q[1] : q[0];
      this->targets_[size_t(i)] = 1 + float(kGamma) * (chosen[size_t(i)]->fell ? 0.f : float(best));
    }
    this->infer(params, this->observations_, n);
    qMax_ = double(*std::max_element(this->scores_->value, this->scores_->value + n * this->kActions));
  }

  std::vector<double> metrics() override { return {poles_.recentReturn(), qMax_}; }

 private:
  struct Transition {
    std::array<float, CartPole::kState> state, next;
    int action;
    bool fell;
  };

  void follow(const Real* params) {
    if (target_.empty()) target_.assign(params, params + this->parameterCount());
    for (size_t i = 0; i < target_.size(); i++) target_[i] += Real(kFollow) * (params[i] - target_[i]);
  }

  void act(Random& random, double epsilon, const Real* params) {
    const Real* q = this->decide(params, poles_);
    for (int i = 0; i < kPoles; i++) {
      const bool explore = double(random.uniform()) < epsilon;
      const int any = int(random.integer(2));
      Transition t;
      t.state = poles_.observe(i);
      t.action = explore ? any : q[i * this->kActions + 1] > q[i * this->kActions] ? 1 : 0;
      const CartPole::Outcome outcome = poles_.step(i, t.action);
      t.next = outcome.next;
      t.fell = outcome.fell;
      if (replay_.size() < kReplay) replay_.push_back(t);
      else replay_[stored_ % kReplay] = t;
      stored_++;
    }
  }

  CartPole poles_;
  std::vector<Transition> replay_;
  uint64_t stored_ = 0;
  std::vector<Real> target_;
  double qMax_ = 0;
};

}  // namespace dqn_proxy

ProxyEntry dqnProxy() {
  ProxyEntry entry = proxyEntry<dqn_proxy::Dqn>("dqn", 32, false);
  entry.finiteData = false;
  entry.metrics = {"return", "qMax"};
  return entry;
}

}  // namespace trainlint
