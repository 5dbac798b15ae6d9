#include "common/elements.h"

namespace NSP {

// The largest (or smallest) element along the middle of [outer, n, inner] and its position; the first of equals, and NaN before all.

constexpr i64 ARG_BLOCK = 256;

template <bool LARGEST, class V> static INLINE auto better(V x, V best) {
  if constexpr (LARGEST) return (x > best) | ((x != x) & (best == best));
  else return (x < best) | ((x != x) & (best == best));
}

// Blocks first, so that only one of them is searched for the position.
template <bool LARGEST, class T> static INLINE i64 arg_row(const T* x, i64 n) {
  using V = vec_of<T>;
  constexpr i64 L = lanes_of<T>;
  i64 at = 0;
  T best = x[0];
  for (i64 from = 0; from < n; from += ARG_BLOCK) {
    const i64 count = min_of(n - from, ARG_BLOCK);
    T top = x[from];
    i64 i = 0;
    if (count >= 2 * L) {
      V a = load_as<T>(x + from), b = load_as<T>(x + from + L);
      for (i = 2 * L; i + 2 * L <= count; i += 2 * L) {
        const V p = load_as<T>(x + from + i), q = load_as<T>(x + from + i + L);
        a = select((mask_of<T>)better<LARGEST>(p, a), p, a);
        b = select((mask_of<T>)better<LARGEST>(q, b), q, b);
      }
      a = select((mask_of<T>)better<LARGEST>(b, a), b, a);
      for (i64 k = 0; k < L; k++) top = better<LARGEST>(static_cast<T>(a[k]), top) ? static_cast<T>(a[k]) : top;
    }
    for (; i < count; i++) top = better<LARGEST>(x[from + i], top) ? x[from + i] : top;
    if (from > 0 && !better<LARGEST>(top, best)) continue;
    best = top;
    at = from;
  }
  while (at < n - 1 && !(x[at] == best || (best != best && x[at] != x[at]))) at++;
  return at;
}

template <bool LARGEST, class T>
static NOINLINE void arg_along(const T* x, T* values, i64* indices, i64 outer, i64 n, i64 inner) {
  using V = vec_of<T>;
  using M = mask_of<T>;
  constexpr i64 L = lanes_of<T>;
  const f64 ns = 0.2 * static_cast<f64>(n);
  if (inner == 1) {
    parallel_range(outer, max_of<i64>(1, 65536 / (n + 1)), ns, [=](i64 from, i64 to, i64) {
      for (i64 o = from; o < to; o++) {
        const i64 at = arg_row<LARGEST>(x + o * n, n);
        indices[o] = at;
        if (values != nullptr) values[o] = x[o * n + at];
      }
    });
    return;
  }
  const i64 tiles = ceil_div(inner, L);
  parallel_range(outer * tiles, max_of<i64>(1, 8192 / (n + 1)), ns * L, [=](i64 from, i64 to, i64) {
    for (i64 task = from; task < to; task++) {
      const i64 o = task / tiles, j = (task - o * tiles) * L;
      const T* base = x + o * n * inner + j;
      using E = decltype(M{}[0] + 0);
      V best = load_as<T>(base);
      M at{};
      for (i64 i = 1; i < n; i++) {
        const V v = load_as<T>(base + i * inner);
        const M m = (M)better<LARGEST>(v, best);
        best = select(m, v, best);
        at = (m & (static_cast<E>(i) - M{})) | (~m & at);
      }
      for (i64 k = 0; k < min_of(inner - j, L); k++) {
        indices[o * inner + j + k] = at[k];
        if (values != nullptr) values[o * inner + j + k] = best[k];
      }
    }
  });
}

// `values` may be null. n is at least 1.
KERNEL(arg_extreme, FLOATS, (const T* x, T* values, i64* indices, i64 outer, i64 n, i64 inner, i64 largest)) {
  if (largest) arg_along<true>(x, values, indices, outer, n, inner);
  else arg_along<false>(x, values, indices, outer, n, inner);
}

KERNEL(arg_extreme_int64, NONE, (const i64* x, i64* values, i64* indices, i64 outer, i64 n, i64 inner, i64 largest)) {
  if (largest) arg_along<true>(x, values, indices, outer, n, inner);
  else arg_along<false>(x, values, indices, outer, n, inner);
}

// --- running folds along the middle of [outer, n, inner]; float32 accumulates in float64 ---------------------------------

template <class A, class T, class F>
static INLINE void scan_along(const T* x, T* y, i64 outer, i64 n, i64 inner, i64 reverse, A start, const F& fold) {
  constexpr i64 TILE = 64, ROWS = 4;
  if (inner == 1) {
    // Several rows at a time, because each waits for its own last sum.
    parallel_range(ceil_div(outer, ROWS), max_of<i64>(1, 8192 / (n + 1)), 2 * static_cast<f64>(n), [=](i64 from, i64 to, i64) {
      for (i64 o = from * ROWS; o < min_of(outer, to * ROWS); o += ROWS) {
        const i64 count = min_of(outer - o, ROWS);
        A acc[ROWS] = {start, start, start, start};
        for (i64 i = 0; i < n; i++) {
          const i64 at = o * n + (reverse ? n - 1 - i : i);
          if (count == ROWS) {
            for (i64 r = 0; r < ROWS; r++) y[at + r * n] = static_cast<T>(acc[r] = fold(acc[r], static_cast<A>(x[at + r * n])));
          } else {
            for (i64 r = 0; r < count; r++) y[at + r * n] = static_cast<T>(acc[r] = fold(acc[r], static_cast<A>(x[at + r * n])));
          }
        }
      }
    });
    return;
  }
  const i64 tiles = ceil_div(inner, TILE);
  parallel_range(outer * tiles, 1, 1.2 * static_cast<f64>(n) * static_cast<f64>(min_of(inner, TILE)), [=](i64 from, i64 to, i64) {
    for (i64 task = from; task < to; task++) {
      const i64 o = task / tiles, j = (task - o * tiles) * TILE, width = min_of(inner - j, TILE);
      A acc[TILE];
      for (i64 k = 0; k < width; k++) acc[k] = start;
      for (i64 s = 0; s < n; s++) {
        const i64 at = (o * n + (reverse ? n - 1 - s : s)) * inner + j;
        for (i64 k = 0; k < width; k++) {
          acc[k] = fold(acc[k], static_cast<A>(x[at + k]));
          y[at + k] = static_cast<T>(acc[k]);
        }
      }
    }
  });
}

KERNEL(cumsum, FLOATS, (const T* x, T* y, i64 outer, i64 n, i64 inner, i64 reverse)) {
  scan_along<f64>(x, y, outer, n, inner, reverse, 0.0, [](f64 a, f64 v) { return a + v; });
}

KERNEL(cumprod, FLOATS, (const T* x, T* y, i64 outer, i64 n, i64 inner)) {
  scan_along<f64>(x, y, outer, n, inner, 0, 1.0, [](f64 a, f64 v) { return a * v; });
}

KERNEL(scan_int64, NONE, (const i64* x, i64* y, i64 outer, i64 n, i64 inner, i64 product)) {
  if (product) scan_along<i64>(x, y, outer, n, inner, 0, static_cast<i64>(1), [](i64 a, i64 v) { return a * v; });
  else scan_along<i64>(x, y, outer, n, inner, 0, static_cast<i64>(0), [](i64 a, i64 v) { return a + v; });
}

// --- gradients of products, exact where factors are 0: no division -------------------------------------------------------

// dx_i = dy * (product of the others) = dy * prefix * suffix; dy [outer, inner].
KERNEL(prod_grad, FLOATS, (const T* x, const T* dy, T* dx, i64 outer, i64 n, i64 inner)) {
  for (i64 o = 0; o < outer; o++) {
    for (i64 k = 0; k < inner; k++) {
      const i64 base = o * n * inner + k;
      f64 suffix = static_cast<f64>(dy[o * inner + k]), prefix = 1;
      for (i64 i = n - 1; i >= 0; i--) {
        dx[base + i * inner] = static_cast<T>(suffix);
        suffix *= static_cast<f64>(x[base + i * inner]);
      }
      for (i64 i = 0; i < n; i++) {
        dx[base + i * inner] = static_cast<T>(static_cast<f64>(dx[base + i * inner]) * prefix);
        prefix *= static_cast<f64>(x[base + i * inner]);
      }
    }
  }
}

// dx_i = prefix_i * s_i with s_i = dy_i + x_(i+1) s_(i+1).
KERNEL(cumprod_grad, FLOATS, (const T* x, const T* dy, T* dx, i64 outer, i64 n, i64 inner)) {
  for (i64 o = 0; o < outer; o++) {
    for (i64 k = 0; k < inner; k++) {
      const i64 base = o * n * inner + k;
      f64 s = 0, prefix = 1;
      for (i64 i = n - 1; i >= 0; i--) {
        s = static_cast<f64>(dy[base + i * inner]) + (i + 1 < n ? static_cast<f64>(x[base + (i + 1) * inner]) * s : 0);
        dx[base + i * inner] = static_cast<T>(s);
      }
      for (i64 i = 0; i < n; i++) {
        dx[base + i * inner] = static_cast<T>(static_cast<f64>(dx[base + i * inner]) * prefix);
        prefix *= static_cast<f64>(x[base + i * inner]);
      }
    }
  }
}

}  // namespace NSP
