#include "binding/parse_spec.hpp"

#include "failure/failure.hpp"

namespace trainlint {
namespace {

double number(const Napi::Object& object, const char* name) {
  const Napi::Value value = object.Get(name);
  if (!value.IsNumber()) mistype(std::string(name) + " must be a number");
  return value.As<Napi::Number>().DoubleValue();
}

double numberOr(const Napi::Object& object, const char* name, double otherwise) {
  return object.Get(name).IsUndefined() ? otherwise : number(object, name);
}

std::vector<double> numbers(const Napi::Object& object, const std::string& name) {
  const Napi::Value value = object.Get(name);
  if (!value.IsArray()) mistype(name + " must be an array of numbers");
  const Napi::Array array = value.As<Napi::Array>();
  std::vector<double> result(array.Length());
  for (uint32_t i = 0; i < array.Length(); i++) {
    const Napi::Value element = array.Get(i);
    if (!element.IsNumber()) mistype(name + " must be an array of numbers");
    result[i] = element.As<Napi::Number>().DoubleValue();
  }
  return result;
}

}  // namespace

void parseOptimizer(const Napi::Object& object, OptimizerSpec& spec) {
  const Napi::Array names = object.GetPropertyNames();
  for (uint32_t i = 0; i < names.Length(); i++) {
    const std::string name = names.Get(i).As<Napi::String>();
    const Napi::Value value = object.Get(name);
    if (value.IsUndefined() || value.IsNull()) continue;
    if (name == "kind" && value.IsString()) spec.kind = value.As<Napi::String>();
    else if (name == "base" && value.IsObject()) {
      spec.base = Shared<OptimizerSpec>::make();
      parseOptimizer(value.As<Napi::Object>(), *spec.base);
    } else if (name == "groups" && value.IsArray()) {
      const Napi::Array groups = value.As<Napi::Array>();
      for (uint32_t g = 0; g < groups.Length(); g++) {
        if (!groups.Get(g).IsObject()) mistype("groups must be an array of objects");
        ParameterGroup& group = spec.groups.emplace_back();
        parseOptimizer(groups.Get(g).As<Napi::Object>(), group.overrides);
        const auto factor = group.overrides.numbers.find("lrFactor");
        if (factor != group.overrides.numbers.end()) {
          group.lrFactor = factor->second;
          group.overrides.numbers.erase(factor);
        }
      }
    } else if (value.IsNumber()) spec.numbers[name] = value.As<Napi::Number>().DoubleValue();
    else if (value.IsBoolean()) spec.flags[name] = value.As<Napi::Boolean>().Value();
    else if (value.IsString()) spec.words[name] = value.As<Napi::String>();
    else if (value.IsArray()) spec.lists[name] = numbers(object, name);
    else mistype("optimizer." + name + " must be a number, boolean, string or array of numbers");
  }
  if (spec.kind.empty() && !object.Get("kind").IsUndefined()) mistype("optimizer.kind must be a non-empty string");
}

void parseRunSpec(const Napi::Object& object, RunSpec& spec) {
  if (!object.Get("proxy").IsString()) mistype("proxy must be a string");
  spec.proxy = object.Get("proxy").As<Napi::String>();
  if (!object.Get("optimizer").IsObject()) mistype("optimizer must be an object");
  parseOptimizer(object.Get("optimizer").As<Napi::Object>(), spec.optimizer);
  spec.switchAt = int(numberOr(object, "switchAt", 0));
  if (object.Get("switchTo").IsObject()) parseOptimizer(object.Get("switchTo").As<Napi::Object>(), spec.switchTo);
  spec.badBatchScale = numberOr(object, "badBatchScale", 1);
  spec.learningRates = numbers(object, "learningRates");
  spec.steps = int(number(object, "steps"));
  spec.batchSize = int(numberOr(object, "batchSize", 0));
  spec.accumulation = int(numberOr(object, "accumulation", 1));
  spec.clipNorm = numberOr(object, "clipNorm", 0);
  spec.clipValue = numberOr(object, "clipValue", 0);
  spec.averageDecay = numberOr(object, "averageDecay", -1);
  spec.averageWarmup = object.Get("averageWarmup").ToBoolean();
  spec.dropout = numberOr(object, "dropout", 0);
  spec.seed = uint64_t(number(object, "seed"));
  spec.datasetSize = int(numberOr(object, "datasetSize", 0));
  spec.labelNoise = numberOr(object, "labelNoise", -1);
  spec.probeEvery = int(numberOr(object, "probeEvery", 0));
  spec.validateEvery = int(numberOr(object, "validateEvery", 0));
  spec.continueWhenNonFinite = object.Get("continueWhenNonFinite").ToBoolean();
  if (spec.steps < 1 || spec.batchSize < 0 || spec.accumulation < 1 || spec.datasetSize < 0)
    mistype("steps, batchSize, accumulation and dataset.size must be positive");
}

}  // namespace trainlint
