// Functions made of straight pieces and steps. What is exact in any arithmetic stays in the element's own; products with a slope are
// rounded once, from double.

#include "common/unary.h"

namespace NSP {

constexpr i64 PIECEWISE_BLOCK = 32768;
constexpr f64 PIECEWISE_NS = 0.3;

// y = f(x), left to the compiler to vectorise.
template <class T, class R, class F> static INLINE void map(const T* x, R* y, i64 n, const F& f) {
  parallel_range(n, PIECEWISE_BLOCK, PIECEWISE_NS, [&](i64 begin, i64 end, i64) {
#pragma GCC ivdep
    for (i64 i = begin; i < end; i++) y[i] = f(x[i]);
  });
}

KERNEL(neg, WIDE, (const T* x, T* y, i64 n)) {
  map(x, y, n, [](T v) {
    if constexpr (is_float<T>) return -v;
    else return static_cast<T>(0 - static_cast<u64>(v));
  });
}

KERNEL(abs, WIDE, (const T* x, T* y, i64 n)) {
  map(x, y, n, [](T v) {
    if constexpr (is_same<T, f32>) return __builtin_fabsf(v);
    else if constexpr (is_same<T, f64>) return __builtin_fabs(v);
    else return v < 0 ? static_cast<T>(0 - static_cast<u64>(v)) : v;
  });
}

// 1, 0 or -1; 0 for NaN.
KERNEL(sign, WIDE, (const T* x, T* y, i64 n)) {
  map(x, y, n, [](T v) { return static_cast<T>(static_cast<T>(v > 0 ? 1 : 0) - static_cast<T>(v < 0 ? 1 : 0)); });
}

// NaN stays NaN: it is not below 0.
KERNEL(relu, WIDE, (const T* x, T* y, i64 n)) {
  map(x, y, n, [](T v) { return v <= 0 ? T(0) : v; });
}

// From the result: it is 0 exactly where the derivative is.
KERNEL(relu_grad, FLOATS, (const T* y, const T* dy, T* dx, i64 n)) {
  parallel_range(n, PIECEWISE_BLOCK, PIECEWISE_NS, [&](i64 begin, i64 end, i64) {
#pragma GCC ivdep
    for (i64 i = begin; i < end; i++) {
      // Read whether it is needed or not: a condition on the read would stay a branch, and the data decide which way.
      const T g = dy[i];
      dx[i] = y[i] <= 0 ? T(0) : g;
    }
  });
}

KERNEL(floor, FLOATS, (const T* x, T* y, i64 n)) {
  map(x, y, n, [](T v) { return is_same<T, f32> ? T(__builtin_floorf(v)) : T(__builtin_floor(v)); });
}

KERNEL(ceil, FLOATS, (const T* x, T* y, i64 n)) {
  map(x, y, n, [](T v) { return is_same<T, f32> ? T(__builtin_ceilf(v)) : T(__builtin_ceil(v)); });
}

KERNEL(trunc, FLOATS, (const T* x, T* y, i64 n)) {
  map(x, y, n, [](T v) { return is_same<T, f32> ? T(__builtin_truncf(v)) : T(__builtin_trunc(v)); });
}

// Halves go to the even neighbour.
KERNEL(round, FLOATS, (const T* x, T* y, i64 n)) {
  map(x, y, n, [](T v) { return is_same<T, f32> ? T(__builtin_rintf(v)) : T(__builtin_rint(v)); });
}

// A bound as an element: integers clamp it into their range.
template <class T> static INLINE T bound(f64 v) {
  if constexpr (is_float<T>) return static_cast<T>(v);
  else return v <= -0x1p63 ? static_cast<T>(SIGN_BIT) : v >= 0x1p63 ? static_cast<T>(~SIGN_BIT) : static_cast<T>(v);
}

// max(low, ...) first, as PyTorch: with low > high all becomes high. NaN stays NaN.
KERNEL(clamp, WIDE, (const T* x, T* y, i64 n, f64 low, f64 high)) {
  const T a = bound<T>(low), b = bound<T>(high);
  map(x, y, n, [a, b](T v) {
    const T t = v < a ? a : v;
    return t > b ? b : t;
  });
}

// dx = dy inside [low, high], 0 outside; `open` leaves the ends out.
KERNEL(clamp_grad, FLOATS, (const T* x, const T* dy, T* dx, i64 n, f64 low, f64 high, i64 open)) {
  const T a = bound<T>(low), b = bound<T>(high);
  parallel_range(n, PIECEWISE_BLOCK, PIECEWISE_NS, [&](i64 begin, i64 end, i64) {
    if (open != 0) {
#pragma GCC ivdep
      for (i64 i = begin; i < end; i++) dx[i] = ((x[i] <= a) | (x[i] >= b)) ? T(0) : dy[i];
    } else {
#pragma GCC ivdep
      for (i64 i = begin; i < end; i++) dx[i] = ((x[i] < a) | (x[i] > b)) ? T(0) : dy[i];
    }
  });
}

UNARY1(leaky_relu, slope) {
  FORMULA value(V x, f64 slope) { return pick(x > 0.0, x, x * slope); }
  FORMULA derivative(V x, f64 slope) { return pick(x > 0.0, all<V>(1), pick(x <= 0.0, all<V>(slope), x)); }
};

// min(max(x + 3, 0), 6) / 6; the ends have derivative 0.
UNARY(hardsigmoid) {
  FORMULA value(V x) { return within(x + 3.0, 0.0, 6.0) / 6.0; }
  FORMULA derivative(V x) { return pick(abs(x) >= 3.0, all<V>(0), pick(abs(x) < 3.0, all<V>(1.0 / 6.0), x)); }
};

// x hardsigmoid(x); the ends have the inner formula's derivative.
UNARY(hardswish) {
  FORMULA value(V x) { return pick(x <= -3.0, all<V>(-0.0), pick(x >= 3.0, x, x * (x + 3.0) / 6.0)); }
  FORMULA derivative(V x) {
    return pick(x < -3.0, all<V>(0), pick(x > 3.0, all<V>(1), (2.0 * x + 3.0) / 6.0));
  }
};

}  // namespace NSP
