// Looking inside a proxy, for tests: its float64 gradient against central differences, and its weights, batch and
// gradient to compare with another framework.
#pragma once

#include <napi.h>

namespace trainlint {

/// operationNetworks() -> ids of the networks for tests, which the next two take as well
Napi::Value listOperationNetworks(const Napi::CallbackInfo& info);
/// checkGradient(proxy, seed, batchSize, samplesPerSegment, dropout?) -> [{ segment, worst }]
Napi::Value checkGradient(const Napi::CallbackInfo& info);
/// inspectProxy(proxy, seed, batchSize, 0, dropout?) -> { segments, params, grads, loss, x, y, ids }
Napi::Value inspectProxy(const Napi::CallbackInfo& info);

/// elementary(name, numbers, single) -> Float64Array: the kernels' own exp, log, tanh, sin2pi or cos2pi.
Napi::Value elementary(const Napi::CallbackInfo& info);

/// benchmark("gemm", kind, M, N, K) | ("stream", n) | ("optimizer", kind, n, tensors) -> function(repeats) -> seconds
Napi::Value benchmark(const Napi::CallbackInfo& info);

}  // namespace trainlint
