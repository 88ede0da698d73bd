// train(spec, onChunk, onEnd) -> { cancel() }: a run in a thread of its own.
#pragma once

#include <napi.h>

namespace trainlint {

Napi::Value startTraining(const Napi::CallbackInfo& info);
Napi::Value listProxies(const Napi::CallbackInfo& info);

}  // namespace trainlint
