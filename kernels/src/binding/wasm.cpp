// The WebAssembly module's face (js/wasm-*.ts is its other half): plain functions over handles and addresses. What
// comes in is written into memory from `allocate`; texts and arrays that go out lie in one buffer until the next call.
#if defined(__wasm__)
#include <atomic>
#include <cmath>
#include <cstring>

#include "failure/failure.hpp"
#include "loop/training_run.hpp"
#include "optim/state.hpp"
#include "simd/precision.hpp"

#define EXPORT(NAME) extern "C" __attribute__((export_name(#NAME)))
#define IMPORT(NAME) extern "C" __attribute__((import_module("trainlint"), import_name(#NAME)))

// Throws a JavaScript error that unwinds the module's frames: kind 1 is a RangeError (a refusal), 0 an Error.
IMPORT(raise) __attribute__((noreturn)) void raiseInScript(int kind, const char* message, size_t length);
// The closure of the optimizer that is stepping; parameters and gradient lie at these addresses.
IMPORT(evaluate) double evaluateInScript(const void* params, void* grads);
IMPORT(hessian) int hessianInScript(const void* params, double* out);

namespace trainlint {

// JavaScript throws through the module's frames and is the one that catches.
void leave(FailureKind kind, std::string message) {
  raiseInScript(kind == FailureKind::refusal, message.data(), message.size());
}

std::optional<Failure> attempt(void (*body)(void*), void* data) {
  body(data);
  return std::nullopt;
}

namespace {

std::vector<char> output;

void say(const void* data, size_t bytes) {
  const char* start = static_cast<const char*>(data);
  output.assign(start, start + bytes);
}

/// Reads what js/wasm-spec.ts writes: little-endian, nothing aligned.
class Reader {
 public:
  explicit Reader(const char* at) : at_(at) {}

  template <class T>
  T take() {
    T value;
    std::memcpy(&value, at_, sizeof(T));
    at_ += sizeof(T);
    return value;
  }

  std::string text() {
    const uint32_t length = take<uint32_t>();
    std::string value(at_, length);
    at_ += length;
    return value;
  }

  /// Entries of name, kind and value; the kinds are those of OptimizerSpec.
  OptimizerSpec spec() {
    OptimizerSpec spec;
    spec.kind = text();
    for (uint32_t left = take<uint32_t>(); left > 0; left--) {
      const std::string name = text();
      switch (take<char>()) {
        case 'n': spec.numbers[name] = take<double>(); break;
        case 'f': spec.flags[name] = take<char>() != 0; break;
        case 'w': spec.words[name] = text(); break;
        case 'l': {
          std::vector<double>& list = spec.lists[name];
          list.resize(take<uint32_t>());
          for (double& element : list) element = take<double>();
          break;
        }
        case 'b': spec.base = Shared<OptimizerSpec>::make(this->spec()); break;
        case 'g': {
          ParameterGroup group;
          group.lrFactor = take<double>();
          group.overrides = this->spec();
          spec.groups.push_back(std::move(group));
          break;
        }
        default: fail("malformed spec");
      }
    }
    return spec;
  }

  RunSpec run() {
    const OptimizerSpec fields = spec();
    const auto number = [&](const char* name, double otherwise) {
      const auto found = fields.numbers.find(name);
      return found == fields.numbers.end() ? otherwise : found->second;
    };
    RunSpec run;
    run.proxy = fields.kind;
    run.learningRates = fields.lists.at("learningRates");
    run.steps = int(number("steps", 0));
    run.batchSize = int(number("batchSize", 0));
    run.accumulation = int(number("accumulation", 1));
    run.clipNorm = number("clipNorm", 0);
    run.clipValue = number("clipValue", 0);
    run.averageDecay = number("averageDecay", -1);
    run.averageWarmup = fields.flags.count("averageWarmup") != 0;
    run.dropout = number("dropout", 0);
    run.seed = uint64_t(number("seed", 0));
    run.datasetSize = int(number("datasetSize", 0));
    run.labelNoise = number("labelNoise", -1);
    run.badBatchScale = number("badBatchScale", 1);
    run.probeEvery = int(number("probeEvery", 0));
    run.validateEvery = int(number("validateEvery", 0));
    run.continueWhenNonFinite = fields.flags.count("continueWhenNonFinite") != 0;
    run.switchAt = int(number("switchAt", 0));
    run.optimizer = spec();
    if (run.switchAt > 0) run.switchTo = spec();
    return run;
  }

