#include "binding/training_job.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <memory>
#include <mutex>
#include <thread>

#include "binding/parse_spec.hpp"
#include "loop/training_run.hpp"
#include "simd/dispatch.hpp"

namespace trainlint {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kChunkInterval{16};
// Columns of a chunk before the metrics: step, loss, gradNorm, lr, updateRatio, probe, val, dead units, and which of the
// last three are there (bits 1, 2 and 4; a NaN alone could not tell a missing number from one that is not a number).
constexpr size_t kColumns = 9;

// Shared by the JavaScript thread and the training thread; whoever lets go last deletes it.
struct Job {
  RunSpec spec;
  std::atomic<bool> cancelled{false};
  std::thread thread;
  napi_threadsafe_function post = nullptr;
  napi_env env = nullptr;
  Napi::FunctionReference onChunk, onEnd;

  std::mutex mutex;
  std::vector<StepRecord> pending;  // taken by the JavaScript thread
  bool ended = false;               // guarded by mutex
  std::string failure;
  double seconds = 0;
  size_t parameterCount = 0, stateBytes = 0;
  bool posted = false;  // a call is under way: the next records ride along (back-pressure)
};

using JobPointer = std::shared_ptr<Job>;

void post(Job& job) {
  {
    std::lock_guard<std::mutex> lock(job.mutex);
    if (job.posted) return;
    job.posted = true;
  }
  // A refusal means that the environment is going away: nobody listens any more.
  if (napi_call_threadsafe_function(job.post, nullptr, napi_tsfn_nonblocking) != napi_ok) job.cancelled = true;
}

void trainInThread(Job& job) noexcept {
  const Clock::time_point start = Clock::now();
  std::string failure;
  size_t parameterCount = 0, stateBytes = 0;
  try {
    TrainingRun run(job.spec, job.cancelled);
    parameterCount = run.parameterCount();
    std::vector<StepRecord> chunk{run.measureStart()};
    Clock::time_point sent{};  // the first chunk goes at once
    while (!run.done() && !job.cancelled.load(std::memory_order_relaxed)) {
      chunk.push_back(run.next());
      const Clock::time_point now = Clock::now();
      if (now - sent < kChunkInterval) continue;
      sent = now;
      {
        std::lock_guard<std::mutex> lock(job.mutex);
        for (StepRecord& record : chunk) job.pending.push_back(std::move(record));
      }
      chunk.clear();
      post(job);
    }
    stateBytes = run.stateBytes();
    std::lock_guard<std::mutex> lock(job.mutex);
    for (StepRecord& record : chunk) job.pending.push_back(std::move(record));
  } catch (const std::exception& error) {
    failure = error.what();
  } catch (...) {
    failure = "unknown failure in the training thread";
  }
  {
    std::lock_guard<std::mutex> lock(job.mutex);
    job.failure = failure;
    job.parameterCount = parameterCount;
    job.stateBytes = stateBytes;
    job.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    job.ended = true;
    job.posted = false;  // the last call must go out
  }
  post(job);
}

Napi::Value toChunk(Napi::Env env, const std::vector<StepRecord>& records) {
  const size_t metrics = records.empty() ? 0 : records.back().metrics.size();
  const size_t width = kColumns + metrics;
  Napi::Float64Array out = Napi::Float64Array::New(env, records.size() * width);
  double* row = out.Data();
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
  if (job.thread.joinable()) job.thread.join();
}

// Runs in the JavaScript thread. Exceptions must not leave: they would end the process.
void deliver(napi_env rawEnv, napi_value, void* context, void*) noexcept {
  if (!rawEnv) return;  // the environment is being torn down
  JobPointer& held = *static_cast<JobPointer*>(context);
  JobPointer job = held;
  try {
    Napi::Env env(rawEnv);
    Napi::HandleScope scope(env);
    std::vector<StepRecord> records;
    bool ended;
    {
      std::lock_guard<std::mutex> lock(job->mutex);
      records.swap(job->pending);
      ended = job->ended;
      job->posted = false;
    }
    if (!records.empty()) job->onChunk.Call({toChunk(env, records), Napi::Number::New(env, double(records.size()))});
    if (!ended || job->onEnd.IsEmpty()) return;
    if (job->thread.joinable()) job->thread.join();
    Napi::Object summary = Napi::Object::New(env);
    summary.Set("seconds", job->seconds);
    summary.Set("cancelled", job->cancelled.load());
    summary.Set("parameterCount", double(job->parameterCount));
    summary.Set("stateBytes", double(job->stateBytes));
    if (!job->failure.empty()) summary.Set("failure", job->failure);
    Napi::FunctionReference onEnd = std::move(job->onEnd);
    job->onChunk.Reset();
    napi_remove_env_cleanup_hook(rawEnv, stopThread, context);
    napi_release_threadsafe_function(job->post, napi_tsfn_release);
    onEnd.Call({summary});
  } catch (const std::exception&) {
    job->cancelled = true;
  }
}

void finalize(napi_env, void* data, void*) noexcept {
  JobPointer* held = static_cast<JobPointer*>(data);
  stopThread(held);
  delete held;
}

}  // namespace

