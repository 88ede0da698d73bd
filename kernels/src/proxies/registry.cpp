#include "proxies/all.hpp"

namespace trainlint {

const std::vector<ProxyEntry>& proxyRegistry() {
  static const std::vector<ProxyEntry> registry = {
      mlpProxy(), gptProxy(), resnetProxy(), efficientnetProxy(), vitProxy(), maskRcnnProxy(),
      lstmProxy(), gruProxy(), rnnProxy(), recommenderProxy(), unetProxy(), yoloProxy(), bertProxy(), bertMaskedProxy(),
      t5Proxy(), ganProxy(), dqnProxy(), ppoProxy(), timeSeriesTransformerProxy(), denseRecommenderProxy(),
  };
  return registry;
}

const ProxyEntry* findProxy(const std::string& id) {
  for (const ProxyEntry& entry : proxyRegistry())
    if (entry.id == id) return &entry;
  return nullptr;
}

}  // namespace trainlint
