#include "common/reduce.h"

namespace NSP {

// --- reductions: identity, step(accumulator, element, parameter of the output), combination of two accumulators ------
// Floating elements accumulate in float64. NS: nanoseconds per element, for the decision to use threads.

template <class E> struct Sum {
  using A = E;
  static constexpr f64 NS = 0.15;
  static INLINE A identity() { return 0; }
  template <class V> static INLINE V step(V a, V x, V) { return a + x; }
  template <class V> static INLINE V combine(V a, V b) { return a + b; }
};

struct NanSum : Sum<f64> {
  template <class V> static INLINE V step(V a, V x, V) { return a + select(x == x, x, V{}); }
};

template <class E> struct Prod {
  using A = E;
  static constexpr f64 NS = 0.2;
  static INLINE A identity() { return 1; }
  template <class V> static INLINE V step(V a, V x, V) { return a * x; }
  template <class V> static INLINE V combine(V a, V b) { return a * b; }
};

// NaN wins: once a is NaN it stays, and x is taken whenever a > x does not hold.
template <class E> struct Max {
  using A = E;
  static constexpr f64 NS = 0.15;
  static INLINE A identity() {
    if constexpr (is_float<E>) return -__builtin_inf();
    else return static_cast<A>(1) << 63;
  }
  template <class V> static INLINE V combine(V a, V x) { return select((a > x) | (a != a), a, x); }
  template <class V> static INLINE V step(V a, V x, V) { return combine(a, x); }
};

template <class E> struct Min {
  using A = E;
  static constexpr f64 NS = 0.15;
  static INLINE A identity() {
    if constexpr (is_float<E>) return __builtin_inf();
    else return ~(static_cast<A>(1) << 63);
  }
  template <class V> static INLINE V combine(V a, V x) { return select((a < x) | (a != a), a, x); }
  template <class V> static INLINE V step(V a, V x, V) { return combine(a, x); }
};

// Sum of squares of x * p; the power of two p keeps float64 from overflowing and from underflowing.
struct SumOfSquares : Sum<f64> {
  template <class V> static INLINE V step(V a, V x, V p) {
    const V y = x * p;
    return a + y * y;
  }
};

// Sum of squared distances from p, the mean.
struct SumOfSquaredDeviations : Sum<f64> {
  template <class V> static INLINE V step(V a, V x, V p) {
    const V d = x - p;
    return a + d * d;
  }
};

template <class V> static INLINE V magnitude(V x) { return select(x < 0, -x, x); }

struct SumOfMagnitudes : Sum<f64> {
  template <class V> static INLINE V step(V a, V x, V) { return a + magnitude(x); }
};

struct CountOfNonzero : Sum<f64> {
  template <class V> static INLINE V step(V a, V x, V) { return a + select(x != 0, splat_of<f64>(1.0), V{}); }
};

struct MaxMagnitude : Max<f64> {
  template <class V> static INLINE V step(V a, V x, V) { return combine(a, magnitude(x)); }
  static INLINE f64 identity() { return 0; }
};

struct MinMagnitude : Min<f64> {
  template <class V> static INLINE V step(V a, V x, V) { return combine(a, magnitude(x)); }
};

// Sum of |x|^p, lane by lane: rare enough not to deserve a vector power.
struct SumOfPowers : Sum<f64> {
  static constexpr f64 NS = 20;
  template <class V> static INLINE V step(V a, V x, V p) {
    V y;
    for (i64 i = 0; i < DL; i++) y[i] = __builtin_pow(x[i] < 0 ? -x[i] : x[i], p[i]);
    return a + y;
  }
};

template <class T, class A> static INLINE void finish(const A* from, T* y, const Reduction& r, f64 divisor) {
  const i64 n = r.size(0, r.kept);
  for (i64 i = 0; i < n; i++) y[i] = static_cast<T>(from[i] / divisor);
}

// --- kernels: all take x with its dimensions, the kept ones first, and scratch of (splits > 1 ? 1 + splits : 1) values of 8
// bytes for each output --------------------------------------------------------------------------------------------------

KERNEL(reduce_sum, FLOATS, (const T* x, T* y, u8* scratch, Dims shape, Dims strides, i64 kept, i64 splits, f64 divisor)) {
  const Reduction r{shape, strides, kept, splits};
  f64* out = reinterpret_cast<f64*>(scratch);
  reduce<Sum<f64>>(x, out, nullptr, r);
  finish(out, y, r, divisor);
}

KERNEL(reduce_nansum, FLOATS, (const T* x, T* y, u8* scratch, Dims shape, Dims strides, i64 kept, i64 splits, f64 divisor)) {
  const Reduction r{shape, strides, kept, splits};
  f64* out = reinterpret_cast<f64*>(scratch);
  reduce<NanSum>(x, out, nullptr, r);
  finish(out, y, r, divisor);
}

KERNEL(reduce_prod, FLOATS, (const T* x, T* y, u8* scratch, Dims shape, Dims strides, i64 kept, i64 splits)) {
  const Reduction r{shape, strides, kept, splits};
  f64* out = reinterpret_cast<f64*>(scratch);
  reduce<Prod<f64>>(x, out, nullptr, r);
  finish(out, y, r, 1);
}

KERNEL(reduce_max, FLOATS, (const T* x, T* y, u8* scratch, Dims shape, Dims strides, i64 kept, i64 splits)) {
  const Reduction r{shape, strides, kept, splits};
  T* out = reinterpret_cast<T*>(scratch);
  reduce<Max<T>>(x, out, nullptr, r);
  finish(out, y, r, 1);
}

KERNEL(reduce_min, FLOATS, (const T* x, T* y, u8* scratch, Dims shape, Dims strides, i64 kept, i64 splits)) {
  const Reduction r{shape, strides, kept, splits};
  T* out = reinterpret_cast<T*>(scratch);
  reduce<Min<T>>(x, out, nullptr, r);
  finish(out, y, r, 1);
}

// How many elements differ from 0; NaN does.
KERNEL(reduce_count_nonzero, FLOATS, (const T* x, i64* y, u8* scratch, Dims shape, Dims strides, i64 kept, i64 splits)) {
  const Reduction r{shape, strides, kept, splits};
  f64* out = reinterpret_cast<f64*>(scratch);
  reduce<CountOfNonzero>(x, out, nullptr, r);
  finish(out, y, r, 1);
}

// Variance or its root: mean first, then squared deviations, both in float64. `divisor` is count - correction.
KERNEL(reduce_var, FLOATS, (const T* x, T* y, f64* mean, u8* scratch, Dims shape, Dims strides, i64 kept, i64 splits, f64 divisor, i64 root)) {
  const Reduction r{shape, strides, kept, splits};
  const i64 n = r.size(0, kept);
  f64* out = reinterpret_cast<f64*>(scratch);
  reduce<Sum<f64>>(x, out, nullptr, r);
  finish(out, mean, r, static_cast<f64>(r.size(kept, shape.n)));
  reduce<SumOfSquaredDeviations>(x, out, mean, r);
  for (i64 i = 0; i < n; i++) {
    const f64 v = out[i] / divisor;
    y[i] = static_cast<T>(root ? __builtin_sqrt(v) : v);
  }
}

// (sum |x|^p)^(1/p); p = inf, -inf, 0 by their limits. `power` has room for one value for each output.
KERNEL(reduce_norm, FLOATS, (const T* x, T* y, f64* power, u8* scratch, Dims shape, Dims strides, i64 kept, i64 splits, f64 p)) {
  const Reduction r{shape, strides, kept, splits};
  const i64 n = r.size(0, kept);
  f64* out = reinterpret_cast<f64*>(scratch);
  const f64 inf = __builtin_inf();
  if (p == inf) reduce<MaxMagnitude>(x, out, nullptr, r);
  else if (p == -inf) reduce<MinMagnitude>(x, out, nullptr, r);
  else if (p == 1) reduce<SumOfMagnitudes>(x, out, nullptr, r);
  else if (p == 0) reduce<CountOfNonzero>(x, out, nullptr, r);
  if (p == inf || p == -inf || p == 1 || p == 0) {
    finish(out, y, r, 1);
    return;
  }
  for (i64 i = 0; i < n; i++) power[i] = p == 2 ? 1 : p;
  if (p != 2) {
    reduce<SumOfPowers>(x, out, power, r);
    for (i64 i = 0; i < n; i++) y[i] = static_cast<T>(__builtin_pow(out[i], 1 / p));
    return;
  }
  reduce<SumOfSquares>(x, out, power, r);
  if constexpr (is_same<T, f64>) {
    // Squares of float64 may leave the range although the norm does not: scale by the largest magnitude's power of two.
    bool safe = true;
    for (i64 i = 0; i < n; i++) safe &= out[i] > 1e-250 && out[i] < 1e300;
    if (!safe) {
      reduce<MaxMagnitude>(x, power, nullptr, Reduction{shape, strides, kept, 1});
      for (i64 i = 0; i < n; i++) {
        const bool finite = power[i] > 0 && power[i] < inf;
        power[i] = finite ? __builtin_ldexp(1.0, -max_of(-1000, min_of(1000, __builtin_ilogb(power[i])))) : 1;
      }
      reduce<SumOfSquares>(x, out, power, r);
    }
  }
  for (i64 i = 0; i < n; i++) y[i] = static_cast<T>(__builtin_sqrt(out[i]) / power[i]);
}

// Integers and bool come as int64. op: 0 sum, 1 product, 2 maximum, 3 minimum.
KERNEL(reduce_int64, NONE, (const i64* x, i64* y, u8* scratch, Dims shape, Dims strides, i64 kept, i64 splits, i64 op)) {
  const Reduction r{shape, strides, kept, splits};
  i64* out = reinterpret_cast<i64*>(scratch);
  if (op == 0) reduce<Sum<i64>>(x, out, nullptr, r);
  else if (op == 1) reduce<Prod<i64>>(x, out, nullptr, r);
  else if (op == 2) reduce<Max<i64>>(x, out, nullptr, r);
  else reduce<Min<i64>>(x, out, nullptr, r);
  for (i64 i = 0, n = r.size(0, kept); i < n; i++) y[i] = out[i];
}

}  // namespace NSP
