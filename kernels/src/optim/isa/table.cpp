// Collects the loops of one instruction set.
#include "optim/isa/table.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

template <class Real>
static void fill(OptimLoops<Real>& loops) {
  addSgd(loops);
  addMomentum(loops);
  addAdam(loops);
  addLion(loops);
  // AVX-512 takes the others from AVX2: some always, some in what ships (loops.cpp; COLD and LUKEWARM in units.mjs).
#if !defined(__AVX512F__) || !defined(TRAINLINT_SHIPPED)
  addArithmetic(loops);
  addSums(loops);
#endif
#if !defined(__AVX512F__)
  addNesterov(loops);
  addAdagrad(loops);
  addRmsprop(loops);
  addAdamax(loops);
  addNadam(loops);
  addRadam(loops);
  addAdabound(loops);
  addLamb(loops);
  addAdafactor(loops);
  addSophia(loops);
#endif
}

void fillLoops(OptimLoops<float>& loops) { fill(loops); }
#if TRAINLINT_FLOAT64_LOOPS
void fillLoops(OptimLoops<double>& loops) { fill(loops); }
#endif

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
