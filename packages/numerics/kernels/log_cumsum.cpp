#include "common/kernel.h"

namespace NSP {

// Running log-sum-exp along the middle of [outer, n, inner], forwards or from the end, in float64.

// log of the sum so far = max + log1p(others); `others` leaves out one occurrence of the maximum, so that what it outweighs stays. Equal infinities count as
// equal numbers.
struct RunningLogSum {
  f64 max = 0, others = -1;  // nothing yet

  static f64 difference(f64 a, f64 b) { return a == b ? 0 : a - b; }

  void add(f64 x) {
    if (others < 0 || !(x <= max)) {
      others = others < 0 ? 0 : (others + 1) * __builtin_exp(max - x);
      max = max != max ? max : x;
    } else {
      others += __builtin_exp(difference(x, max));
    }
  }
  f64 value() const { return max + __builtin_log1p(others); }
  // What an element x weighs in the sum.
  f64 weight(f64 x) const { return x == -__builtin_inf() ? 0 : __builtin_exp(difference(x, max)) / (1 + others); }
  // What an earlier sum weighs in this one.
  f64 weight(const RunningLogSum& earlier) const {
    if (earlier.max == -__builtin_inf()) return 0;
    return __builtin_exp(difference(earlier.max, max)) * ((1 + earlier.others) / (1 + others));
  }
};

// Runs body(place of the first element, thread) for every line; the next element lies `step` on.
template <class F> static INLINE void each_line(i64 outer, i64 n, i64 inner, i64 reverse, f64 ns, const F& body) {
  const i64 block = max_of<i64>(1, 1024 / (n + 1));
  parallel_range(outer * inner, block, ns * static_cast<f64>(n), [&](i64 from, i64 to, i64 thread) {
    for (i64 line = from; line < to; line++) {
      const i64 o = line / inner;
      body(o * n * inner + (line - o * inner) + (reverse ? (n - 1) * inner : 0), thread);
    }
  });
}

KERNEL(logcumsumexp, FLOATS, (const T* x, T* y, i64 outer, i64 n, i64 inner, i64 reverse)) {
  const i64 step = reverse ? -inner : inner;
  each_line(outer, n, inner, reverse, 30, [&](i64 at, i64) {
    RunningLogSum s;
    for (i64 i = 0; i < n; i++, at += step) {
      s.add(static_cast<f64>(x[at]));
      y[at] = static_cast<T>(s.value());
    }
  });
}

// With W[j][i] = e^(x_i - y_j) for i <= j: dx = W^T g. Weights are ratios of neighbouring sums, so that nothing overflows. `scratch` holds 2n numbers for each
// thread.
KERNEL(logcumsumexp_grad, FLOATS, (const T* x, const T* g, T* dx, f64* scratch, i64 outer, i64 n, i64 inner, i64 reverse)) {
  const i64 step = reverse ? -inner : inner;
  each_line(outer, n, inner, reverse, 60, [&](i64 first, i64 thread) {
    RunningLogSum* sums = reinterpret_cast<RunningLogSum*>(scratch + thread * 2 * n);
    RunningLogSum s;
    i64 at = first;
    for (i64 i = 0; i < n; i++, at += step) {
      s.add(static_cast<f64>(x[at]));
      sums[i] = s;
    }
    f64 later = 0;
    for (i64 i = n - 1; i >= 0; i--) {
      at -= step;
      later = static_cast<f64>(g[at]) + (i + 1 < n ? later * sums[i + 1].weight(sums[i]) : 0);
      dx[at] = static_cast<T>(later * sums[i].weight(static_cast<f64>(x[at])));
    }
  });
}

// W v: the derivative along v.
KERNEL(logcumsumexp_tangent, FLOATS, (const T* x, const T* v, T* dy, i64 outer, i64 n, i64 inner, i64 reverse)) {
  const i64 step = reverse ? -inner : inner;
  each_line(outer, n, inner, reverse, 40, [&](i64 at, i64) {
    RunningLogSum s;
    f64 mean = 0;
    for (i64 i = 0; i < n; i++, at += step) {
      const RunningLogSum before = s;
      s.add(static_cast<f64>(x[at]));
      mean = (i > 0 ? mean * s.weight(before) : 0) + static_cast<f64>(v[at]) * s.weight(static_cast<f64>(x[at]));
      dy[at] = static_cast<T>(mean);
    }
  });
}

}  // namespace NSP