Napi::Value startTraining(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  if (info.Length() < 3 || !info[0].IsObject() || !info[1].IsFunction() || !info[2].IsFunction())
    throw Napi::TypeError::New(env, "train(spec, onChunk, onEnd)");
  JobPointer job = std::make_shared<Job>();
  job->spec = parseRunSpec(info[0].As<Napi::Object>());
  job->onChunk = Napi::Persistent(info[1].As<Napi::Function>());
  job->onEnd = Napi::Persistent(info[2].As<Napi::Function>());

  JobPointer* held = new JobPointer(job);
  napi_value name = Napi::String::New(env, "trainlint training");
  if (napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, held, finalize, held, deliver, &job->post) !=
      napi_ok) {
    delete held;
    throw Napi::Error::New(env, "could not create the channel to the training thread");
  }
  // Registered after the channel, so it runs before the channel closes: the thread is gone by then.
  napi_add_env_cleanup_hook(env, stopThread, held);
  job->thread = std::thread([job] { trainInThread(*job); });

  return Napi::Function::New(env, [job](const Napi::CallbackInfo&) { job->cancelled = true; }, "cancel");
}

Napi::Value warmStart(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const ProxyEntry* entry = findProxy(info[0].ToString());
  const std::vector<float> weights = entry && entry->warmStart ? entry->warmStart() : std::vector<float>{};
  if (weights.empty()) return env.Undefined();
  Napi::Float32Array out = Napi::Float32Array::New(env, weights.size());
  std::copy(weights.begin(), weights.end(), out.Data());
  return out;
}

Napi::Value adoptWarmStart(const Napi::CallbackInfo& info) {
  const ProxyEntry* entry = findProxy(info[0].ToString());
  if (!info[1].IsTypedArray() || info[1].As<Napi::TypedArray>().TypedArrayType() != napi_float32_array)
    throw Napi::TypeError::New(info.Env(), "adoptWarmStart(proxy, Float32Array)");
  const Napi::Float32Array weights = info[1].As<Napi::Float32Array>();
  const bool taken = entry && entry->adoptWarmStart &&
                     entry->adoptWarmStart({weights.Data(), weights.Data() + weights.ElementLength()});
  return Napi::Boolean::New(info.Env(), taken);
}

Napi::Value listProxies(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  try {
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
      for (const std::string& metric : entry.metrics) metrics.Set(metrics.Length(), metric);
      object.Set("metrics", metrics);
      list.Set(list.Length(), object);
    }
    return list;
  } catch (const Napi::Error&) {
    throw;
  } catch (const std::exception& error) {
    throw Napi::Error::New(env, error.what());
  }
}

}  // namespace trainlint
