// Tiny vision transformer: 3x3 patches of a 12x12 image, width 32, two pre-norm blocks, mean over the patches.
#include "ops/embedding.hpp"
#include "ops/pooling.hpp"
#include "proxies/all.hpp"
#include "proxies/image_classification.hpp"
#include "proxies/transformer.hpp"

namespace trainlint {
namespace vit_proxy {

constexpr int kWidth = 32, kLayers = 2, kPatch = 3;

template <class Real>
class Vit : public ImageClassification<Real> {
 public:
  explicit Vit(const ProxySettings& settings) : ImageClassification<Real>(settings) {
    Program<Real>& program = this->program_;
    Tensor<Real>* x = convolution(program, this->image(), kWidth, {kPatch, kPatch, 0, true}).tensor;
    x = dropout(program, addPositions(program, x), settings.dropout);
    BlockOptions block;
    block.dropout = settings.dropout;
    for (int layer = 0; layer < kLayers; layer++) x = transformerBlock(program, x, block);
    this->classify(dense(program, meanRows(program, layerNorm(program, x)), this->kClasses));
  }
};

}  // namespace vit_proxy

ProxyEntry vitProxy() {
  ProxyEntry entry = proxyEntry<vit_proxy::Vit>("vit", 24, true);
  entry.dropout = true;
  return entry;
}

}  // namespace trainlint
