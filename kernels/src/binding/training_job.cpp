#include "binding/training_job.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <memory>
#include <utility>

#include "binding/guard.hpp"
#include "binding/parse_spec.hpp"
#include "loop/training_run.hpp"
#include "memory/shared.hpp"
#include "simd/dispatch.hpp"
#include "threads/clock.hpp"
#include "threads/thread.hpp"

namespace trainlint {
namespace {

constexpr double kChunkInterval = .016;  // seconds
// Columns of a chunk before the metrics: step, loss, gradNorm, lr, updateRatio, probe, val, dead units, and which of the
// last three are there (bits 1, 2 and 4; a NaN alone could not tell a missing number from one that is not a number).
constexpr size_t kColumns = 9;

// Shared by the JavaScript thread and the training thread; whoever lets go last deletes it.
struct Job {
  RunSpec spec;
  std::atomic<bool> cancelled{false};
  Thread thread;
  napi_threadsafe_function post = nullptr;
  napi_env env = nullptr;
  Napi::FunctionReference onChunk, onEnd;

  Mutex mutex;
  std::vector<StepRecord> pending;  // taken by the JavaScript thread
  bool ended = false;               // guarded by mutex
  std::string failure;
  double seconds = 0;
  size_t parameterCount = 0, stateBytes = 0;
  bool posted = false;  // a call is under way: the next records ride along (back-pressure)
};

using JobPointer = Shared<Job>;

void post(Job& job) {
  {
    const Lock lock(job.mutex);
    if (job.posted) return;
    job.posted = true;
  }
  // A refusal means that the environment is going away: nobody listens any more.
  if (napi_call_threadsafe_function(job.post, nullptr, napi_tsfn_nonblocking) != napi_ok) job.cancelled = true;
}

std::vector<StepRecord> takePending(Job& job) {
  const Lock lock(job.mutex);
  return std::exchange(job.pending, {});
}

// Allocates with the lock released: memory may be what is missing.
void append(Job& job, std::vector<StepRecord>& chunk) {
  std::vector<StepRecord> all = takePending(job);
  for (StepRecord& record : chunk) all.push_back(std::move(record));
  chunk.clear();
  const Lock lock(job.mutex);
  job.pending = std::move(all);
}

void* trainInThread(void* data) {
  Job& job = *static_cast<Job*>(data);
  const double start = secondsNow();
  std::unique_ptr<TrainingRun> run;
  std::vector<StepRecord> chunk;
  // An attempt a step: what one hands over must not belong to a frame that another leaves.
  std::optional<Failure> failure = attempt([&] {
    activeLevel();  // a level that cannot be had is refused first
    run = std::make_unique<TrainingRun>(job.spec, job.cancelled);
    run->prepare();
    chunk.push_back(run->measureStart());
  });
  double sent = start - kChunkInterval;  // the first chunk goes at once
  while (!failure && !run->done() && !job.cancelled.load(std::memory_order_relaxed)) {
    failure = attempt([&] { chunk.push_back(run->next()); });
    const double now = secondsNow();
    if (failure || now - sent < kChunkInterval) continue;
    sent = now;
    failure = attempt([&] { append(job, chunk); });
    post(job);
  }
  if (!failure) failure = attempt([&] { append(job, chunk); });
  {
    const Lock lock(job.mutex);
    if (failure) job.failure = std::move(failure->message);
    if (run) job.parameterCount = run->parameterCount();
    if (run) job.stateBytes = run->stateBytes();
    job.seconds = secondsNow() - start;
    job.ended = true;
    job.posted = false;  // the last call must go out
  }
  post(job);
  return nullptr;
}

// An environment that ends refuses everything, its own error objects too: statuses, then, not Napi's errors.
void check(napi_status status) {
  if (status != napi_ok) leave(FailureKind::script, "the environment is ending, or a callback threw");
}

napi_value toChunk(napi_env env, const std::vector<StepRecord>& records) {
  const size_t metrics = records.back().metrics.size();
  const size_t width = kColumns + metrics;
  void* data = nullptr;
  napi_value buffer, out;
  check(napi_create_arraybuffer(env, records.size() * width * sizeof(double), &data, &buffer));
  check(napi_create_typedarray(env, napi_float64_array, records.size() * width, buffer, 0, &out));
  double* row = static_cast<double*>(data);
  for (const StepRecord& r : records) {
    const double fixed[kColumns] = {double(r.step), r.loss, r.gradNorm, r.lr, r.updateRatio, r.probeLoss, r.valLoss,
                                    r.deadUnits,
                                    double(r.hasProbe) + 2 * double(r.hasValidation) + 4 * double(r.hasDeadUnits)};
    for (double value : fixed) *row++ = value;
    for (size_t m = 0; m < metrics; m++) *row++ = m < r.metrics.size() ? r.metrics[m] : std::nan("");
  }
  return out;
}

void stopThread(void* data) {
  Job& job = **static_cast<JobPointer*>(data);
  job.cancelled = true;
  job.thread.join();
}

napi_value summarise(napi_env env, const Job& job) {
  napi_value summary, value;
  check(napi_create_object(env, &summary));
  const auto number = [&](const char* name, double number) {
    check(napi_create_double(env, number, &value));
    check(napi_set_named_property(env, summary, name, value));
  };
  number("seconds", job.seconds);
  number("parameterCount", double(job.parameterCount));
  number("stateBytes", double(job.stateBytes));
  check(napi_get_boolean(env, job.cancelled, &value));
  check(napi_set_named_property(env, summary, "cancelled", value));
  if (job.failure.empty()) return summary;
  check(napi_create_string_utf8(env, job.failure.data(), job.failure.size(), &value));
  check(napi_set_named_property(env, summary, "failure", value));
  return summary;
}

void call(napi_env env, const Napi::FunctionReference& function, std::initializer_list<napi_value> arguments) {
  napi_value undefined;
  check(napi_get_undefined(env, &undefined));
  check(napi_call_function(env, undefined, function.Value(), arguments.size(), arguments.begin(), nullptr));
}

// Runs in the JavaScript thread.
void deliver(napi_env rawEnv, napi_value, void* context, void*) noexcept {
  if (!rawEnv) return;  // the environment is being torn down
  JobPointer job = *static_cast<JobPointer*>(context);
  Napi::Env env(rawEnv);
  Napi::HandleScope scope(env);
  bool ended;
  std::vector<StepRecord> records;
  {
    const Lock lock(job->mutex);
    records.swap(job->pending);
    ended = job->ended;
    job->posted = false;
  }
  const std::optional<Failure> failure = attempt([&] {
    if (records.empty()) return;
    napi_value count;
    check(napi_create_double(env, double(records.size()), &count));
    call(env, job->onChunk, {toChunk(env, records), count});
  });
  if (ended && !job->onEnd.IsEmpty()) {
    job->thread.join();
    const Napi::FunctionReference onEnd = std::move(job->onEnd);
    job->onChunk.Reset();
    napi_remove_env_cleanup_hook(rawEnv, stopThread, context);
    napi_release_threadsafe_function(job->post, napi_tsfn_release);
    attempt([&] { call(env, onEnd, {summarise(env, *job)}); });
  }
  // A callback that throws ends its run, not the process.
  if (failure) job->cancelled = true;
  napi_value thrown;
  bool pending = false;
  if (napi_is_exception_pending(env, &pending) == napi_ok && pending) napi_get_and_clear_last_exception(env, &thrown);
}

void finalize(napi_env, void* data, void*) noexcept {
  JobPointer* held = static_cast<JobPointer*>(data);
  stopThread(held);
  delete held;
}

}  // namespace

Napi::Value startTraining(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  const JobPointer job = JobPointer::make();
  return guard(env, [&] {
    if (info.Length() < 3 || !info[0].IsObject() || !info[1].IsFunction() || !info[2].IsFunction())
      mistype("train(spec, onChunk, onEnd)");
    parseRunSpec(info[0].As<Napi::Object>(), job->spec);
    job->onChunk = Napi::Persistent(info[1].As<Napi::Function>());
    job->onEnd = Napi::Persistent(info[2].As<Napi::Function>());

    JobPointer* held = new JobPointer(job);
    napi_value name = Napi::String::New(env, "trainlint training");
    if (napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, held, finalize, held, deliver, &job->post) !=
        napi_ok) {
      delete held;
      fail("could not create the channel to the training thread");
    }
    // Registered after the channel, so it runs before the channel closes: the thread is gone by then.
    napi_add_env_cleanup_hook(env, stopThread, held);
    if (!job->thread.start(trainInThread, job.get())) {
      napi_remove_env_cleanup_hook(env, stopThread, held);
      napi_release_threadsafe_function(job->post, napi_tsfn_abort);
      fail("could not start the training thread");
    }

    return Napi::Function::New(env, [job](const Napi::CallbackInfo&) { job->cancelled = true; }, "cancel");
  });
}

