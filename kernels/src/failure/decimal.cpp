// Instead of std::to_string, which brings a table of all numbers of two digits along.
#include "failure/failure.hpp"

namespace trainlint {

std::string decimal(int64_t number) {
  std::string digits;
  uint64_t left = number < 0 ? -uint64_t(number) : uint64_t(number);
  do {
    digits.insert(digits.begin(), char('0' + left % 10));
    left /= 10;
  } while (left > 0);
  return number < 0 ? '-' + digits : digits;
}

}  // namespace trainlint
