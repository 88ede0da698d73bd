#include "optim/wrapping.hpp"

#include <algorithm>

#include "failure/failure.hpp"

namespace trainlint {
namespace {

bool contains(std::initializer_list<const char*> names, const std::string& name) {
  return std::any_of(names.begin(), names.end(), [&](const char* own) { return name == own; });
}

template <class Map>
void inherit(Map& into, const Map& from, std::initializer_list<const char*> own) {
  for (const auto& entry : from)
    if (!contains(own, entry.first)) into.insert(entry);
}

template <class Map>
void keepOwn(Map& into, const Map& from, std::initializer_list<const char*> own) {
  for (const auto& entry : from)
    if (contains(own, entry.first)) into.insert(entry);
}

}  // namespace

OptimizerSpec baseSpecOf(const OptimizerSpec& spec, std::initializer_list<const char*> own) {
  if (!spec.base)
    refuse(spec.kind + " needs a base optimizer, for example " + spec.kind + "(adam)");
  OptimizerSpec base = *spec.base;
  inherit(base.numbers, spec.numbers, own);
  inherit(base.words, spec.words, own);
  inherit(base.lists, spec.lists, own);
  inherit(base.flags, spec.flags, own);
  if (base.groups.empty()) base.groups = spec.groups;
  return base;
}

OptimizerSpec ownSpecOf(const OptimizerSpec& spec, std::initializer_list<const char*> own) {
  OptimizerSpec kept;
  kept.kind = spec.kind;
  keepOwn(kept.numbers, spec.numbers, own);
  keepOwn(kept.words, spec.words, own);
  keepOwn(kept.lists, spec.lists, own);
  keepOwn(kept.flags, spec.flags, own);
  return kept;
}

}  // namespace trainlint
