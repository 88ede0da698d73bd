// Runs every loop of every instruction set that this machine has on odd shapes and compares the bits with those of the
// lowest one (SSE2; AVX2 in what ships). Each array ends where a page ends that faults when touched (or begins behind
// one), so that reading or writing past it ends the program. Half of the cases hold infinities, NaN, zeros and
// denormals. compare-levels.mjs builds and starts it. --choice: says which level is chosen, and runs nothing. Exit
// status: 0 if all bits agree.
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmath>
#include <limits>
#include <vector>

#include "ops/kernels.hpp"
#include "optim/isa/kernels.hpp"
#include "simd/dispatch.hpp"

namespace trainlint {

#define LEVEL(NAME)                      \
  namespace NAME {                       \
  void fillTable(Kernels<float>&);       \
  void fillLoops(OptimLoops<float>&);    \
  }
#if !defined(TRAINLINT_SHIPPED)
LEVEL(baseline)
#endif
LEVEL(avx2)
LEVEL(avx512)

namespace {

struct Level {
  IsaLevel isa = IsaLevel::baseline;
  Kernels<float> k{};
  OptimLoops<float> o{};
};

char currentCase[160] = "";
const char* currentLevel = "";

void onFault(int signal) {
  char text[256];
  const int length = snprintf(text, sizeof text, "%s: signal %d (%s)\n", currentLevel, signal, currentCase);
  if (write(1, text, size_t(length)) < 0) _exit(3);
  _exit(2);
}

/// Stretches of memory between pages that fault.
class Arena {
 public:
  Arena() {
    const size_t page = size_t(sysconf(_SC_PAGESIZE));
    for (char*& slot : slots_) {
      char* all = static_cast<char*>(mmap(nullptr, kBytes + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
      slot = all + page;
      if (all == MAP_FAILED || mprotect(slot, kBytes, PROT_READ | PROT_WRITE) != 0) perror("mmap"), _exit(3);
    }
  }
  char* take(size_t bytes, bool atEnd) {
    if (next_ == kSlots || bytes > kBytes) fprintf(stderr, "%s: arena too small\n", currentCase), _exit(3);
    char* slot = slots_[next_++];
    return atEnd ? slot + kBytes - bytes : slot;
  }
  void reset() { next_ = 0; }

 private:
  static constexpr int kSlots = 16;
  static constexpr size_t kBytes = 1 << 17;
  char* slots_[kSlots];
  int next_ = 0;
};

/// Arrays of one call, and a digest of what it left in them.
class Case {
 public:
  Case(Arena& arena, uint64_t seed, bool atEnd, bool strange)
      : arena_(arena), state_(seed), atEnd_(atEnd), strange_(strange) {
    arena_.reset();
  }
  float* in(size_t n) {
    float* p = reinterpret_cast<float*>(arena_.take(n * sizeof(float), atEnd_));
    for (size_t i = 0; i < n; i++) p[i] = number();
    return p;
  }
  /// Not negative: second moments.
  float* inSquares(size_t n) {
    float* p = in(n);
    for (size_t i = 0; i < n; i++) p[i] = std::fabs(p[i]);
    return p;
  }
  float* out(size_t n) { return kept(in(n), n); }
  float* outSquares(size_t n) { return kept(inSquares(n), n); }
  double* outDoubles(size_t n) {
    double* p = reinterpret_cast<double*>(arena_.take(n * sizeof(double), atEnd_));
    for (size_t i = 0; i < n; i++) p[i] = double(number());
    doubles_.push_back({p, n});
    return p;
  }
  uint8_t* outBytes(size_t n) {
    uint8_t* p = reinterpret_cast<uint8_t*>(arena_.take(n, atEnd_));
    for (size_t i = 0; i < n; i++) p[i] = random() & 3;
    bytes_.push_back({p, n});
    return p;
  }
  int32_t* ids(size_t n, int from, int to) {
    int32_t* p = reinterpret_cast<int32_t*>(arena_.take(n * sizeof(int32_t), atEnd_));
    for (size_t i = 0; i < n; i++) p[i] = from + int32_t(random() % uint64_t(to - from));
    return p;
  }
  void result(double x) { results_.push_back(x); }

  uint64_t digest() const {
    uint64_t hash = 0xcbf29ce484222325;
    const auto mix = [&](uint64_t bits) { hash = (hash ^ bits) * 0x100000001b3, hash ^= hash >> 29; };
    // Which NaN is not promised.
    const auto mixNumber = [&](auto x) {
      uint64_t bits = 0;
      if (x != x) x = std::numeric_limits<decltype(x)>::quiet_NaN();
      memcpy(&bits, &x, sizeof x);
      mix(bits);
    };
    for (const auto& [p, n] : floats_)
      for (size_t i = 0; i < n; i++) mixNumber(p[i]);
    for (const auto& [p, n] : doubles_)
      for (size_t i = 0; i < n; i++) mixNumber(p[i]);
    for (const auto& [p, n] : bytes_)
      for (size_t i = 0; i < n; i++) mix(p[i]);
    for (double x : results_) mixNumber(x);
    return hash;
  }

 private:
  template <class T>
  struct Array {
    T* p;
    size_t n;
  };
  float* kept(float* p, size_t n) {
    floats_.push_back({p, n});
    return p;
  }
  uint64_t random() {  // splitmix64
    uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  float number() {
    static constexpr float kStrange[] = {0.f,    -0.f,  INFINITY, -INFINITY, NAN, 1e-40f, -3e-39f, 3e38f,
                                         -3e38f, 1e-30f, 88.8f,    -87.5f};
    const uint64_t bits = random();
    if (strange_ && (bits & 7) == 0) return kStrange[(bits >> 8) % (sizeof kStrange / sizeof *kStrange)];
    return float(int32_t(bits >> 32)) * 0x1p-30f;  // -2 ... 2
  }

  Arena& arena_;
  uint64_t state_;
  bool atEnd_, strange_;
  std::vector<Array<float>> floats_;
  std::vector<Array<double>> doubles_;
  std::vector<Array<uint8_t>> bytes_;
  std::vector<double> results_;
};

class Comparison {
 public:
  explicit Comparison(const std::vector<Level>& levels) : levels_(levels) {}

  /// `call(case, kernels, loops)` for every level, place and kind of numbers.
  template <class Call>
  void operator()(const char* name, std::initializer_list<int> shape, Call call) {
    int at = snprintf(currentCase, sizeof currentCase, "%s", name);
    for (int size : shape) at += snprintf(currentCase + at, sizeof currentCase - size_t(at), " %d", size);
    seed_++;
    for (int variant = 0; variant < 4; variant++) {
      uint64_t expected = 0;
      for (const Level& level : levels_) {
        currentLevel = backendName(level.isa);
        Case one(arena_, seed_, variant & 1, variant & 2);
        call(one, level.k, level.o);
        if (&level == &levels_.front()) expected = one.digest();
        else if (one.digest() != expected && ++differing < 100)
          printf("%s: other bits (%s%s)\n", currentLevel, currentCase, variant & 2 ? ", strange numbers" : "");
        calls++;
      }
    }
  }
  long calls = 0, differing = 0;

 private:
  const std::vector<Level>& levels_;
  Arena arena_;
  uint64_t seed_ = 0;
};

typedef const Kernels<float>& K;
typedef const OptimLoops<float>& O;

void products(Comparison& compare) {
  const auto gemm = [&](int M, int N, int depth, bool transposed, int gap, bool biased, bool accumulate) {
    compare("gemm", {M, N, depth, transposed, gap, biased, accumulate}, [&](Case& c, K k, O) {
      const int aRows = transposed ? depth : M, aColumns = transposed ? M : depth, aStride = aColumns + gap;
      const float* a = c.in(size_t((aRows - 1) * aStride + aColumns));
      const float* b = c.in(size_t((depth - 1) * (N + gap) + N));
      const float* bias = biased ? c.in(size_t(N)) : nullptr;
      float* out = c.out(size_t((M - 1) * (N + gap) + N));
      k.gemm(M, N, depth, a, transposed ? 1 : aStride, transposed ? aStride : 1, b, N + gap, out, N + gap, bias,
             accumulate);
    });
  };
  int form = 0;
  for (int M : {1, 2, 3, 5, 8, 11, 12, 13, 20, 23, 24, 27})
    for (int N = 1; N <= 70; N += M < 12 ? 1 : 3, form++)
      gemm(M, N, 1 + form % 9, form & 1, form & 2 ? 3 : 0, form % 3 == 0, form % 5 == 0);
  for (int depth : {127, 128, 129, 300}) gemm(13, 37, depth, true, 1, depth % 2 == 0, depth % 2 == 1);
  for (int rows = 1; rows <= 35; rows++) {
    const int columns = rows * 7 % 67 + 1;
    const size_t n = size_t(rows * columns);
    compare("transpose", {rows, columns}, [&](Case& c, K k, O) {
      k.transpose(rows, columns, c.in(n), columns, c.out(n), rows);
    });
    compare("addColumnSums", {rows, columns}, [&](Case& c, K k, O) {
      k.addColumnSums(rows, columns, c.in(n), c.out(size_t(columns)));
    });
  }
}

void elementwise(Comparison& compare) {
  for (int n = 1; n <= 70; n++) {
    const size_t size = size_t(n);
    compare("add", {n}, [&](Case& c, K k, O) { k.add(n, c.in(size), c.in(size), c.out(size)); });
    compare("accumulate", {n}, [&](Case& c, K k, O) { k.accumulate(n, c.in(size), c.out(size)); });
    compare("scale", {n}, [&](Case& c, K k, O) { k.scale(n, .3f, c.out(size)); });
    compare("multiply", {n}, [&](Case& c, K k, O) { k.multiply(n, c.in(size), c.in(size), c.out(size)); });
    compare("clamp", {n}, [&](Case& c, K k, O) { k.clamp(n, .7f, c.out(size)); });
    compare("sumSquares", {n}, [&](Case& c, K k, O) { c.result(k.sumSquares(n, c.in(size))); });
    compare("sumSquaredDifferences", {n}, [&](Case& c, K k, O) {
      c.result(k.sumSquaredDifferences(n, c.in(size), c.in(size)));
    });
#if !defined(TRAINLINT_SHIPPED)
    compare("stream", {n}, [&](Case& c, K k, O) { k.stream(n, c.out(size), c.in(size), c.out(size), c.out(size)); });
#endif
    for (int kind = 0; kind <= int(Activation::gelu); kind++) {
      const Activation activation = Activation(kind);
      const bool keeps = activation == Activation::silu || activation == Activation::gelu;
      compare("activate", {kind, n}, [&](Case& c, K k, O) {
        k.activate(activation, .01f, n, c.in(size), c.out(size), nullptr);
      });
      if (keeps)
        compare("activate, keeping", {kind, n}, [&](Case& c, K k, O) {
          k.activate(activation, .01f, n, c.in(size), c.out(size), c.out(size));
        });
      compare("activateBack", {kind, n}, [&](Case& c, K k, O) {
        k.activateBack(activation, .01f, n, c.in(size), c.in(size), c.in(size), c.out(size), n & 1);
      });
    }
    compare("squaredError", {n}, [&](Case& c, K k, O) {
      c.result(k.squaredError(n, c.in(size), c.in(size), .1f, n % 3 ? c.out(size) : nullptr));
    });
    compare("logisticLoss", {n}, [&](Case& c, K k, O) {
      c.result(k.logisticLoss(n, c.in(size), c.inSquares(size), 2.f, .1f, n % 3 ? c.out(size) : nullptr));
    });
    const RandomCounter counter{uint32_t(n), 1, 2, 3, 4, 5};
    compare("fillNormal", {n}, [&](Case& c, K k, O) { k.fillNormal(counter, c.out(size), size); });
    compare("fillDropout", {n}, [&](Case& c, K k, O) {
      k.fillDropout(counter, 0x40000000, 1.25f, c.out(size), size);
    });
  }
}

void rowsAndColumns(Comparison& compare) {
  for (int columns = 1; columns <= 70; columns++)
    for (int rows : {1, 2, 7}) {
      const size_t n = size_t(rows * columns), wide = size_t(columns), tall = size_t(rows);
      const bool add = columns & 1;
      compare("layerNorm", {rows, columns}, [&](Case& c, K k, O) {
        k.layerNorm(rows, columns, c.in(n), c.in(wide), c.in(wide), c.out(n), c.out(n), c.out(tall));
      });
      compare("layerNormBack", {rows, columns}, [&](Case& c, K k, O) {
        k.layerNormBack(rows, columns, c.in(n), c.in(n), c.in(tall), c.in(wide), c.out(n), c.out(wide), c.out(wide), add);
      });
      compare("rmsNorm", {rows, columns}, [&](Case& c, K k, O) {
        k.rmsNorm(rows, columns, c.in(n), c.in(wide), c.out(n), c.out(n), c.out(tall));
      });
      compare("rmsNormBack", {rows, columns}, [&](Case& c, K k, O) {
        k.rmsNormBack(rows, columns, c.in(n), c.in(n), c.in(tall), c.in(wide), c.out(n), c.out(wide), add);
      });
      compare("crossEntropy", {rows, columns}, [&](Case& c, K k, O) {
        c.result(k.crossEntropy(rows, columns, c.in(n), c.ids(tall, -1, columns), .1f, rows > 1 ? c.out(n) : nullptr));
      });
      compare("columnMoments", {rows, columns}, [&](Case& c, K k, O) {
        k.columnMoments(rows, columns, c.in(n), c.outDoubles(wide), c.outDoubles(wide));
      });
      compare("normalizeColumns", {rows, columns}, [&](Case& c, K k, O) {
        k.normalizeColumns(rows, columns, c.in(n), c.in(wide), c.in(wide), c.in(wide), c.in(wide), c.out(n));
      });
      compare("columnGradients", {rows, columns}, [&](Case& c, K k, O) {
        k.columnGradients(rows, columns, c.in(n), c.in(n), c.in(wide), c.in(wide), c.outDoubles(wide), c.outDoubles(wide));
      });
      compare("batchNormBack", {rows, columns}, [&](Case& c, K k, O) {
        k.batchNormBack(rows, columns, c.in(n), c.in(n), c.in(wide), c.in(wide), c.in(wide), c.in(wide), c.in(wide),
                        c.out(n), add);
      });
      compare("gateColumns", {rows, columns}, [&](Case& c, K k, O) {
        k.gateColumns(2, rows, columns, c.in(2 * n), c.in(2 * wide), c.out(2 * n));
      });
      compare("gateColumnsBack", {rows, columns}, [&](Case& c, K k, O) {
        k.gateColumnsBack(2, rows, columns, c.in(2 * n), c.in(2 * wide), c.in(2 * n), c.out(2 * n), c.out(2 * wide), add,
                          columns & 2);
      });
      compare("meanRows", {rows, columns}, [&](Case& c, K k, O) {
        k.meanRows(2, rows, columns, c.in(2 * n), c.out(2 * wide));
      });
      compare("meanRowsBack", {rows, columns}, [&](Case& c, K k, O) {
        k.meanRowsBack(2, rows, columns, c.in(2 * wide), c.out(2 * n), add);
      });
#if !defined(TRAINLINT_SHIPPED)
      compare("softmax", {rows, columns}, [&](Case& c, K k, O) { k.softmax(rows, columns, c.in(n), c.out(n)); });
      compare("softmaxBack", {rows, columns}, [&](Case& c, K k, O) {
        k.softmaxBack(rows, columns, c.in(n), c.in(n), c.out(n), add);
      });
      compare("huber", {rows, columns}, [&](Case& c, K k, O) {
        c.result(k.huber(ptrdiff_t(n), c.in(n), c.in(n), .5f, .1f, c.out(n)));
      });
      compare("klDivergence", {rows, columns}, [&](Case& c, K k, O) {
        c.result(k.klDivergence(rows, columns, c.in(n), c.inSquares(n), .1f, c.out(n)));
      });
      for (int groups : {1, 2, 3}) {
        if (columns % groups) continue;
        const size_t kept = size_t(2 * groups);
        compare("groupNorm", {rows, columns, groups}, [&](Case& c, K k, O) {
          k.groupNorm(2, rows, columns, groups, c.in(2 * n), c.in(wide), c.in(wide), c.out(2 * n), c.out(2 * n),
                      c.out(kept));
        });
        compare("groupNormBack", {rows, columns, groups}, [&](Case& c, K k, O) {
          k.groupNormBack(2, rows, columns, groups, c.in(2 * n), c.in(2 * n), c.in(kept), c.in(wide), c.out(2 * n),
                          c.out(wide), c.out(wide), add);
        });
      }
#endif
    }
}

void attention(Comparison& compare) {
  int form = 0;
  for (int queries : {1, 3, 12, 17, 24})
    for (int keys : {1, 5, 16, 19, 33})
      for (int headSize : {1, 4, 7, 16, 20}) {
        const int heads = 1 + form % 3, batch = 2, gap = form % 2 * 5;
        const ptrdiff_t stride = heads * headSize + gap;
        const auto rows = [&](int count) { return size_t((batch * count - 1) * stride + heads * headSize); };
        AttentionShape s{batch, heads, queries, keys, headSize, stride, stride, stride, form % 4 == 0};
        const size_t kept = size_t(batch * heads * queries * keys), scratch = size_t(keys * headSize + queries * keys);
        const bool masked = form % 3 == 1;
        compare("attention", {queries, keys, headSize, heads, masked}, [&](Case& c, K k, O) {
          if (masked) s.lengths = c.ids(size_t(batch), 1, keys + 1), s.lengthStride = 1;
          k.attention(s, c.in(rows(queries)), c.in(rows(keys)), c.in(rows(keys)), c.out(kept), c.out(rows(queries)),
                      c.in(scratch));
        });
        compare("attentionBack", {queries, keys, headSize, heads}, [&](Case& c, K k, O) {
          s.lengths = nullptr;
          k.attentionBack(s, c.in(rows(queries)), c.in(rows(keys)), c.in(rows(keys)), c.in(kept), c.in(rows(queries)),
                          c.out(rows(queries)), c.out(rows(keys)), c.out(rows(keys)), c.in(scratch));
        });
        form++;
      }
}

void images(Comparison& compare) {
  int form = 0;
  for (int kernel : {1, 2, 3, 5})
    for (int stride : {1, 2})
      for (int channels : {1, 3, 16, 17, 33}) {
        const int padding = kernel / 2, height = 7, width = 6 + form % 3, batch = 2;
        const int outHeight = (height + 2 * padding - kernel) / stride + 1;
        const int outWidth = (width + 2 * padding - kernel) / stride + 1;
        const ConvolutionShape s{batch, height, width, channels, outHeight, outWidth, kernel, stride, padding};
        const int paddedWidth = width + 2 * padding, paddedHeight = height + 2 * padding;
        const size_t image = size_t(batch * height * width * channels);
        const size_t padded = size_t(batch * paddedHeight * paddedWidth * channels);
        const int count = batch * outHeight * outWidth, run = kernel * channels, taps = kernel * run;
        std::vector<int32_t> starts;
        for (int b = 0; b < batch; b++)
          for (int y = 0; y < outHeight; y++)
            for (int x = 0; x < outWidth; x++)
              starts.push_back(((b * paddedHeight + y * stride) * paddedWidth + x * stride) * channels);
        const Patches patches{count, kernel, run, ptrdiff_t(paddedWidth) * channels, starts.data()};
        compare("padImage", {kernel, width, channels}, [&](Case& c, K k, O) { k.padImage(s, c.in(image), c.out(padded)); });
        // More taps are more of the same, and most of the time.
        for (int out = 1 + form % 4; taps <= 100 && out <= 70; out += 5 + form % 3) {
          const size_t outputs = size_t(count * out), weights = size_t(taps * out), wide = size_t(out);
          compare("convolve", {kernel, stride, channels, out}, [&](Case& c, K k, O) {
            const float* bias = out % 3 ? c.in(wide) : nullptr;
            k.convolve(patches, out, c.in(padded), c.in(weights), bias, c.out(outputs), out % 4 == 0);
          });
          compare("convolveWeights", {kernel, stride, channels, out}, [&](Case& c, K k, O) {
            k.convolveWeights(patches, out, c.in(padded), c.in(outputs), c.out(weights));
          });
        }
        const size_t columns = size_t(count * taps), pixels = size_t(count * channels), kernels = size_t(taps);
        if (columns * 4 <= 1 << 17)
          compare("scatterPatches", {kernel, stride, channels}, [&](Case& c, K k, O) {
            k.scatterPatches(s, c.in(columns), c.out(image), form & 1);
          });
        compare("depthwise", {kernel, stride, channels}, [&](Case& c, K k, O) {
          k.depthwise(s, c.in(image), c.in(kernels), c.out(pixels));
        });
        compare("depthwiseBack", {kernel, stride, channels}, [&](Case& c, K k, O) {
          k.depthwiseBack(s, c.in(image), c.in(kernels), c.in(pixels), form % 3 ? c.out(image) : nullptr, c.out(kernels),
                          form & 1);
        });
        form++;
      }
  for (int channels = 1; channels <= 70; channels++) {
    const int height = 4, width = 2 + channels % 5;
    const size_t pixels = size_t(2 * height * width * channels), pooled = size_t(2 * 2 * (width / 2) * channels);
    compare("maxPool", {width, channels}, [&](Case& c, K k, O) {
      k.maxPool(2, height, width, channels, c.in(pixels), c.out(pooled), c.outBytes(pooled));
    });
    compare("maxPoolBack", {width, channels}, [&](Case& c, K k, O) {
      k.maxPoolBack(2, height, width, channels, c.in(pooled), c.outBytes(pooled), c.out(pixels), channels & 1);
    });
  }
}

void recurrent(Comparison& compare) {
  for (int hidden = 1; hidden <= 70; hidden++) {
    const int batch = 3, gap = hidden % 3;
    const auto rows = [&](int width) { return size_t((batch - 1) * (width + gap) + width); };
    const ptrdiff_t state = hidden + gap;
    const size_t states = rows(hidden), plain = size_t(batch * hidden);
    const bool first = hidden % 4 == 0;
    compare("lstmCell", {hidden, first}, [&](Case& c, K k, O) {
      k.lstmCell(batch, hidden, 4 * hidden + gap, state, c.out(rows(4 * hidden)), first ? nullptr : c.in(states),
                 c.out(states), c.out(states), c.out(states));
    });
    compare("lstmCellBack", {hidden, first}, [&](Case& c, K k, O) {
      k.lstmCellBack(batch, hidden, 4 * hidden + gap, state, c.in(rows(4 * hidden)), first ? nullptr : c.in(states),
                     c.in(states), c.in(plain), c.out(plain), c.out(rows(4 * hidden)));
    });
    const ptrdiff_t gates = 3 * hidden + gap;
    const size_t all = rows(3 * hidden);
    compare("gruCell", {hidden}, [&](Case& c, K k, O) {
      k.gruCell(batch, hidden, gates, state, c.out(all), c.in(all), c.in(states), c.out(states));
    });
    compare("gruCellBack", {hidden}, [&](Case& c, K k, O) {
      k.gruCellBack(batch, hidden, gates, state, c.in(all), c.in(all), c.in(states), c.in(plain), c.out(plain), c.out(all),
                    c.out(all));
    });
    compare("rnnCell", {hidden}, [&](Case& c, K k, O) { k.rnnCell(batch, hidden, state, c.in(states), c.out(states)); });
    compare("rnnCellBack", {hidden}, [&](Case& c, K k, O) {
      k.rnnCellBack(batch, hidden, state, c.in(states), c.in(plain), c.out(states));
    });
  }
}

void optimizers(Comparison& compare) {
  const MomentScalars<float> moments{.01f, .999f, .9f, .1f, .99f, .01f, 1e-8f};
  const AdamScalars<float> adam{moments, .01f, 1.5f};
  const AdaboundScalars<float> bounds{moments, .01f, .001f, .1f};
  const LambScalars<float> lamb{moments, .5f, 2.f, 1.5f};
  const SophiaScalars<float> sophia{.01f, .999f, .9f, .1f, 2.f, 4.f, 1e-12f, .1f};
  const MomentumScalars<float> momentum{.01f, .1f, .9f, .5f};
  // Whole blocks of the rules that gather several vectors at a time, too.
  for (size_t n = 1; n <= 300; n += n < 70 ? 1 : 23) {
    const auto each = [&](const char* name, auto call) { compare(name, {int(n)}, call); };
    const auto p = [&](Case& c) { return c.out(n); };
    const auto g = [&](Case& c) { return c.in(n); };
    const auto v = [&](Case& c) { return c.outSquares(n); };
    each("sgd", [&](Case& c, K, O o) { o.sgd(p(c), g(c), n, {.01f, .1f}); });
    each("momentum", [&](Case& c, K, O o) { o.momentum(p(c), g(c), p(c), n, momentum); });
    each("momentumScaled", [&](Case& c, K, O o) { o.momentumScaled(p(c), g(c), p(c), n, momentum); });
    each("nesterov", [&](Case& c, K, O o) { o.nesterov(p(c), g(c), p(c), n, momentum); });
    each("nesterovScaled", [&](Case& c, K, O o) { o.nesterovScaled(p(c), g(c), p(c), n, momentum); });
    each("adagrad", [&](Case& c, K, O o) { o.adagrad(p(c), g(c), v(c), n, {.01f, .1f, 1e-10f}); });
    each("adagradInside", [&](Case& c, K, O o) { o.adagradInside(p(c), g(c), v(c), n, {.01f, .1f, 1e-10f}); });
    for (int form = 0; form < 4; form++)
      compare("rmsprop", {form, int(n)}, [&](Case& c, K, O o) {
        o.rmsprop(p(c), g(c), v(c), form & 1 ? p(c) : nullptr, form & 2 ? p(c) : nullptr, n,
                  {.1f, .99f, .01f, .9f, 0.f, 1e-8f, 1.f, .01f});
      });
    each("adam", [&](Case& c, K, O o) { o.adam(p(c), g(c), p(c), v(c), n, adam); });
    each("amsgrad", [&](Case& c, K, O o) { o.amsgrad(p(c), g(c), p(c), v(c), v(c), n, adam); });
    each("adamax", [&](Case& c, K, O o) { o.adamax(p(c), g(c), p(c), v(c), n, {moments, .01f}); });
    each("nadam", [&](Case& c, K, O o) { o.nadam(p(c), g(c), p(c), v(c), n, {moments, 1.5f, .001f, .01f}); });
    each("radamUnrectified", [&](Case& c, K, O o) { o.radamUnrectified(p(c), g(c), p(c), v(c), n, adam); });
    each("adabound", [&](Case& c, K, O o) { o.adabound(p(c), g(c), p(c), v(c), n, bounds); });
    each("adaboundAmsgrad", [&](Case& c, K, O o) { o.adaboundAmsgrad(p(c), g(c), p(c), v(c), v(c), n, bounds); });
    each("lambMoments", [&](Case& c, K, O o) {
      o.lambMoments(n & 1 ? p(c) : nullptr, g(c), g(c), p(c), v(c), n, lamb, c.outDoubles(2));
    });
    each("lambApply", [&](Case& c, K, O o) { o.lambApply(p(c), g(c), c.inSquares(n), -.01f, n, lamb); });
    each("meanSquare", [&](Case& c, K, O o) { c.result(o.meanSquare(g(c), n)); });
    each("averageSums", [&](Case& c, K, O o) { o.averageSums(p(c), c.outDoubles(n), .5, 1e-30, .9, .1, n); });
    each("inverseRoots", [&](Case& c, K, O o) { o.inverseRoots(p(c), c.inSquares(n), .5f, n); });
    each("rootUpdate", [&](Case& c, K, O o) { o.rootUpdate(p(c), g(c), v(c), .9, .1, 1e-30, 1e-20f, n); });
    each("lion", [&](Case& c, K, O o) { o.lion(p(c), g(c), p(c), n, {.01f, .999f, .9f, .1f, .99f, .01f}); });
    each("sophia", [&](Case& c, K, O o) { o.sophia(p(c), g(c), p(c), c.inSquares(n), n, sophia); });
    each("sophiaBiasCorrected", [&](Case& c, K, O o) { o.sophiaBiasCorrected(p(c), g(c), p(c), c.inSquares(n), n, sophia); });
    each("axpy", [&](Case& c, K, O o) { o.axpy(p(c), .3f, g(c), n); });
    each("optim scale", [&](Case& c, K, O o) { o.scale(p(c), .3f, n); });
    each("average", [&](Case& c, K, O o) { o.average(p(c), g(c), .9f, .1f, n); });
    each("averageSquares", [&](Case& c, K, O o) { o.averageSquares(p(c), g(c), .9f, .1f, n); });
    each("interpolate", [&](Case& c, K, O o) { o.interpolate(p(c), p(c), .5f, n); });
    each("ascend", [&](Case& c, K, O o) { o.ascend(p(c), g(c), .1f, n & 1, n); });
    each("subtract", [&](Case& c, K, O o) { o.subtract(p(c), g(c), .1f, n); });
    each("sum", [&](Case& c, K, O o) { c.result(o.sum(g(c), n)); });
    each("optim sumSquares", [&](Case& c, K, O o) { c.result(o.sumSquares(g(c), n)); });
    each("sumAbs", [&](Case& c, K, O o) { c.result(o.sumAbs(g(c), n)); });
    each("dot", [&](Case& c, K, O o) { c.result(o.dot(g(c), g(c), n)); });
    each("sumSquaredProducts", [&](Case& c, K, O o) { c.result(o.sumSquaredProducts(g(c), g(c), n)); });
    each("maxAbs", [&](Case& c, K, O o) { c.result(o.maxAbs(g(c), n)); });
    const size_t rows = n % 11 + 1, all = rows * n;
    const auto matrix = [&](const char* name, auto call) { compare(name, {int(rows), int(n)}, call); };
    matrix("centerRows", [&](Case& c, K, O o) { o.centerRows(c.out(all), c.in(all), rows, n); });
    matrix("sumMatrixSquares", [&](Case& c, K, O o) {
      o.sumMatrixSquares(c.in(all), rows, n, c.outDoubles(rows), c.outDoubles(n), c.in(n));
    });
    matrix("factoredSquares", [&](Case& c, K, O o) {
      c.result(o.factoredSquares(c.in(all), c.in(rows), c.in(n), 3.f, rows, n));
    });
    matrix("factoredUpdate", [&](Case& c, K, O o) {
      o.factoredUpdate(c.out(all), c.in(all), c.in(rows), c.in(n), 3.f, rows, n);
    });
    matrix("factoredStep", [&](Case& c, K, O o) {
      o.factoredStep(c.out(all), c.in(all), c.in(rows), c.in(n), 3.f, .999f, -.01f, rows, n);
    });
  }
}

int main(bool choiceOnly) {
  setvbuf(stdout, nullptr, _IOLBF, 0);
  for (int signal : {SIGSEGV, SIGBUS, SIGILL, SIGFPE}) ::signal(signal, onFault);
  printf("chosen by default: %s\n", backendName(activeLevel()));
  std::vector<Level> levels;
#if !defined(TRAINLINT_SHIPPED)
  levels.resize(1);
  baseline::fillTable(levels[0].k);
  baseline::fillLoops(levels[0].o);
#endif
  for (IsaLevel isa : {IsaLevel::avx2, IsaLevel::avx512}) {
    if (!isSupported(isa)) {
      printf("%s: not run, this machine cannot execute it\n", backendName(isa));
      continue;
    }
    Level level;
    level.isa = isa;
    avx2::fillTable(level.k);
    avx2::fillLoops(level.o);
    if (isa == IsaLevel::avx512) avx512::fillTable(level.k), avx512::fillLoops(level.o);
    levels.push_back(level);
  }
  if (choiceOnly) return 0;
  Comparison compare(levels);
  const struct {
    const char* name;
    void (*run)(Comparison&);
  } parts[] = {{"products", products},     {"elementwise", elementwise}, {"rows and columns", rowsAndColumns},
               {"attention", attention},   {"images", images},           {"recurrent", recurrent},
               {"optimizers", optimizers}};
  for (const auto& part : parts) {
    const long callsBefore = compare.calls, differingBefore = compare.differing;
    part.run(compare);
    printf("%s: %ld calls, %ld with other bits\n", part.name, compare.calls - callsBefore,
           compare.differing - differingBefore);
  }
  return compare.differing ? 1 : 0;
}

}  // namespace
}  // namespace trainlint

int main(int count, char** words) { return trainlint::main(count > 1 && !strcmp(words[1], "--choice")); }
