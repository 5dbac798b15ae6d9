#pragma once
// Functions of two numbers with broadcasting, and their derivatives. One definition gives three kernels:
//
//   BINARY(atan2) {                                            atan2(a, b, y, shape, sa, sb)
//     FORMULA value(V a, V b) { return ...; }                  atan2_grad_a(a, b, dy, dx, shape, sa, sb)
//     FORMULA derivative_a(V a, V b) { return ...; }           atan2_grad_b(a, b, dy, dx, shape, sa, sb)
//     FORMULA derivative_b(V a, V b) { return ...; }
//   };
//
// V as in unary.h: a vector of doubles for float32, one double for float64. Results and dy are row-major in `shape`.

#include "broadcast.h"
#include "unary.h"

namespace NSP {

constexpr f64 BINARY_NS = 4;
constexpr i64 BINARY_CHUNK = 512;

// n elements from x on, `stride` apart: as they lie, or gathered into the buffer. A stretched element is spread once a row.
template <class T> struct Lane {
  T buffer[BINARY_CHUNK];

  INLINE const T* read(const T* x, i64 stride, i64 n, bool first) {
    if (stride == 1) return x;
    if (stride != 0 || first)
      for (i64 i = 0; i < n; i++) buffer[i] = x[i * stride];
    return buffer;
  }
};

template <class F> static INLINE void map_range(const f32* a, const f32* b, const f32* d, f32* y, i64 n, const F& f) {
  for (i64 i = 0; i < n; i += FL) {
    const vd u = load_wide(d + i) * f(load_wide(a + i), load_wide(b + i));
    const vd v = load_wide(d + i + DL) * f(load_wide(a + i + DL), load_wide(b + i + DL));
    f32 rest[FL];
    f32* to = i + FL <= n ? y + i : rest;
    store_pair(to, u, v);
    if (to == rest)
      for (i64 k = 0; k < n - i; k++) y[i + k] = rest[k];
  }
}
template <class F> static INLINE void map_range(const f64* a, const f64* b, const f64* d, f64* y, i64 n, const F& f) {
  for (i64 i = 0; i < n; i++) y[i] = d[i] * f(a[i], b[i]);
}

// y = f(a, b), or dy f(a, b) for a gradient: known when compiling, so that only one of the two is compiled.
template <bool GRADIENT, class T, class F>
static INLINE void exact_broadcast(const T* a, const T* b, const T* dy, T* y, const Dims& shape, const Dims& sa, const Dims& sb, const F& f) {
  const BroadcastPlan p = plan_broadcast(shape, sa, sb);
  const i64 stride_a = p.a[p.n - 1], stride_b = p.b[p.n - 1];
  walk_rows(p, BINARY_NS, [&](i64 oa, i64 ob, i64 oy, i64 n) {
    Lane<T> lane_a, lane_b;
    for (i64 i = 0; i < n; i += BINARY_CHUNK) {
      const i64 m = min_of(BINARY_CHUNK, n - i);
      const T* x = lane_a.read(a + oa + i * stride_a, stride_a, m, i == 0);
      const T* z = lane_b.read(b + ob + i * stride_b, stride_b, m, i == 0);
      if constexpr (GRADIENT) map_range(x, z, dy + oy + i, y + oy + i, m, f);
      else map_range(x, z, y + oy + i, 0, m, f);
    }
  });
}

template <class F, class T>
static INLINE void binary_value(const T* a, const T* b, T* y, const Dims& shape, const Dims& sa, const Dims& sb) {
  const auto f = [](auto u, auto v) __attribute__((always_inline)) { return F::value(u, v); };
  exact_broadcast<false>(a, b, static_cast<const T*>(nullptr), y, shape, sa, sb, f);
}
template <class F, class T>
static INLINE void binary_grad_a(const T* a, const T* b, const T* dy, T* dx, const Dims& shape, const Dims& sa, const Dims& sb) {
  exact_broadcast<true>(a, b, dy, dx, shape, sa, sb, [](auto u, auto v) __attribute__((always_inline)) { return F::derivative_a(u, v); });
}
template <class F, class T>
static INLINE void binary_grad_b(const T* a, const T* b, const T* dy, T* dx, const Dims& shape, const Dims& sa, const Dims& sb) {
  exact_broadcast<true>(a, b, dy, dx, shape, sa, sb, [](auto u, auto v) __attribute__((always_inline)) { return F::derivative_b(u, v); });
}

}  // namespace NSP

#define BINARY(name)                                                                                           \
  struct name##_formula;                                                                                       \
  template <class T> static inline void name(const T* a, const T* b, T* y, Dims shape, Dims sa, Dims sb) {     \
    binary_value<name##_formula>(a, b, y, shape, sa, sb);                                                      \
  }                                                                                                            \
  template <class T>                                                                                           \
  static inline void name##_grad_a(const T* a, const T* b, const T* dy, T* dx, Dims shape, Dims sa, Dims sb) { \
    binary_grad_a<name##_formula>(a, b, dy, dx, shape, sa, sb);                                                \
  }                                                                                                            \
  template <class T>                                                                                           \
  static inline void name##_grad_b(const T* a, const T* b, const T* dy, T* dx, Dims shape, Dims sa, Dims sb) { \
    binary_grad_b<name##_formula>(a, b, dy, dx, shape, sa, sb);                                                \
  }                                                                                                            \
  struct name##_formula
