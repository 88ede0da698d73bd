// Small networks for tests: each holds operations that no proxy uses, or in a way that none does.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "proxies/proxy.hpp"

namespace trainlint {

/// Ids, for the tests to go through.
std::vector<std::string> operationNetworks();
/// Null if there is none of that id.
std::unique_ptr<Proxy<double>> makeOperationNetwork(const std::string& id, const ProxySettings& settings);

}  // namespace trainlint
