#include "binding/inspection.hpp"

#include <algorithm>
#include <cmath>

#include "binding/guard.hpp"
#include "binding/operation_networks.hpp"
#include "rng/random.hpp"
#include "simd/math.hpp"

namespace trainlint {
namespace {

std::unique_ptr<Proxy<double>> makeProxy(const Napi::CallbackInfo& info) {
  const std::string id = info[0].As<Napi::String>();
  ProxySettings settings;
  settings.seed = uint64_t(info[1].As<Napi::Number>().DoubleValue());
  settings.batchSize = info[2].As<Napi::Number>().Int32Value();
  if (info[4].IsNumber()) settings.dropout = info[4].As<Napi::Number>().DoubleValue();
  if (const ProxyEntry* entry = findProxy(id)) return entry->makeDouble(settings);
  std::unique_ptr<Proxy<double>> network = makeOperationNetwork(id, settings);
  if (!network) fail("unknown proxy: " + id);
  return network;
}

Napi::Float64Array toArray(Napi::Env env, const std::vector<double>& values) {
  Napi::Float64Array array = Napi::Float64Array::New(env, values.size());
  std::copy(values.begin(), values.end(), array.Data());
  return array;
}

}  // namespace

Napi::Value listOperationNetworks(const Napi::CallbackInfo& info) {
  Napi::Array ids = Napi::Array::New(info.Env());
  for (const std::string& id : operationNetworks()) ids.Set(ids.Length(), id);
  return ids;
}

// The error of an element is measured against the largest gradient of its tensor.
Napi::Value checkGradient(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  return guard(env, [&] {
    return guard(env, [&] {
      std::unique_ptr<Proxy<double>> proxy = makeProxy(info);
      const int samples = info[3].As<Napi::Number>().Int32Value();
      std::vector<double> params(proxy->parameterCount()), grads(params.size()), scratch(params.size());
      proxy->initialise(params.data());
      Napi::Array result = Napi::Array::New(env);
      for (int player = 0; player < int(proxy->players().size()); player++) {
        proxy->drawBatch(0, player, params.data());
        proxy->gradient(player, params.data(), grads.data(), false);
        const Player& part = proxy->players()[size_t(player)];
        Random random(1, Stream::sampling, uint64_t(player));
        for (size_t s = 0; s < part.layout.segments.size(); s++) {
          const Segment& segment = part.layout.segments[s];
          const size_t start = part.offset + segment.offset;
          double largest = 0, worst = 0;
          for (size_t i = 0; i < segment.size; i++) largest = std::max(largest, std::abs(grads[start + i]));
          for (int k = 0; k < samples; k++) {
            const size_t at = start + random.integer(uint32_t(segment.size));
            const double original = params[at], step = 1e-6 * std::max(1., std::abs(original));
            params[at] = original + step;
            const double above = proxy->gradient(player, params.data(), scratch.data(), false);
            params[at] = original - step;
            const double below = proxy->gradient(player, params.data(), scratch.data(), false);
            params[at] = original;
            const double numeric = (above - below) / (2 * step);
            const double error = std::abs(numeric - grads[at]) / (largest + 1e-4);
            worst = std::isnan(error) ? error : std::max(worst, error);
          }
          Napi::Object row = Napi::Object::New(env);
          row.Set("segment", double(s));
          row.Set("player", double(player));
          row.Set("largest", largest);
          row.Set("worst", worst);
          result.Set(result.Length(), row);
        }
      }
      return result;
    });
  });
}

Napi::Value inspectProxy(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  return guard(env, [&] {
    return guard(env, [&] {
      std::unique_ptr<Proxy<double>> proxy = makeProxy(info);
      std::vector<double> params(proxy->parameterCount()), grads(params.size());
      proxy->initialise(params.data());
      proxy->drawBatch(0, 0, params.data());
      const double loss = proxy->gradient(0, params.data(), grads.data(), false);
      Napi::Array segments = Napi::Array::New(env);
      for (const Segment& segment : proxy->players()[0].layout.segments) {
        Napi::Array shape = Napi::Array::New(env);
        for (int d = 0; d < segment.ndim; d++) shape.Set(uint32_t(d), double(segment.shape[d]));
        segments.Set(segments.Length(), shape);
      }
      std::vector<double> x, y, ids;
      proxy->currentBatch(x, y, ids);
      Napi::Object result = Napi::Object::New(env);
      result.Set("segments", segments);
      result.Set("params", toArray(env, params));
      result.Set("grads", toArray(env, grads));
      result.Set("loss", loss);
      result.Set("x", toArray(env, x));
      result.Set("y", toArray(env, y));
      result.Set("ids", toArray(env, ids));
      return result;
    });
  });
}

namespace {

template <class Real>
double apply(const std::string& name, Real x) {
  if (name == "exp") return double(portable::exponential(x));
  if (name == "log") return double(portable::logarithm(x));
  if (name == "tanh") return double(portable::hyperbolicTangent(x));
  float sine, cosine;
  portable::sineCosineTurns(float(x), sine, cosine);
  return double(name == "sin2pi" ? sine : cosine);
}

}  // namespace

Napi::Value elementary(const Napi::CallbackInfo& info) {
  const std::string name = info[0].As<Napi::String>();
  const Napi::Float64Array in = info[1].As<Napi::Float64Array>();
  const bool single = info[2].ToBoolean();
  Napi::Float64Array out = Napi::Float64Array::New(info.Env(), in.ElementLength());
  for (size_t i = 0; i < in.ElementLength(); i++)
    out[i] = single ? apply(name, float(in[i])) : apply(name, double(in[i]));
  return out;
}

}  // namespace trainlint
