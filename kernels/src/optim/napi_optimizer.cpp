// The optimizer as JavaScript sees it (js/optimizer.ts wraps it): `new NativeOptimizer(spec, shapes, groups, double)`.
//
// Tensors come as typed arrays. They are copied into one arena and back, because the engine owns their memory; a step
// without a callback skips the copy when the arrays already lie one behind the other in one buffer.
#include <napi.h>

#include <cstring>
#include <string>

#include "binding/guard.hpp"
#include "binding/parse_spec.hpp"
#include "optim/optimizer.hpp"
#include "optim/state.hpp"
#include "simd/dispatch.hpp"
#include "simd/precision.hpp"

namespace trainlint {
namespace {

template <class Real>
constexpr napi_typedarray_type kArrayType = sizeof(Real) == 8 ? napi_float64_array : napi_float32_array;
template <class Real>
constexpr const char* kArrayName = sizeof(Real) == 8 ? "Float64Array" : "Float32Array";

/// A JavaScript array of typed arrays, one a tensor, checked against the layout.
template <class Real>
class TensorList {
 public:
  TensorList(Napi::Env env, const Napi::Value& value, const ParameterLayout& layout, const char* name) {
    bool isArray = false;
    napi_is_array(env, value, &isArray);
    uint32_t length = 0;
    if (isArray) napi_get_array_length(env, value, &length);
    const auto& segments = layout.segments;
    if (!isArray || length != segments.size())
      mistype(std::string(name) + " must be an array of " + decimal(segments.size()) +
                                          " " + kArrayName<Real> + ", one a shape");
    data_.reserve(length);
    for (uint32_t i = 0; i < length; i++) {
      napi_typedarray_type type{};
      size_t size = 0;
      void* data = nullptr;
      napi_status status;
      {
        Napi::HandleScope scope(env);
        napi_value element;
        napi_get_element(env, value, i, &element);
        status = napi_get_typedarray_info(env, element, &type, &size, &data, nullptr, nullptr);
      }
      if (status != napi_ok || type != kArrayType<Real>)
        mistype(std::string(name) + "[" + decimal(i) + "] must be a " + kArrayName<Real>);
      if (size != segments[i].size)
        mistype(std::string(name) + "[" + decimal(i) + "] has " + decimal(size) +
                                            " elements, its shape " + decimal(segments[i].size));
      data_.push_back(static_cast<Real*>(data));
    }
  }

  /// The arrays' own memory when they lie one behind the other in layout order, else null.
  Real* contiguous(const ParameterLayout& layout) const {
    Real* start = nullptr;
    for (size_t i = 0; i < data_.size(); i++) {
      const Segment& segment = layout.segments[i];
      if (segment.size == 0) continue;
      if (!start) start = data_[i] - segment.offset;
      if (data_[i] != start + segment.offset) return nullptr;
    }
    return start;
  }

  void read(const ParameterLayout& layout, Real* arena) const {
    for (size_t i = 0; i < data_.size(); i++) {
      const Segment& segment = layout.segments[i];
      if (segment.size) std::memcpy(arena + segment.offset, data_[i], segment.size * sizeof(Real));
    }
  }

  void write(const ParameterLayout& layout, const Real* arena) const {
    for (size_t i = 0; i < data_.size(); i++) {
      const Segment& segment = layout.segments[i];
      if (segment.size) std::memcpy(data_[i], arena + segment.offset, segment.size * sizeof(Real));
    }
  }

 private:
  std::vector<Real*> data_;
};

/// Calls back into JavaScript: the caller's own arrays carry the parameters there and the gradient back.
template <class Real>
class ScriptClosure final : public Closure<Real> {
 public:
  ScriptClosure(const ParameterLayout& layout, Napi::Value params, Napi::Value grads, Napi::Function evaluate,
                Napi::Value hessian)
      : layout_(layout), params_(params), grads_(grads), evaluate_(evaluate), hessian_(hessian) {}

