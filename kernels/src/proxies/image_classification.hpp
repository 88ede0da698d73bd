// Ten classes of smooth 12x12x3 templates, shifted by up to two pixels, with random gain, pixel noise of unit
// deviation and a tenth of the training labels replaced. The data of the resnet, efficientnet, vit and plain-CNN
// proxies.
#pragma once

#include "ops/convolution.hpp"
#include "ops/loss.hpp"
#include "proxies/smooth_field.hpp"
#include "proxies/supervised.hpp"

namespace trainlint {

template <class Real>
class ImageClassification : public Supervised<Real> {
 public:
  static constexpr int kSide = 12, kChannels = 3, kClasses = 10, kMargin = 4;
  static constexpr float kNoise = 1;
  static constexpr double kLabelNoise = .1;

 protected:
  explicit ImageClassification(const ProxySettings& settings) : Supervised<Real>(settings) {
    this->shape_ = {kSide * kSide * kChannels, 0, 1};
    this->input_ = this->program_.tensor(kSide * kSide, kChannels, false);
    Random task(settings.seed, Stream::task);
    for (int field = 0; field < kClasses * kChannels; field++)
      fields_.push_back(smoothField(task, 4, kSide + kMargin));
  }

  Image<Real> image() { return {this->input_, kSide, kSide}; }

  /// Ends the network: cross-entropy on [1, classes] logits, then memory and data.
  void classify(Tensor<Real>* logits, int validationExamples = 128) {
    this->program_.template add<CrossEntropy<Real>>(logits, 1, 0);
    this->ready(64, validationExamples);
  }

  void makeExamples(Random& random, Examples& out, bool clean) override {
    random.fillNormal(out.x.data(), out.x.size());
    const double noise = clean ? 0 : this->labelNoise(kLabelNoise);
    for (int n = 0; n < out.count; n++) {
      const int label = int(random.integer(kClasses));
      const int dy = int(random.integer(kMargin + 1)), dx = int(random.integer(kMargin + 1));
      const float gain = random.uniform(.5f, 1.5f);
      const bool wrong = random.uniform() < noise;
      const int given = int(random.integer(kClasses));
      float* pixel = out.x.data() + size_t(n) * kSide * kSide * kChannels;
      for (int y = 0; y < kSide; y++)
        for (int x = 0; x < kSide; x++)
          for (int c = 0; c < kChannels; c++, pixel++) {
            const std::vector<float>& field = fields_[size_t(label * kChannels + c)];
            *pixel = gain * field[size_t((y + dy) * (kSide + kMargin) + x + dx)] + kNoise * *pixel;
          }
      out.ids[size_t(n)] = wrong ? given : label;
    }
  }

 private:
  std::vector<std::vector<float>> fields_;
};

}  // namespace trainlint
