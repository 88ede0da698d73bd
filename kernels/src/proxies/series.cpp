// Forecasting the next value of noisy sums of two sinusoids: LSTM, GRU and tanh RNN of 32 units.
#include "ops/dense.hpp"
#include "ops/loss.hpp"
#include "ops/recurrent.hpp"
#include "proxies/all.hpp"
#include "proxies/sinusoids.hpp"
#include "proxies/supervised.hpp"

namespace trainlint {
namespace series_proxy {

constexpr int kHidden = 32;

template <class Real>
class Series : public Supervised<Real> {
 public:
  Series(const ProxySettings& settings, Cell cell, int length, double recurrentGain)
      : Supervised<Real>(settings), length_(length) {
    Program<Real>& program = this->program_;
    this->shape_ = {length, length, 0};
    this->input_ = program.tensor(length, 1, false);
    Tensor<Real>* h = recurrent(program, this->input_, kHidden, cell, recurrentGain);
    program.template add<SquaredError<Real>>(program, dense(program, h, 1));
    this->ready(32, 64);
  }

 protected:
  void makeExamples(Random& random, Examples& out, bool) override {
    for (int n = 0; n < out.count; n++)
      Sinusoids::sample(random, length_, out.x.data() + n * length_, out.y.data() + n * length_);
  }

 private:
  int length_;
};

// The plain RNN starts with a spectral radius above one: where gradients explode without clipping.
template <class Real>
struct Lstm : Series<Real> {
  explicit Lstm(const ProxySettings& s) : Series<Real>(s, Cell::lstm, 48, 1) {}
};
template <class Real>
struct Gru : Series<Real> {
  explicit Gru(const ProxySettings& s) : Series<Real>(s, Cell::gru, 32, 1) {}
};
template <class Real>
struct Rnn : Series<Real> {
  explicit Rnn(const ProxySettings& s) : Series<Real>(s, Cell::rnn, 48, 3) {}
};

ProxyEntry withBadBatches(ProxyEntry entry) {
  entry.badBatches = true;
  return entry;
}

}  // namespace series_proxy

ProxyEntry lstmProxy() { return series_proxy::withBadBatches(proxyEntry<series_proxy::Lstm>("lstm", 8, false)); }
ProxyEntry gruProxy() { return series_proxy::withBadBatches(proxyEntry<series_proxy::Gru>("gru", 8, false)); }
ProxyEntry rnnProxy() { return series_proxy::withBadBatches(proxyEntry<series_proxy::Rnn>("rnn", 8, false)); }

}  // namespace trainlint
