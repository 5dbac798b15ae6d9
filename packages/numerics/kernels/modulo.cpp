// Division with a remainder. Floating remainders are exact; integers that are divided by zero are reported.

#include "common/binary.h"

namespace NSP {

static NOINLINE vd fmod_far(vd a, vd b) {
  vd r;
  for (i64 i = 0; i < DL; i++) r[i] = __builtin_fmod(a[i], b[i]);
  return r;
}

// With |a / b| below 2^28 the quotient of two float32 numbers cannot round up to the next integer, and a - b q is exact.
static INLINE vd fmod(vd a, vd b) {
  const vd q = a / b;
  if (any(~(abs(q) < 0x1p28) | (abs(b) == INF))) return fmod_far(a, b);
  const vd whole = (abs(q) + splat(0x1p52)) - splat(0x1p52);  // nearest integer
  const vd down = whole - pick(whole > abs(q), splat(1.0), vd{});
  return copysign(abs(a) - abs(b) * down, a);
}
static INLINE f64 fmod(f64 a, f64 b) { return __builtin_fmod(a, b); }

// Of the divisor's sign; a zero keeps the dividend's.
template <class V> static INLINE V remainder(V a, V b) {
  const V r = fmod(a, b);
  return pick(((r < 0.0) & (b > 0.0)) | ((r > 0.0) & (b < 0.0)), r + b, r);
}

// (a - r) / b is a whole number; rounding takes away what the subtraction lost. A quotient that is infinite or NaN stays.
template <class V> static INLINE V whole_quotient(V a, V b, V r) {
  const V q = (a - r) / b;
  const V n = (abs(q) + 0x1p52) - 0x1p52;
  return pick(abs(q) < 0x1p52, copysign(n, q), q);
}

BINARY(fmod) {
  FORMULA value(V a, V b) { return fmod(a, b); }
  FORMULA derivative_a(V, V) { return all<V>(1); }
  FORMULA derivative_b(V a, V b) { return -whole_quotient(a, b, fmod(a, b)); }
};

BINARY(remainder) {
  FORMULA value(V a, V b) { return remainder(a, b); }
  FORMULA derivative_a(V, V) { return all<V>(1); }
  FORMULA derivative_b(V a, V b) { return -whole_quotient(a, b, remainder(a, b)); }
};

// floor(a / b) beside the finite numbers, as Python has it: NaN for an infinite dividend (but by 0), -1 or 0 by the signs for an infinite
// divisor.
template <class V> static INLINE V floor_limit(V a, V b, V q) {
  const V below = pick(((a < 0.0) & (b > 0.0)) | ((a > 0.0) & (b < 0.0)), all<V>(-1), q);
  return pick((abs(a) == INF) & (b != 0.0), all<V>(NOT_A_NUMBER), pick(abs(b) == INF, below, q));
}

// floor(a / b) from the exact remainder.
KERNEL(floor_divide, FLOATS, (const T* a, const T* b, T* y, Dims shape, Dims sa, Dims sb)) {
  const auto f = [](auto u, auto v) __attribute__((always_inline)) {
    const auto q = u / v;
    const auto whole = whole_quotient(u, v, remainder(u, v));
    return pick(abs(q) + abs(v) < INF, copysign(whole, pick(whole == 0.0, q, whole)), floor_limit(u, v, q));
  };
  exact_broadcast<false>(a, b, static_cast<const T*>(nullptr), y, shape, sa, sb, f);
}

// --- whole numbers ---------------------------------------------------------------------------------------------------

// Division as C has it, without its traps: by 0 is 0 here (the caller is told), by -1 cannot overflow.
static INLINE i64 int_quotient(i64 a, i64 b) {
  if (b == 0) return 0;
  return b == -1 ? static_cast<i64>(0 - static_cast<u64>(a)) : a / b;
}
static INLINE i64 int_rest(i64 a, i64 b) { return b == 0 || b == -1 ? 0 : a % b; }

struct IntTruncDivide { static INLINE i64 of(i64 a, i64 b) { return int_quotient(a, b); } };
struct IntFloorDivide {
  static INLINE i64 of(i64 a, i64 b) {
    const i64 r = int_rest(a, b);
    return int_quotient(a, b) - (r != 0 && (r < 0) != (b < 0) ? 1 : 0);
  }
};
struct IntFmod { static INLINE i64 of(i64 a, i64 b) { return int_rest(a, b); } };
struct IntRemainder {
  static INLINE i64 of(i64 a, i64 b) {
    const i64 r = int_rest(a, b);
    return r != 0 && (r < 0) != (b < 0) ? r + b : r;
  }
};
// a^b modulo 2^64 by squaring; the caller has refused negative exponents.
struct IntPow {
  static INLINE i64 of(i64 a, i64 b) {
    u64 y = 1, base = static_cast<u64>(a);
    for (u64 e = static_cast<u64>(b); e != 0; e >>= 1, base *= base)
      if ((e & 1) != 0) y *= base;
    return static_cast<i64>(y);
  }
};

constexpr f64 INTEGER_NS = 8;

KERNEL(int_trunc_divide, NONE, (const i64* a, const i64* b, i64* y, Dims shape, Dims sa, Dims sb)) {
  binary_broadcast<IntTruncDivide>(a, b, y, shape, sa, sb, INTEGER_NS);
}
KERNEL(int_floor_divide, NONE, (const i64* a, const i64* b, i64* y, Dims shape, Dims sa, Dims sb)) {
  binary_broadcast<IntFloorDivide>(a, b, y, shape, sa, sb, INTEGER_NS);
}
KERNEL(int_fmod, NONE, (const i64* a, const i64* b, i64* y, Dims shape, Dims sa, Dims sb)) {
  binary_broadcast<IntFmod>(a, b, y, shape, sa, sb, INTEGER_NS);
}
KERNEL(int_remainder, NONE, (const i64* a, const i64* b, i64* y, Dims shape, Dims sa, Dims sb)) {
  binary_broadcast<IntRemainder>(a, b, y, shape, sa, sb, INTEGER_NS);
}
KERNEL(int_pow, NONE, (const i64* a, const i64* b, i64* y, Dims shape, Dims sa, Dims sb)) {
  binary_broadcast<IntPow>(a, b, y, shape, sa, sb, INTEGER_NS);
}

// The least of n whole numbers, 1 if none is below: 0 tells a divisor of zero, less a negative exponent.
KERNEL_VALUE(int_least, NONE, (const i64* x, i64 n)) {
  i64 least = 1;
  for (i64 i = 0; i < n; i++) least = min_of(least, x[i]);
  return static_cast<f64>(least);
}
KERNEL_VALUE(int_has_zero, NONE, (const i64* x, i64 n)) {
  i64 zeros = 0;
  for (i64 i = 0; i < n; i++) zeros += x[i] == 0;
  return zeros != 0 ? 1 : 0;
}

// --- bits, signs and the lesser of two -------------------------------------------------------------------------------

struct BitAnd { static INLINE i64 of(i64 a, i64 b) { return a & b; } };
struct BitOr { static INLINE i64 of(i64 a, i64 b) { return a | b; } };
struct BitXor { static INLINE i64 of(i64 a, i64 b) { return a ^ b; } };

KERNEL(bitwise_and, NONE, (const i64* a, const i64* b, i64* y, Dims shape, Dims sa, Dims sb)) {
  binary_broadcast<BitAnd>(a, b, y, shape, sa, sb, INTEGER_NS);
}
KERNEL(bitwise_or, NONE, (const i64* a, const i64* b, i64* y, Dims shape, Dims sa, Dims sb)) {
  binary_broadcast<BitOr>(a, b, y, shape, sa, sb, INTEGER_NS);
}
KERNEL(bitwise_xor, NONE, (const i64* a, const i64* b, i64* y, Dims shape, Dims sa, Dims sb)) {
  binary_broadcast<BitXor>(a, b, y, shape, sa, sb, INTEGER_NS);
}

struct CopySign {
  static INLINE f32 of(f32 a, f32 b) { return __builtin_copysignf(a, b); }
  static INLINE f64 of(f64 a, f64 b) { return __builtin_copysign(a, b); }
};
// The other one where one is NaN.
struct Fmax { template <class T> static INLINE T of(T a, T b) { return (a >= b || b != b) ? a : b; } };
struct Fmin { template <class T> static INLINE T of(T a, T b) { return (a <= b || b != b) ? a : b; } };

KERNEL(copysign, FLOATS, (const T* a, const T* b, T* y, Dims shape, Dims sa, Dims sb)) {
  binary_broadcast<CopySign>(a, b, y, shape, sa, sb, 0.4);
}
KERNEL(fmax, FLOATS, (const T* a, const T* b, T* y, Dims shape, Dims sa, Dims sb)) {
  binary_broadcast<Fmax>(a, b, y, shape, sa, sb, 0.4);
}
KERNEL(fmin, FLOATS, (const T* a, const T* b, T* y, Dims shape, Dims sa, Dims sb)) {
  binary_broadcast<Fmin>(a, b, y, shape, sa, sb, 0.4);
}

}  // namespace NSP
