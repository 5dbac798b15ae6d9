#pragma once
// Functions of one number, with their derivatives. One definition gives two kernels:
//
//   UNARY(tanh) {                                           tanh(x, y, n)
//     FORMULA value(V x) { return ...; }                    tanh_grad(x, dy, dx, n)
//     FORMULA derivative(V x) { return ...; }
//   };
//
// A formula is evaluated in double for both element types: V is a vector of doubles inside the float32 kernel, whose result is rounded
// once, and one double inside the float64 kernel. UNARY1(name, p), UNARY2(name, p, q) ... add f64 parameters to kernels and formulas.

#include "exact.h"

namespace NSP {

constexpr i64 UNARY_BLOCK = 8192;
constexpr f64 UNARY_NS = 1.5;

static INLINE void store_lanes(f32* p, vd v, i64 n) {
  const vh h = narrow(v);
  for (i64 i = 0; i < n; i++) p[i] = h[i];
}

// DL floats as doubles. GCC 12 makes five instructions of the general conversion where there is one.
static INLINE vd load_wide(const f32* p) {
#if defined(__GNUC__) && !defined(__clang__) && defined(__AVX512F__)
  return (vd)__builtin_ia32_cvtps2pd512_mask(load_half(p), vd{}, 0xff, 4);
#elif defined(__GNUC__) && !defined(__clang__) && defined(__AVX__)
  return (vd)__builtin_ia32_cvtps2pd256(load_half(p));
#else
  return widen(load_half(p));
#endif
}

#if defined(__wasm_simd128__)
// Both doubles as floats in the low half. Clang takes the general conversion apart, and has no other name for the one instruction.
static INLINE vf demote(vd v) {
  vf y;
  __asm__("local.get %1\n\tf32x4.demote_f64x2_zero\n\tlocal.set %0" : "=r"(y) : "r"(v));
  return y;
}
#endif

// 2 DL doubles, rounded to floats.
static INLINE void store_pair(f32* p, vd a, vd b) {
#if defined(__wasm_simd128__)
  store(p, __builtin_shufflevector(demote(a), demote(b), 0, 1, 4, 5));
#else
  store_half(p, narrow(a));
  store_half(p + DL, narrow(b));
#endif
}

// Functions whose float32 form is exact enough have `direct`, over vectors of floats.
template <class F> concept Direct = requires(vf v) { F::direct(v); };

template <class F> static INLINE void map_direct(const f32* x, f32* y, i64 begin, i64 end) {
  i64 i = begin;
  for (; i + FL <= end; i += FL) store(y + i, F::direct(load(x + i)));
  if (i == end) return;
  const vf v = F::direct(load(x + i));
  for (i64 k = 0; i + k < end; k++) y[i + k] = v[k];
}

// y = f(x) for every element; f takes vd. The last few run through the same loop and a buffer (reading past the end is allowed):
// a loop of their own would compile f once more.
template <class F> static INLINE void map_range(const f32* x, f32* y, i64 begin, i64 end, const F& f) {
  for (i64 i = begin; i < end; i += FL) {
    const vd a = f(load_wide(x + i)), b = f(load_wide(x + i + DL));
    f32 rest[FL];
    f32* to = i + FL <= end ? y + i : rest;
    store_pair(to, a, b);
    if (to == rest)
      for (i64 k = 0; k < end - i; k++) y[i + k] = rest[k];
  }
}
template <class F> static INLINE void map_range(const f64* x, f64* y, i64 begin, i64 end, const F& f) {
  for (i64 i = begin; i < end; i++) y[i] = f(x[i]);
}

// z = f(x, y), both contiguous.
template <class F> static INLINE void map_range(const f32* x, const f32* y, f32* z, i64 begin, i64 end, const F& f) {
  for (i64 i = begin; i < end; i += FL) {
    const vd a = f(load_wide(x + i), load_wide(y + i));
    const vd b = f(load_wide(x + i + DL), load_wide(y + i + DL));
    f32 rest[FL];
    f32* to = i + FL <= end ? z + i : rest;
    store_pair(to, a, b);
    if (to == rest)
      for (i64 k = 0; k < end - i; k++) z[i + k] = rest[k];
  }
}
template <class F> static INLINE void map_range(const f64* x, const f64* y, f64* z, i64 begin, i64 end, const F& f) {
  for (i64 i = begin; i < end; i++) z[i] = f(x[i], y[i]);
}

template <class F, class T, class... P> static INLINE void unary_value(const T* x, T* y, i64 n, P... p) {
  parallel_range(n, UNARY_BLOCK, UNARY_NS, [&](i64 begin, i64 end, i64) {
    if constexpr (is_same<T, f32> && Direct<F>) map_direct<F>(x, y, begin, end);
    else map_range(x, y, begin, end, [&](auto v) __attribute__((always_inline)) { return F::value(v, p...); });
  });
}

template <class F, class T, class... P> static INLINE void unary_grad(const T* x, const T* dy, T* dx, i64 n, P... p) {
  parallel_range(n, UNARY_BLOCK, UNARY_NS, [&](i64 begin, i64 end, i64) {
    map_range(x, dy, dx, begin, end, [&](auto v, auto d) __attribute__((always_inline)) { return d * F::derivative(v, p...); });
  });
}

}  // namespace NSP

#define FORMULA template <class V> static INLINE V

#define UNARY(name)                                                                                           \
  struct name##_formula;                                                                                      \
  template <class T> static inline void name(const T* x, T* y, i64 n) { unary_value<name##_formula>(x, y, n); } \
  template <class T> static inline void name##_grad(const T* x, const T* dy, T* dx, i64 n) {                  \
    unary_grad<name##_formula>(x, dy, dx, n);                                                                 \
  }                                                                                                           \
  struct name##_formula

#define UNARY_WITH(name, parameters, arguments)                                                               \
  struct name##_formula;                                                                                      \
  template <class T> static inline void name(const T* x, T* y, i64 n, UNPACK parameters) {                    \
    unary_value<name##_formula>(x, y, n, UNPACK arguments);                                                   \
  }                                                                                                           \
  template <class T> static inline void name##_grad(const T* x, const T* dy, T* dx, i64 n, UNPACK parameters) { \
    unary_grad<name##_formula>(x, dy, dx, n, UNPACK arguments);                                               \
  }                                                                                                           \
  struct name##_formula
#define UNPACK(...) __VA_ARGS__
#define UNARY1(name, p) UNARY_WITH(name, (f64 p), (p))
#define UNARY2(name, p, q) UNARY_WITH(name, (f64 p, f64 q), (p, q))
#define UNARY3(name, p, q, r) UNARY_WITH(name, (f64 p, f64 q, f64 r), (p, q, r))
