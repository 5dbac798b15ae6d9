#include "common/kernel.h"

namespace NSP {

KERNEL(fill, WIDTHS, (T* dst, i64 n, i64 low, i64 high)) {
  const T value = static_cast<T>(static_cast<u64>(low) | static_cast<u64>(high) << 32);
  for (i64 i = 0; i < n; i++) dst[i] = value;
}

}  // namespace NSP
