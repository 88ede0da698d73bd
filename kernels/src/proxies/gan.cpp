// Generative adversarial pair of 64-wide MLPs on a ring of eight Gaussians. Two players with an optimizer each (same
// settings): the discriminator steps first, then the generator against it (non-saturating loss).
#include <cmath>

#include "ops/activation.hpp"
#include "ops/dense.hpp"
#include "ops/loss.hpp"
#include "proxies/all.hpp"
#include "proxies/supervised.hpp"

namespace trainlint {
namespace gan_proxy {

constexpr int kNoise = 8, kHidden = 64, kModes = 8, kPoint = 2, kSamples = 512, kEnergySamples = 192;
constexpr float kRadius = 2, kSpread = .1f, kModeRadius = .35f;
constexpr int kModeShare = kSamples / 100;

template <class Real>
Tensor<Real>* generator(Program<Real>& program, Tensor<Real>* z) {
  for (int layer = 0; layer < 2; layer++) z = activation(program, dense(program, z, kHidden), Activation::relu);
  return dense(program, z, kPoint);
}

template <class Real>
Tensor<Real>* discriminator(Program<Real>& program, Tensor<Real>* x) {
  for (int layer = 0; layer < 2; layer++) x = activation(program, dense(program, x, kHidden), Activation::leakyRelu, .2);
  return dense(program, x, 1);
}

template <class Real>
class Gan : public Proxy<Real> {
 public:
  explicit Gan(const ProxySettings& settings) : settings_(settings) {
    noise_ = chain_.tensor(1, kNoise, false);
    fake_ = generator(chain_, noise_);
    const ParameterLayout generatorLayout = chain_.layout;
    chain_.template add<LogisticLoss<Real>>(chain_, discriminator(chain_, fake_));
    point_ = judge_.tensor(1, kPoint, false);
    verdict_ = discriminator(judge_, point_);
    judge_.template add<LogisticLoss<Real>>(judge_, verdict_);
    // Parameters: generator, then discriminator; the latter steps first.
    players_ = {Player{generatorLayout.total, judge_.layout}, Player{0, generatorLayout}};
    // Segment group 1: the discriminator, which may have an optimizer and a rate of its own.
    for (Segment& segment : players_[0].layout.segments) segment.group = 1;
    if (settings.batchSize == 0) return;
    const int n = settings.batchSize;
    chain_.plan(std::max(n, kSamples));
    judge_.plan(2 * n);
    real_.resize(size_t(n) * kPoint);
    z_.resize(size_t(std::max(n, kSamples)) * kNoise);
    labels_.assign(size_t(2 * n), 0);
    std::fill_n(labels_.begin(), n, 1.f);
    ones_.assign(size_t(std::max(n, kSamples)), 1);
    Random validation(settings.seed, Stream::validation);
    heldOut_.resize(size_t(kEnergySamples) * kPoint);
    drawRing(validation, heldOut_);
  }

  const std::vector<Player>& players() const override { return players_; }
  size_t parameterCount() const override { return chain_.layout.total; }
  void initialise(Real* params) override { chain_.initialise(settings_.seed, params); }
  bool hasProbe() const override { return false; }
  double probeLoss(const Real*) override { return std::numeric_limits<double>::quiet_NaN(); }

  void drawBatch(uint64_t sequence, int player, const Real*) override {
    Random noise(settings_.seed, Stream::sampling, 2 * sequence + uint64_t(player));
    noise.fillNormal(z_.data(), size_t(settings_.batchSize) * kNoise);
    if (player != 0) return;
    Random data(settings_.seed, Stream::data, sequence);
    drawRing(data, real_);
  }