  double evaluate(const Real* params, Real* gradsOut) override {
    const Napi::Env env = evaluate_.Env();
    TensorList<Real>(env, params_, layout_, "params").write(layout_, params);
    const Napi::Value loss = evaluate_.Call({params_, grads_});
    if (env.IsExceptionPending()) leave(FailureKind::script, "evaluate threw");
    if (!loss.IsNumber()) mistype("evaluate must return the loss, a number");
    TensorList<Real>(env, grads_, layout_, "grads").read(layout_, gradsOut);
    return loss.As<Napi::Number>().DoubleValue();
  }

  bool hessian(const Real* params, double* out) override {
    if (!hessian_.IsFunction()) return false;
    const Napi::Env env = evaluate_.Env();
    TensorList<Real>(env, params_, layout_, "params").write(layout_, params);
    const Napi::Value value = hessian_.As<Napi::Function>().Call({params_});
    if (env.IsExceptionPending()) leave(FailureKind::script, "hessian threw");
    const size_t expected = layout_.total * layout_.total;
    if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_float64_array ||
        value.As<Napi::TypedArray>().ElementLength() != expected)
      mistype("hessian must return a Float64Array of " + decimal(expected) + " elements");
    std::memcpy(out, value.As<Napi::Float64Array>().Data(), expected * sizeof(double));
    return true;
  }

 private:
  const ParameterLayout& layout_;
  const Napi::Value params_, grads_;
  const Napi::Function evaluate_;
  const Napi::Value hessian_;
};

/// What the two precisions share.
class Session {
 public:
  virtual ~Session() {}
  virtual void step(Napi::Env env, Napi::Value params, Napi::Value grads, double lr, Napi::Value evaluate,
                    Napi::Value hessian) = 0;
  virtual void updateCurvature(Napi::Env env, Napi::Value estimate) = 0;
  virtual void layerStatistics(int layer, Napi::Value inputs, Napi::Value outputGrads, size_t batch) = 0;
  virtual int registerLayer(int weight, int bias) = 0;
  virtual bool needsClosure() const = 0;
  virtual bool wantsCurvature() const = 0;
  virtual size_t stateBytes() const = 0;
  virtual Napi::Value saveState(Napi::Env env) const = 0;
  virtual void loadState(Napi::Value state) = 0;
};

template <class Real>
class TypedSession final : public Session {
 public:
  TypedSession(const OptimizerSpec& spec, ParameterLayout layout)
      : layout_(std::move(layout)), optimizer_(createOptimizer<Real>(spec, layout_)) {}

  void step(Napi::Env env, Napi::Value params, Napi::Value grads, double lr, Napi::Value evaluate,
            Napi::Value hessian) override {
    TensorList<Real> p(env, params, layout_, "params"), g(env, grads, layout_, "grads");
    if (optimizer_->needsClosure()) {
      if (!evaluate.IsFunction())
        mistype("this optimizer evaluates the loss itself: pass { evaluate } to step");
      allocate();
      p.read(layout_, params_.data());
      ScriptClosure<Real> closure(layout_, params, grads, evaluate.As<Napi::Function>(), hessian);
      const std::vector<Real> start(params_.data(), params_.data() + layout_.total);
      const std::optional<Failure> failure = attempt([&] {
        const double loss = closure.evaluate(params_.data(), grads_.data());
        optimizer_->stepWithClosure(params_.data(), grads_.data(), loss, lr, closure);
      });
      // Nothing can be asked of the engine while an error of its own is pending.
      napi_value thrown = nullptr;
      if (env.IsExceptionPending()) napi_get_and_clear_last_exception(env, &thrown);
      writeBack(env, params, failure ? start.data() : params_.data());
      if (thrown) napi_throw(env, thrown);
      if (failure) leave(failure->kind, failure->message);
      return;
    }
    Real* directParams = p.contiguous(layout_);
    const Real* directGrads = g.contiguous(layout_);
    const size_t total = layout_.total;
    const bool apart = directParams + total <= directGrads || directGrads + total <= directParams;
    if (directParams && directGrads && apart) {
      optimizer_->step(directParams, directGrads, lr);
      return;
    }
    allocate();
    p.read(layout_, params_.data());
    g.read(layout_, grads_.data());
    optimizer_->step(params_.data(), grads_.data(), lr);
    p.write(layout_, params_.data());
  }

