// A value with several owners.
#pragma once

#include <atomic>
#include <utility>

namespace trainlint {

/// Owns a value together with its copies, in any thread; the last one frees it. What std::shared_ptr does besides costs
/// eight kilobytes of the C++ library, and virtual functions that cross into it (prebuild.mjs, SHORT_TABLES).
template <class T>
class Shared {
 public:
  Shared() = default;
  Shared(const Shared& other) : box_(other.box_) {
    if (box_) box_->owners.fetch_add(1, std::memory_order_relaxed);
  }
  Shared(Shared&& other) noexcept : box_(std::exchange(other.box_, nullptr)) {}
  Shared& operator=(Shared other) noexcept {
    std::swap(box_, other.box_);
    return *this;
  }
  ~Shared() {
    if (box_ && box_->owners.fetch_sub(1, std::memory_order_acq_rel) == 1) delete box_;
  }

  /// A value made of `arguments`, with one owner.
  template <class... Arguments>
  static Shared make(Arguments&&... arguments) {
    Shared shared;
    shared.box_ = new Box(std::forward<Arguments>(arguments)...);
    return shared;
  }

  T* get() const { return box_ ? &box_->value : nullptr; }
  T& operator*() const { return box_->value; }
  T* operator->() const { return &box_->value; }
  explicit operator bool() const { return box_ != nullptr; }

 private:
  struct Box {
    template <class... Arguments>
    explicit Box(Arguments&&... arguments) : value(std::forward<Arguments>(arguments)...) {}
    T value;
    std::atomic<int> owners{1};
  };
  Box* box_ = nullptr;
};

}  // namespace trainlint
