// Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"): a counter-based generator.
// Every number is a function of (seed, stream, sequence, position), so twin runs draw the same data and the same
// weights whatever else differs between them.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace trainlint {

/// What the numbers are for; streams never share numbers.
enum class Stream : uint32_t { init = 1, data = 2, order = 3, sampling = 4, probe = 5, validation = 6, train = 7, task = 8, curvature = 9, dropout = 10 };

struct PhiloxBlock {
  uint32_t word[4];
};

static inline PhiloxBlock philox(uint32_t c0, uint32_t c1, uint32_t c2, uint32_t c3, uint32_t k0, uint32_t k1) {
  for (int round = 0; round < 10; round++) {
    const uint64_t p0 = uint64_t(0xD2511F53u) * c0, p1 = uint64_t(0xCD9E8D57u) * c2;
    const uint32_t n0 = uint32_t(p1 >> 32) ^ c1 ^ k0, n2 = uint32_t(p0 >> 32) ^ c3 ^ k1;
    c1 = uint32_t(p1);
    c3 = uint32_t(p0);
    c0 = n0;
    c2 = n2;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return {{c0, c1, c2, c3}};
}

}  // namespace trainlint