  void updateCurvature(Napi::Env env, Napi::Value estimate) override {
    allocate();
    TensorList<Real>(env, estimate, layout_, "estimate").read(layout_, grads_.data());
    optimizer_->updateCurvature(grads_.data());
  }

  void layerStatistics(int layer, Napi::Value inputs, Napi::Value outputGrads, size_t batch) override {
    if (layer < 0 || static_cast<size_t>(layer) >= layers_.size())
      refuse("no such layer: " + decimal(layer));
    const auto [in, out] = layers_[static_cast<size_t>(layer)];
    optimizer_->layerStatistics(layer, matrix(inputs, batch * in, "inputs"),
                                matrix(outputGrads, batch * out, "outputGrads"), batch);
  }

  int registerLayer(int weight, int bias) override {
    const int layer = optimizer_->registerLayer(weight, bias);
    if (layer < 0) refuse("only kfac has layers");
    const Segment& segment = layout_.segments[static_cast<size_t>(weight)];
    const size_t out = static_cast<size_t>(segment.shape[0]);
    layers_.push_back({segment.size / out, out});
    return layer;
  }

  bool needsClosure() const override { return optimizer_->needsClosure(); }
  bool wantsCurvature() const override { return optimizer_->wantsCurvature(); }
  size_t stateBytes() const override { return optimizer_->stateBytes(); }

  Napi::Value saveState(Napi::Env env) const override {
    const std::vector<Real> state = optimizer_->saveState();
    auto array = Napi::TypedArrayOf<Real>::New(env, state.size(), kArrayType<Real>);
    if (!state.empty()) std::memcpy(array.Data(), state.data(), state.size() * sizeof(Real));
    return array;
  }

  void loadState(Napi::Value state) override {
    if (!state.IsTypedArray() || state.As<Napi::TypedArray>().TypedArrayType() != kArrayType<Real>)
      mistype(std::string("the state must be a ") + kArrayName<Real>);
    const auto array = state.As<Napi::TypedArrayOf<Real>>();
    optimizer_->loadState(std::vector<Real>(array.Data(), array.Data() + array.ElementLength()));
  }

 private:
  struct Shape {
    size_t in, out;
  };

  void allocate() {
    if (params_.size() == layout_.total) return;
    params_ = AlignedArray<Real>(layout_.total);
    grads_ = AlignedArray<Real>(layout_.total);
  }

  void writeBack(Napi::Env env, Napi::Value params, const Real* values) const {
    TensorList<Real>(env, params, layout_, "params").write(layout_, values);
  }

  static const Real* matrix(Napi::Value value, size_t size, const char* name) {
    if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != kArrayType<Real> ||
        value.As<Napi::TypedArray>().ElementLength() != size)
      mistype(std::string(name) + " must be a " + kArrayName<Real> + " of " +
                                          decimal(size) + " elements");
    return value.As<Napi::TypedArrayOf<Real>>().Data();
  }

  const ParameterLayout layout_;
  const std::unique_ptr<Optimizer<Real>> optimizer_;
  AlignedArray<Real> params_, grads_;
  std::vector<Shape> layers_;
};

ParameterLayout readLayout(const Napi::Array& shapes, const Napi::Array& groups) {
  ParameterLayout layout;
  for (uint32_t i = 0; i < shapes.Length(); i++) {
    const Napi::Array shape = shapes.Get(i).As<Napi::Array>();
    Segment segment{};
    segment.offset = layout.total;
    segment.size = 1;
    segment.ndim = static_cast<int>(shape.Length());
    for (int d = 0; d < segment.ndim; d++) {
      segment.shape[d] = shape.Get(static_cast<uint32_t>(d)).As<Napi::Number>().Int64Value();
      segment.size *= static_cast<size_t>(segment.shape[d]);
    }
    segment.group = groups.Length() > i ? groups.Get(i).As<Napi::Number>().Int32Value() : 0;
    layout.total += segment.size;
    layout.segments.push_back(segment);
  }
  return layout;
}

