// The addon's entry: what JavaScript sees of the kernels.
#include <napi.h>

#include "binding/guard.hpp"
#include "binding/inspection.hpp"
#include "binding/training_job.hpp"
#include "simd/dispatch.hpp"

#if __has_include("optim/napi_optimizer.cpp")
Napi::Object registerOptimizer(Napi::Env env, Napi::Object exports);
#endif

namespace {

Napi::Value backend(const Napi::CallbackInfo& info) {
  return trainlint::guard(info.Env(), [&] {
    return Napi::String::New(info.Env(), trainlint::backendName(trainlint::activeLevel()));
  });
}

Napi::Object initialise(Napi::Env env, Napi::Object exports) {
  exports.Set("backend", Napi::Function::New(env, backend, "backend"));
  exports.Set("train", Napi::Function::New(env, trainlint::startTraining, "train"));
  exports.Set("proxies", Napi::Function::New(env, trainlint::listProxies, "proxies"));
  exports.Set("warmStart", Napi::Function::New(env, trainlint::warmStart, "warmStart"));
  exports.Set("adoptWarmStart", Napi::Function::New(env, trainlint::adoptWarmStart, "adoptWarmStart"));
#if !defined(TRAINLINT_SHIPPED)
  exports.Set("checkGradient", Napi::Function::New(env, trainlint::checkGradient, "checkGradient"));
  exports.Set("operationNetworks", Napi::Function::New(env, trainlint::listOperationNetworks, "operationNetworks"));
  exports.Set("inspectProxy", Napi::Function::New(env, trainlint::inspectProxy, "inspectProxy"));
  exports.Set("elementary", Napi::Function::New(env, trainlint::elementary, "elementary"));
  exports.Set("benchmark", Napi::Function::New(env, trainlint::benchmark, "benchmark"));
#endif
#if __has_include("optim/napi_optimizer.cpp")
  registerOptimizer(env, exports);
#endif
  return exports;
}

}  // namespace

NODE_API_MODULE(trainlint, initialise)