Napi::Value warmStart(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  return guard(env, [&]() -> Napi::Value {
    const ProxyEntry* entry = findProxy(info[0].ToString());
    const std::vector<float> weights = entry && entry->warmStart ? entry->warmStart() : std::vector<float>{};
    if (weights.empty()) return env.Undefined();
    Napi::Float32Array out = Napi::Float32Array::New(env, weights.size());
    std::copy(weights.begin(), weights.end(), out.Data());
    return out;
  });
}

Napi::Value adoptWarmStart(const Napi::CallbackInfo& info) {
  return guard(info.Env(), [&] {
    const ProxyEntry* entry = findProxy(info[0].ToString());
    if (!info[1].IsTypedArray() || info[1].As<Napi::TypedArray>().TypedArrayType() != napi_float32_array)
      mistype("adoptWarmStart(proxy, Float32Array)");
    const Napi::Float32Array weights = info[1].As<Napi::Float32Array>();
    const bool taken = entry && entry->adoptWarmStart &&
                       entry->adoptWarmStart({weights.Data(), weights.Data() + weights.ElementLength()});
    return Napi::Boolean::New(info.Env(), taken);
  });
}

Napi::Value listProxies(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  return guard(env, [&] {
    Napi::Array list = Napi::Array::New(env);
    ProxySettings layoutOnly;
    layoutOnly.batchSize = 0;
    for (const ProxyEntry& entry : proxyRegistry()) {
      Napi::Object object = Napi::Object::New(env);
      object.Set("id", entry.id);
      object.Set("defaultBatchSize", entry.defaultBatchSize);
      object.Set("classifies", entry.classifies);
      object.Set("finiteData", entry.finiteData);
      object.Set("badBatches", entry.badBatches);
      object.Set("dropout", entry.dropout);
      object.Set("parameterCount", double(entry.makeFloat(layoutOnly)->parameterCount()));
      Napi::Array metrics = Napi::Array::New(env);
      for (const char* metric : entry.metrics)
        if (metric) metrics.Set(metrics.Length(), metric);
      object.Set("metrics", metrics);
      list.Set(list.Length(), object);
    }
    return list;
  });
}

}  // namespace trainlint
