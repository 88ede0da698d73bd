// One function per proxy file.
#pragma once

#include "proxies/proxy.hpp"

namespace trainlint {

ProxyEntry mlpProxy();
ProxyEntry gptProxy();
ProxyEntry resnetProxy();
ProxyEntry efficientnetProxy();
ProxyEntry vitProxy();
ProxyEntry maskRcnnProxy();
ProxyEntry lstmProxy();
ProxyEntry timeSeriesTransformerProxy();
ProxyEntry denseRecommenderProxy();
ProxyEntry t5Proxy();
ProxyEntry ganProxy();
ProxyEntry dqnProxy();
ProxyEntry ppoProxy();
ProxyEntry unetProxy();
ProxyEntry yoloProxy();
ProxyEntry bertProxy();
ProxyEntry bertMaskedProxy();
ProxyEntry gruProxy();
ProxyEntry rnnProxy();
ProxyEntry recommenderProxy();

}  // namespace trainlint