  double gradient(int player, const Real* params, Real* grads, bool) override {
    std::fill(grads, grads + parameterCount(), Real(0));
    const int n = settings_.batchSize;
    Pass<Real> pass = generate(params, n);
    if (player == 1) {
      pass.grads = grads;
      pass.wantGradients = true;
      chain_.forward(pass);
      chain_.backward(pass);
      return pass.loss;
    }
    chain_.forward(pass);
    std::copy(real_.begin(), real_.end(), point_->value);
    std::copy_n(fake_->value, n * kPoint, point_->value + n * kPoint);
    const size_t offset = players_[0].offset;
    Pass<Real> judge{kernels<Real>(), params + offset, grads + offset, 2 * n, true, true, false, nullptr,
                     labels_.data(), 0, nullptr};
    judge_.forward(judge);
    int right = 0;
    for (int i = 0; i < 2 * n; i++) right += i < n ? verdict_->value[i] > 0 : verdict_->value[i] < 0;
    accuracy_ = double(right) / (2 * n);
    // the sum of the two means, as the losses are usually written
    for (int i = 0; i < 2 * n; i++) verdict_->grad[i] *= 2;
    judge_.backward(judge);
    discriminatorLoss_ = 2 * judge.loss;
    return discriminatorLoss_;
  }

  /// Energy distance between generated and real points (Szekely and Rizzo 2013): 0 = same distribution.
  double validationLoss(const Real* params, const std::atomic<bool>&) override {
    Random noise(settings_.seed, Stream::validation, 1);
    noise.fillNormal(z_.data(), size_t(kSamples) * kNoise);
    Pass<Real> pass = generate(params, kSamples);
    chain_.forward(pass);
    std::vector<float> fake(fake_->value, fake_->value + kSamples * kPoint);
    countModes(fake);
    fake.resize(heldOut_.size());
    return 2 * meanDistance(fake, heldOut_) - meanDistance(fake, fake) - meanDistance(heldOut_, heldOut_);
  }

  std::vector<double> metrics() override { return {discriminatorLoss_, accuracy_, double(modes_)}; }

 private:
  static std::pair<float, float> centre(int mode) {
    constexpr float d = .70710678f;
    constexpr float x[kModes] = {1, d, 0, -d, -1, -d, 0, d}, y[kModes] = {0, d, 1, d, 0, -d, -1, -d};
    return {kRadius * x[mode], kRadius * y[mode]};
  }

  static void drawRing(Random& random, std::vector<float>& out) {
    random.fillNormal(out.data(), out.size());
    for (size_t i = 0; i < out.size(); i += kPoint) {
      const auto [x, y] = centre(int(random.integer(kModes)));
      out[i] = x + kSpread * out[i];
      out[i + 1] = y + kSpread * out[i + 1];
    }
  }

  Pass<Real> generate(const Real* params, int n) {
    std::copy_n(z_.begin(), n * kNoise, noise_->value);
    return Pass<Real>{kernels<Real>(), params, nullptr, n, true, false, false, nullptr, ones_.data(), 0, nullptr};
  }

  // Modes that at least one generated point in a hundred hits.
  void countModes(const std::vector<float>& points) {
    int hits[kModes] = {};
    for (size_t i = 0; i < points.size(); i += kPoint)
      for (int m = 0; m < kModes; m++) {
        const auto [x, y] = centre(m);
        const float dx = points[i] - x, dy = points[i + 1] - y;
        if (dx * dx + dy * dy < kModeRadius * kModeRadius) hits[m]++;
      }
    modes_ = 0;
    for (int h : hits) modes_ += h > kModeShare;
  }

  static double meanDistance(const std::vector<float>& a, const std::vector<float>& b) {
    double total = 0;
    for (size_t i = 0; i < a.size(); i += kPoint)
      for (size_t j = 0; j < b.size(); j += kPoint) {
        const double dx = double(a[i]) - double(b[j]), dy = double(a[i + 1]) - double(b[j + 1]);
        total += std::sqrt(dx * dx + dy * dy);
      }
    return total / (double(a.size() / kPoint) * double(b.size() / kPoint));
  }

  ProxySettings settings_;
  Program<Real> chain_, judge_;
  Tensor<Real>*noise_ = nullptr, *fake_ = nullptr, *point_ = nullptr, *verdict_ = nullptr;
  std::vector<Player> players_;
  std::vector<float> real_, z_, labels_, ones_, heldOut_;
  double discriminatorLoss_ = 0, accuracy_ = 0;
  int modes_ = 0;
};

}  // namespace gan_proxy

ProxyEntry ganProxy() {
  ProxyEntry entry = proxyEntry<gan_proxy::Gan>("gan", 128, false);
  entry.finiteData = false;
  entry.metrics = {"discriminatorLoss", "discriminatorAccuracy", "modes"};
  return entry;
}

}  // namespace trainlint
