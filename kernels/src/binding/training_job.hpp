// train(spec, onChunk, onEnd) -> { cancel() }: a run in a thread of its own; what runs share.
#pragma once

#include <napi.h>

namespace trainlint {

Napi::Value startTraining(const Napi::CallbackInfo& info);
Napi::Value listProxies(const Napi::CallbackInfo& info);
/// warmStart(proxy) -> Float32Array, undefined while there is none; adoptWarmStart(proxy, Float32Array) -> boolean.
Napi::Value warmStart(const Napi::CallbackInfo& info);
Napi::Value adoptWarmStart(const Napi::CallbackInfo& info);

}  // namespace trainlint