  ParameterLayout layout() {
    ParameterLayout layout;
    for (uint32_t left = take<uint32_t>(); left > 0; left--) {
      Segment segment{};
      segment.offset = layout.total;
      segment.size = 1;
      segment.group = take<int32_t>();
      segment.ndim = take<int32_t>();
      for (int d = 0; d < segment.ndim; d++) {
        segment.shape[d] = int64_t(take<double>());
        segment.size *= size_t(segment.shape[d]);
      }
      layout.total += segment.size;
      layout.segments.push_back(segment);
    }
    return layout;
  }

 private:
  const char* at_;
};

/// A run ends when its worker does, so nothing inside ever sees it cancelled.
struct Job {
  explicit Job(const RunSpec& spec) : run(spec, never) {
    run.prepare();
    row.assign(9 + findProxy(spec.proxy)->metrics.size(), std::nan(""));
  }

  // Columns: step, loss, gradNorm, lr, updateRatio, probe, validation, dead units, which of the last three are there,
  // metrics.
  const double* record(const StepRecord& r) {
    const double fixed[] = {double(r.step), r.loss, r.gradNorm, r.lr, r.updateRatio, r.probeLoss, r.valLoss,
                            r.deadUnits,
                            double(r.hasProbe) + 2 * double(r.hasValidation) + 4 * double(r.hasDeadUnits)};
    std::memcpy(row.data(), fixed, sizeof fixed);
    for (size_t m = 0; m < r.metrics.size() && 9 + m < row.size(); m++) row[9 + m] = r.metrics[m];
    return row.data();
  }

  const std::atomic<bool> never{false};
  TrainingRun run;
  std::vector<double> row;
};

/// One optimizer in either precision, with memory for its parameters and gradient.
struct Session {
  virtual ~Session() = default;
  virtual void step(double lr) = 0;
  virtual void stepWithClosure(double lr) = 0;
  virtual void updateCurvature() = 0;
  virtual void layerStatistics(int layer, const void* inputs, const void* outputGrads, size_t batch) = 0;
  virtual int registerLayer(int weight, int bias) = 0;
  virtual int traits() const = 0;
  virtual size_t stateBytes() const = 0;
  virtual void saveState() const = 0;
  virtual void loadState(const void* state, size_t count) = 0;
  virtual void* params() = 0;
  virtual void* grads() = 0;
};

template <class Real>
struct TypedSession final : Session {
  struct ScriptClosure final : Closure<Real> {
    double evaluate(const Real* params, Real* gradsOut) override { return evaluateInScript(params, gradsOut); }
    bool hessian(const Real* params, double* out) override { return hessianInScript(params, out) != 0; }
  };

  TypedSession(const OptimizerSpec& spec, ParameterLayout given)
      : layout(std::move(given)),
        optimizer(createOptimizer<Real>(spec, layout)),
        arena(2 * padded(layout.total)) {}

  // 64-byte rows: the gradient begins on one too.
  static size_t padded(size_t n) { return (n + 15) / 16 * 16; }
  Real* p() { return arena.data(); }
  Real* g() { return arena.data() + padded(layout.total); }

  void step(double lr) override { optimizer->step(p(), g(), lr); }
  void stepWithClosure(double lr) override {
    ScriptClosure closure;
    const double loss = closure.evaluate(p(), g());
    optimizer->stepWithClosure(p(), g(), loss, lr, closure);
  }
  void updateCurvature() override { optimizer->updateCurvature(g()); }
  void layerStatistics(int layer, const void* inputs, const void* outputGrads, size_t batch) override {
    optimizer->layerStatistics(layer, static_cast<const Real*>(inputs), static_cast<const Real*>(outputGrads), batch);
  }
  int registerLayer(int weight, int bias) override {
    const int layer = optimizer->registerLayer(weight, bias);
    if (layer < 0) refuse("only kfac has layers");
    return layer;
  }
  int traits() const override { return int(optimizer->needsClosure()) + 2 * int(optimizer->wantsCurvature()); }
  size_t stateBytes() const override { return optimizer->stateBytes(); }
  void saveState() const override {
    const std::vector<Real> state = optimizer->saveState();
    say(state.data(), state.size() * sizeof(Real));
  }
  void loadState(const void* state, size_t count) override {
    const Real* start = static_cast<const Real*>(state);
    optimizer->loadState(std::vector<Real>(start, start + count));
  }
  void* params() override { return p(); }
  void* grads() override { return g(); }

