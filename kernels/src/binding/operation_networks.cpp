#include "binding/operation_networks.hpp"

#include <numeric>

#include "ops/activation.hpp"
#include "ops/add.hpp"
#include "ops/attention.hpp"
#include "ops/convolution.hpp"
#include "ops/dense.hpp"
#include "ops/dropout.hpp"
#include "ops/group_norm.hpp"
#include "ops/loss.hpp"
#include "ops/pooling.hpp"
#include "ops/softmax.hpp"
#include "proxies/supervised.hpp"

namespace trainlint {
namespace {

using Net = Program<double>;
using Values = Tensor<double>*;

/// Normal inputs; normal targets, or distributions; lengths from 1 on.
class Network : public Supervised<double> {
 public:
  Network(const ProxySettings& settings, ExampleShape shape, int rows, int columns) : Supervised<double>(settings) {
    shape_ = shape;
    input_ = program_.tensor(rows, columns, false);
  }

  template <class Build>
  void build(Build body) {
    body(program_, input_);
    ready(1, 1);
  }

  int distributionOver = 0;  // targets: so many are one distribution; 0: targets are free
  int longest = 1;           // lengths: 1 to this

 protected:
  void makeExamples(Random& random, Examples& out, bool) override {
    random.fillNormal(out.x.data(), out.x.size());
    random.fillNormal(out.y.data(), out.y.size());
    for (int32_t& length : out.ids) length = 1 + int32_t(random.integer(uint32_t(longest)));
    if (distributionOver == 0) return;
    for (auto row = out.y.begin(); row != out.y.end(); row += distributionOver) {
      // one of them zero: it must not count
      for (int i = 0; i < distributionOver; i++) row[i] = i == 1 ? 0 : random.uniform();
      const float mass = std::accumulate(row, row + distributionOver, 0.f);
      for (int i = 0; i < distributionOver; i++) row[i] /= mass;
    }
  }
};

// 4x4 image of 3 channels, convolved to 6, normalised in 3 groups; the residual path makes gradients add up.
void groupNormNetwork(Net& net, Values x) {
  const Image<double> h = convolution(net, Image<double>{x, 4, 4}, 6);
  const Values normalized = groupNorm(net, h.tensor, 3);
  const Values y = add(net, h.tensor, activation(net, normalized, Activation::silu));
  net.add<SquaredError<double>>(net, dense(net, meanRows(net, y), 2));
}

// Two dropout layers of unlike shares, the second on a residual branch.
void dropoutNetwork(Net& net, Values x) {
  const Values h = dropout(net, activation(net, dense(net, x, 24), Activation::tanh), .3);
  const Values y = add(net, h, dropout(net, dense(net, h, 24), .5));
  net.add<SquaredError<double>>(net, dense(net, y, 1));
}

// Attention over the first keys only (causal as well in the second layer), softmax as a layer, Huber loss.
void maskedAttentionNetwork(Net& net, Values x) {
  const Values h = selfAttention(net, dense(net, x, 8), 2, false, {}, {1, 0});
  const Values y = add(net, h, selfAttention(net, h, 2, true, {}, {1, 0}));
  const Values weights = softmax(net, dense(net, y, 4));
  net.add<HuberLoss<double>>(net, dense(net, add(net, weights, activation(net, weights, Activation::gelu)), 1), .7);
}

void distillationNetwork(Net& net, Values x) {
  net.add<KlDivergence<double>>(net, dense(net, activation(net, dense(net, x, 7), Activation::relu), 5));
}

}  // namespace

std::vector<std::string> operationNetworks() { return {"group-norm", "dropout", "masked-attention", "distillation"}; }

std::unique_ptr<Proxy<double>> makeOperationNetwork(const std::string& id, const ProxySettings& settings) {
  const auto make = [&](ExampleShape shape, int rows, int columns) {
    return std::make_unique<Network>(settings, shape, rows, columns);
  };
  std::unique_ptr<Network> network;
  if (id == "group-norm") {
    network = make({48, 2, 0}, 16, 3);
    network->build(groupNormNetwork);
  } else if (id == "dropout") {
    network = make({6, 1, 0}, 1, 6);
    network->build(dropoutNetwork);
  } else if (id == "masked-attention") {
    network = make({30, 6, 1}, 6, 5);
    network->longest = 6;
    network->build(maskedAttentionNetwork);
  } else if (id == "distillation") {
    network = make({12, 15, 0}, 3, 4);
    network->distributionOver = 5;
    network->build(distillationNetwork);
  }
  return network;
}

}  // namespace trainlint
