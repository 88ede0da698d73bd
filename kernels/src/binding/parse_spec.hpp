// JavaScript objects to specs. The TypeScript face has checked types and ranges already; what is wrong here is
// reported as a TypeError all the same.
#pragma once

#include <napi.h>

#include "loop/run_spec.hpp"

namespace trainlint {

// Into a spec of the caller's: what was read of one that is refused goes with it.
void parseOptimizer(const Napi::Object& object, OptimizerSpec& spec);
void parseRunSpec(const Napi::Object& object, RunSpec& spec);

}  // namespace trainlint
