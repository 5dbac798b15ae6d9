// The four operations and the extremes, with broadcasting. Integers wrap modulo 2^bits.

#include "common/broadcast.h"

namespace NSP {

constexpr f64 ARITHMETIC_NS = 0.35;

template <class T> static INLINE T wrap_add(T a, T b) {
  if constexpr (is_float<T>) return a + b;
  else return static_cast<T>(static_cast<u64>(a) + static_cast<u64>(b));
}
template <class T> static INLINE T wrap_sub(T a, T b) {
  if constexpr (is_float<T>) return a - b;
  else return static_cast<T>(static_cast<u64>(a) - static_cast<u64>(b));
}
template <class T> static INLINE T wrap_mul(T a, T b) {
  if constexpr (is_float<T>) return a * b;
  else return static_cast<T>(static_cast<u64>(a) * static_cast<u64>(b));
}

struct Add { template <class T> static INLINE T of(T a, T b) { return wrap_add(a, b); } };
struct Sub { template <class T> static INLINE T of(T a, T b) { return wrap_sub(a, b); } };
struct Mul { template <class T> static INLINE T of(T a, T b) { return wrap_mul(a, b); } };
struct Div { template <class T> static INLINE T of(T a, T b) { return a / b; } };
// NaN wins: a != a picks it even where the comparison says no.
struct Maximum { template <class T> static INLINE T of(T a, T b) { return (a > b || a != a) ? a : b; } };
struct Minimum { template <class T> static INLINE T of(T a, T b) { return (a < b || a != a) ? a : b; } };

KERNEL(add, WIDE, (const T* a, const T* b, T* y, Dims shape, Dims sa, Dims sb)) {
  binary_broadcast<Add>(a, b, y, shape, sa, sb, ARITHMETIC_NS);
}
KERNEL(sub, WIDE, (const T* a, const T* b, T* y, Dims shape, Dims sa, Dims sb)) {
  binary_broadcast<Sub>(a, b, y, shape, sa, sb, ARITHMETIC_NS);
}
KERNEL(mul, WIDE, (const T* a, const T* b, T* y, Dims shape, Dims sa, Dims sb)) {
  binary_broadcast<Mul>(a, b, y, shape, sa, sb, ARITHMETIC_NS);
}
KERNEL(div, FLOATS, (const T* a, const T* b, T* y, Dims shape, Dims sa, Dims sb)) {
  binary_broadcast<Div>(a, b, y, shape, sa, sb, ARITHMETIC_NS);
}
KERNEL(maximum, WIDE, (const T* a, const T* b, T* y, Dims shape, Dims sa, Dims sb)) {
  binary_broadcast<Maximum>(a, b, y, shape, sa, sb, ARITHMETIC_NS);
}
KERNEL(minimum, WIDE, (const T* a, const T* b, T* y, Dims shape, Dims sa, Dims sb)) {
  binary_broadcast<Minimum>(a, b, y, shape, sa, sb, ARITHMETIC_NS);
}

}  // namespace NSP
