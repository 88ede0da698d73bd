// What ends a call from JavaScript early becomes an error there.
#pragma once

#include <napi.h>

#include "failure/failure.hpp"

namespace trainlint {

/// Leaves `failure` pending as a JavaScript error, unless a callback already left its own.
inline void throwInScript(Napi::Env env, const Failure& failure) {
  switch (failure.kind) {
    case FailureKind::script: return;
    case FailureKind::refusal: Napi::RangeError::New(env, failure.message).ThrowAsJavaScriptException(); return;
    case FailureKind::mistype: Napi::TypeError::New(env, failure.message).ThrowAsJavaScriptException(); return;
    case FailureKind::fault: Napi::Error::New(env, failure.message).ThrowAsJavaScriptException(); return;
  }
}

/// The body of a function that JavaScript calls. Handle scopes must be closed where it leaves early.
template <class Body>
Napi::Value guard(Napi::Env env, Body body) {
  Napi::Value result;
  const std::optional<Failure> failure = attempt([&] { result = body(); });
  if (!failure) return result;
  throwInScript(env, *failure);
  return Napi::Value();
}

}  // namespace trainlint
