// JavaScript objects to specs. The TypeScript face has checked types and ranges already; what is wrong here is
// reported as a TypeError all the same.
#pragma once

#include <napi.h>

#include "loop/run_spec.hpp"

namespace trainlint {

OptimizerSpec parseOptimizer(const Napi::Object& object);
RunSpec parseRunSpec(const Napi::Object& object);

}  // namespace trainlint
