#include "optim/groups.hpp"

#include <string>

#include "failure/failure.hpp"
#include "optim/state.hpp"

namespace trainlint {
namespace {

template <class Map>
void replace(Map& into, const Map& from) {
  for (const auto& entry : from) into[entry.first] = entry.second;
}

// AdaBound's final rate follows lr / base rate, so the group's own base rate has to be in its spec, also when the
// optimizer's is the default. Adafactor's `lr` is no base rate: naming one refuses the relative step.
void nameBaseRate(OptimizerSpec& own, const OptimizerSpec& spec, double factor) {
  if (own.kind != "adafactor") own.numbers.insert({"lr", learningRateOf(spec) * factor});
}

OptimizerSpec specOf(const OptimizerSpec& spec, const ParameterGroup& group) {
  if (!group.overrides.kind.empty()) {
    OptimizerSpec own = group.overrides;
    nameBaseRate(own, spec, group.lrFactor);
    return own;
  }
  OptimizerSpec merged = spec;
  merged.groups.clear();
  const auto base = merged.numbers.find("lr");
  if (base != merged.numbers.end()) base->second *= group.lrFactor;
  else nameBaseRate(merged, spec, group.lrFactor);
  replace(merged.numbers, group.overrides.numbers);
  replace(merged.words, group.overrides.words);
  replace(merged.lists, group.overrides.lists);
  replace(merged.flags, group.overrides.flags);
  return merged;
}

template <class Real>
class Grouped final : public Optimizer<Real> {
 public:
  Grouped(const OptimizerSpec& spec, const ParameterLayout& layout) {
    std::vector<ParameterLayout> layouts(spec.groups.size());
    for (auto& part : layouts) part.total = layout.total;
    for (const Segment& segment : layout.segments) {
      if (segment.group < 0 || static_cast<size_t>(segment.group) >= layouts.size())
        refuse("Invalid parameter group: " + decimal(segment.group) + " of " +
                                    decimal(layouts.size()));
      layouts[static_cast<size_t>(segment.group)].segments.push_back(segment);
    }
    for (size_t i = 0; i < layouts.size(); i++) {
      const ParameterGroup& group = spec.groups[i];
      if (!(group.lrFactor >= 0)) refuse("Invalid learning rate of a parameter group");
      auto optimizer = createOptimizer<Real>(specOf(spec, group), layouts[i]);
      if (optimizer->needsClosure() || optimizer->wantsLayerStatistics())
        refuse(specOf(spec, group).kind +
                                    " doesn't support per-parameter options (parameter groups)");
      factors_.push_back(group.lrFactor);
      optimizers_.push_back(std::move(optimizer));
    }
  }

  void step(Real* params, const Real* grads, double lr) override {
    for (size_t i = 0; i < optimizers_.size(); i++) optimizers_[i]->step(params, grads, lr * factors_[i]);
  }

  bool wantsCurvature() const override {
    for (const auto& optimizer : optimizers_)
      if (optimizer->wantsCurvature()) return true;
    return false;
  }

  void updateCurvature(const Real* estimate) override {
    for (const auto& optimizer : optimizers_) optimizer->updateCurvature(estimate);
  }

  size_t stateBytes() const override {
    size_t bytes = 0;
    for (const auto& optimizer : optimizers_) bytes += optimizer->stateBytes();
    return bytes;
  }

  std::vector<Real> saveState() const override {
    StateWriter<Real> writer;
    for (const auto& optimizer : optimizers_) writer.nested(optimizer->saveState());
    return writer.take();
  }

  void loadState(const std::vector<Real>& state) override {
    StateReader<Real> reader(state);
    std::vector<std::vector<Real>> parts;
    for (size_t i = 0; i < optimizers_.size(); i++) parts.push_back(reader.nested());
    reader.finish();
    for (size_t i = 0; i < optimizers_.size(); i++) optimizers_[i]->loadState(parts[i]);
  }

 private:
  std::vector<OptimizerPointer<Real>> optimizers_;
  std::vector<double> factors_;
};

}  // namespace

template <class Real>
OptimizerPointer<Real> makeGrouped(const OptimizerSpec& spec, const ParameterLayout& layout) {
  return std::make_unique<Grouped<Real>>(spec, layout);
}

TRAINLINT_INSTANTIATE_MAKER(makeGrouped)

}  // namespace trainlint
