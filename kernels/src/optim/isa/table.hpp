// What each loop file contributes to the table; TRAINLINT_ISA names the level.
#pragma once

#include "optim/isa/kernels.hpp"
#include "optim/isa/scalar.hpp"
#include "simd/precision.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

template <class Real>
void addSgd(OptimLoops<Real>&);
template <class Real>
void addMomentum(OptimLoops<Real>&);
template <class Real>
void addNesterov(OptimLoops<Real>&);
template <class Real>
void addAdagrad(OptimLoops<Real>&);
template <class Real>
void addRmsprop(OptimLoops<Real>&);
template <class Real>
void addAdam(OptimLoops<Real>&);
template <class Real>
void addAdamax(OptimLoops<Real>&);
template <class Real>
void addNadam(OptimLoops<Real>&);
template <class Real>
void addRadam(OptimLoops<Real>&);
template <class Real>
void addAdabound(OptimLoops<Real>&);
template <class Real>
void addLamb(OptimLoops<Real>&);
template <class Real>
void addLion(OptimLoops<Real>&);
template <class Real>
void addSophia(OptimLoops<Real>&);
template <class Real>
void addAdafactor(OptimLoops<Real>&);
template <class Real>
void addArithmetic(OptimLoops<Real>&);
template <class Real>
void addSums(OptimLoops<Real>&);

// Each file ends with this for its function.
#if TRAINLINT_FLOAT64_LOOPS
#define TRAINLINT_LOOPS(NAME)                    \
  template void NAME<float>(OptimLoops<float>&); \
  template void NAME<double>(OptimLoops<double>&);
#else
#define TRAINLINT_LOOPS(NAME) template void NAME<float>(OptimLoops<float>&);
#endif

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