  const ParameterLayout layout;
  const std::unique_ptr<Optimizer<Real>> optimizer;
  AlignedArray<Real> arena;
};

}  // namespace

// Memory

EXPORT(allocate) void* allocateBytes(size_t bytes) { return ::operator new(bytes); }
EXPORT(release) void releaseBytes(void* memory) { ::operator delete(memory); }
EXPORT(outputData) const void* outputData() { return output.data(); }
EXPORT(outputBytes) size_t outputBytes() { return output.size(); }

// The shadow stack, to be put back where it was after an error has unwound frames.
EXPORT(stackPointer) void* stackPointer() {
  void* top;
  __asm__(".globaltype __stack_pointer, i32\n global.get __stack_pointer\n local.set %0" : "=r"(top));
  return top;
}
EXPORT(setStackPointer) void setStackPointer(void* top) {
  __asm__ volatile("local.get %0\n global.set __stack_pointer" : : "r"(top));
}

// Proxies and runs

/// Leaves a JSON array of NativeProxy (js/addon.ts) in the output.
EXPORT(listProxies) void listProxies() {
  std::string json = "[";
  ProxySettings layoutOnly;
  layoutOnly.batchSize = 0;
  const auto flag = [](bool value) { return value ? "true" : "false"; };
  for (const ProxyEntry& entry : proxyRegistry()) {
    if (json.size() > 1) json += ',';
    json += std::string("{\"id\":\"") + entry.id + "\",\"defaultBatchSize\":" + decimal(entry.defaultBatchSize) +
            ",\"parameterCount\":" + decimal(entry.makeFloat(layoutOnly)->parameterCount()) +
            ",\"classifies\":" + flag(entry.classifies) + ",\"finiteData\":" + flag(entry.finiteData) +
            ",\"badBatches\":" + flag(entry.badBatches) + ",\"dropout\":" + flag(entry.dropout) + ",\"metrics\":[";
    for (size_t m = 0; m < entry.metrics.size() && entry.metrics[m]; m++)
      json += std::string(m ? ",\"" : "\"") + entry.metrics[m] + "\"";
    json += "]}";
  }
  json += ']';
  say(json.data(), json.size());
}

EXPORT(createRun) Job* createRun(const char* spec) { return new Job(Reader(spec).run()); }
EXPORT(deleteRun) void deleteRun(Job* job) { delete job; }
EXPORT(runColumns) size_t runColumns(const Job* job) { return job->row.size(); }
EXPORT(runParameterCount) size_t runParameterCount(const Job* job) { return job->run.parameterCount(); }
EXPORT(runStateBytes) size_t runStateBytes(const Job* job) { return job->run.stateBytes(); }
EXPORT(runDone) int runDone(const Job* job) { return job->run.done(); }
EXPORT(runStart) const double* runStart(Job* job) { return job->record(job->run.measureStart()); }
EXPORT(runNext) const double* runNext(Job* job) { return job->record(job->run.next()); }

// Optimizers

EXPORT(createOptimizer) Session* createSession(const char* specAndLayout, int isDouble) {
  Reader reader(specAndLayout);
  const OptimizerSpec spec = reader.spec();
  ParameterLayout layout = reader.layout();
#if TRAINLINT_FLOAT64
  if (isDouble) return new TypedSession<double>(spec, std::move(layout));
#else
  if (isDouble) refuse(kNoFloat64);
#endif
  return new TypedSession<float>(spec, std::move(layout));
}
EXPORT(deleteOptimizer) void deleteSession(Session* session) { delete session; }
EXPORT(defaultLearningRate) double defaultLearningRate(const char* spec) { return learningRateOf(Reader(spec).spec()); }
EXPORT(optimizerParams) void* optimizerParams(Session* session) { return session->params(); }
EXPORT(optimizerGrads) void* optimizerGrads(Session* session) { return session->grads(); }
EXPORT(optimizerStep) void optimizerStep(Session* session, double lr) { session->step(lr); }
EXPORT(optimizerStepWithClosure) void optimizerStepWithClosure(Session* session, double lr) {
  session->stepWithClosure(lr);
}
/// Bit 1: needs a closure; bit 2: a curvature estimate is due.
EXPORT(optimizerTraits) int optimizerTraits(const Session* session) { return session->traits(); }
EXPORT(optimizerStateBytes) size_t optimizerStateBytes(const Session* session) { return session->stateBytes(); }
/// The estimate lies where the gradient does.
EXPORT(optimizerUpdateCurvature) void optimizerUpdateCurvature(Session* session) { session->updateCurvature(); }
EXPORT(optimizerRegisterLayer) int optimizerRegisterLayer(Session* session, int weight, int bias) {
  return session->registerLayer(weight, bias);
}
EXPORT(optimizerLayerStatistics)
void optimizerLayerStatistics(Session* session, int layer, const void* inputs, const void* outputGrads, size_t batch) {
  session->layerStatistics(layer, inputs, outputGrads, batch);
}
EXPORT(optimizerSaveState) void optimizerSaveState(const Session* session) { session->saveState(); }
EXPORT(optimizerLoadState) void optimizerLoadState(Session* session, const void* state, size_t count) {
  session->loadState(state, count);
}

}  // namespace trainlint
#endif