class NativeOptimizer final : public Napi::ObjectWrap<NativeOptimizer> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "NativeOptimizer",
                       {InstanceMethod("step", &NativeOptimizer::step),
                        InstanceMethod("updateCurvature", &NativeOptimizer::updateCurvature),
                        InstanceMethod("registerLayer", &NativeOptimizer::registerLayer),
                        InstanceMethod("layerStatistics", &NativeOptimizer::layerStatistics),
                        InstanceMethod("saveState", &NativeOptimizer::saveState),
                        InstanceMethod("loadState", &NativeOptimizer::loadState),
                        InstanceAccessor("learningRate", &NativeOptimizer::learningRate, nullptr),
                        InstanceAccessor("needsClosure", &NativeOptimizer::needsClosure, nullptr),
                        InstanceAccessor("wantsCurvature", &NativeOptimizer::wantsCurvature, nullptr),
                        InstanceAccessor("stateBytes", &NativeOptimizer::stateBytes, nullptr)});
  }

  explicit NativeOptimizer(const Napi::CallbackInfo& info) : Napi::ObjectWrap<NativeOptimizer>(info) {
    OptimizerSpec spec;
    ParameterLayout layout;
    guard(info.Env(), [&] {
      activeLevel();  // a level that cannot be had is refused first
      parseOptimizer(info[0].As<Napi::Object>(), spec);
      layout = readLayout(info[1].As<Napi::Array>(), info[2].As<Napi::Array>());
      learningRate_ = learningRateOf(spec);
#if TRAINLINT_FLOAT64
      if (info[3].ToBoolean())
        session_ = std::make_unique<TypedSession<double>>(spec, std::move(layout));
      else
#else
      if (info[3].ToBoolean()) refuse(kNoFloat64);
#endif
        session_ = std::make_unique<TypedSession<float>>(spec, std::move(layout));
      return info.Env().Undefined();
    });
  }

 private:
  Napi::Value step(const Napi::CallbackInfo& info) {
    return guard(info.Env(), [&] {
      session_->step(info.Env(), info[0], info[1], info[2].As<Napi::Number>().DoubleValue(), info[3], info[4]);
      return info.Env().Undefined();
    });
  }

  Napi::Value updateCurvature(const Napi::CallbackInfo& info) {
    return guard(info.Env(), [&] {
      session_->updateCurvature(info.Env(), info[0]);
      return info.Env().Undefined();
    });
  }

  Napi::Value registerLayer(const Napi::CallbackInfo& info) {
    return guard(info.Env(), [&]() -> Napi::Value {
      const int bias = info[1].IsNumber() ? info[1].As<Napi::Number>().Int32Value() : -1;
      return Napi::Number::New(info.Env(), session_->registerLayer(info[0].As<Napi::Number>().Int32Value(), bias));
    });
  }

  Napi::Value layerStatistics(const Napi::CallbackInfo& info) {
    return guard(info.Env(), [&] {
      const int64_t batch = info[3].As<Napi::Number>().Int64Value();
      if (batch < 1) refuse("batch must be at least 1");
      session_->layerStatistics(info[0].As<Napi::Number>().Int32Value(), info[1], info[2],
                                static_cast<size_t>(batch));
      return info.Env().Undefined();
    });
  }

  Napi::Value saveState(const Napi::CallbackInfo& info) {
    return guard(info.Env(), [&] { return session_->saveState(info.Env()); });
  }

  Napi::Value loadState(const Napi::CallbackInfo& info) {
    return guard(info.Env(), [&] {
      session_->loadState(info[0]);
      return info.Env().Undefined();
    });
  }

  Napi::Value learningRate(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), learningRate_); }
  Napi::Value needsClosure(const Napi::CallbackInfo& info) {
    return Napi::Boolean::New(info.Env(), session_->needsClosure());
  }
  Napi::Value wantsCurvature(const Napi::CallbackInfo& info) {
    return Napi::Boolean::New(info.Env(), session_->wantsCurvature());
  }
  Napi::Value stateBytes(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), static_cast<double>(session_->stateBytes()));
  }

  std::unique_ptr<Session> session_;
  double learningRate_ = 0;
};

}  // namespace
}  // namespace trainlint

Napi::Object registerOptimizer(Napi::Env env, Napi::Object exports) {
  exports.Set("NativeOptimizer", trainlint::NativeOptimizer::define(env));
  return exports;
}
