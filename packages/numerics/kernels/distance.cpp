#include "common/exact.h"
#include "common/rows.h"

namespace NSP {

// Distances between all rows of a [n, m] and all rows of b [k, m], without their differences in memory: float64 inside, rounded once.
// The order p is 0 (count of differences), 1, 2, infinity, or any other above 0.

constexpr f64 NS_PER_DIFFERENCE = 0.35;

static INLINE vd first_of(vd v, i64 count) { return count == DL ? v : select(first_lanes<f64>(count), v, vd{}); }

// Sums f(a - b) over a row.
template <class T, class F> static INLINE f64 sum_differences(const T* a, const T* b, i64 m, const F& f) {
  vd one{}, two{};
  i64 i = 0;
  for (; i + 2 * DL <= m; i += 2 * DL) {
    one += f(load_as<f64>(a + i) - load_as<f64>(b + i));
    two += f(load_as<f64>(a + i + DL) - load_as<f64>(b + i + DL));
  }
  for (; i < m; i += DL) one += first_of(f(load_as<f64>(a + i) - load_as<f64>(b + i)), min_of(m - i, DL));
  return sum_lanes(one + two);
}

// The largest |a - b|; NaN if there is one.
template <class T> static INLINE f64 largest_difference(const T* a, const T* b, i64 m) {
  f64 most = 0;
  for (i64 i = 0; i < m; i++) {
    const f64 d = __builtin_fabs(static_cast<f64>(a[i]) - static_cast<f64>(b[i]));
    if (d > most || d != d) most = d;
    if (d != d) break;
  }
  return most;
}

template <class T> static f64 scaled_distance(const T* a, const T* b, i64 m, f64 p) {
  const f64 most = largest_difference(a, b, m);
  if (!(most > 0 && most < INF)) return most;
  f64 sum = 0;
  for (i64 i = 0; i < m; i++) {
    const f64 d = __builtin_fabs(static_cast<f64>(a[i]) - static_cast<f64>(b[i])) / most;
    sum += p == 2 ? d * d : __builtin_pow(d, p);
  }
  return most * (p == 2 ? __builtin_sqrt(sum) : __builtin_pow(sum, 1 / p));
}

template <class T> static INLINE f64 distance(const T* a, const T* b, i64 m, f64 p) {
  if (p == 2) {
    const f64 sum = sum_differences(a, b, m, [](vd d) __attribute__((always_inline)) { return d * d; });
    // Squares of float64 may leave the range although the distance does not.
    if (is_same<T, f32> || (sum > 1e-250 && sum < 1e300)) return __builtin_sqrt(sum);
    return scaled_distance(a, b, m, p);
  }
  if (p == 1) return sum_differences(a, b, m, [](vd d) __attribute__((always_inline)) { return abs(d); });
  if (p == 0) return sum_differences(a, b, m, [](vd d) __attribute__((always_inline)) { return pick(d == 0.0, vd{}, splat(1.0)); });
  return p == INF ? largest_difference(a, b, m) : scaled_distance(a, b, m, p);
}

KERNEL(pair_distance, FLOATS, (const T* a, const T* b, T* y, i64 batch, i64 n, i64 k, i64 m, f64 p)) {
  const f64 ns = static_cast<f64>(k) * (NS_PER_DIFFERENCE * static_cast<f64>(m) + 3) * (p == 2 || p < 2 ? 1 : 20);
  parallel_range(batch * n, max_of<i64>(1, static_cast<i64>(20000 / ns)), ns, [=](i64 from, i64 to, i64) {
    for (i64 r = from; r < to; r++) {
      const T* others = b + r / n * k * m;
      for (i64 j = 0; j < k; j++) y[r * k + j] = static_cast<T>(distance(a + r * m, others + j * m, m, p));
    }
  });
}

// sum += g * (slope of the distance by the first row)
template <class T> static INLINE void add_slope(const T* a, const T* b, f64* sum, i64 m, f64 p, f64 g) {
  if (p == 0 || g == 0) return;
  const f64 d = p == 1 ? 1 : distance(a, b, m, p);
  if (d == 0) return;
  if (p == 2) {
    const vd factor = splat(1 / d), gv = splat(g);
    // A distance whose inverse is no float64 is divided by.
    const bool plain = d > 1e-300;
    for (i64 i = 0; i < m; i += DL) {
      const vd v = load_as<f64>(a + i) - load_as<f64>(b + i);
      const vd s = plain ? v * factor : v / splat(d);
      store_first(sum + i, load(sum + i) + s * gv, min_of(m - i, DL));
    }
    return;
  }
  for (i64 i = 0; i < m; i++) {
    const f64 v = static_cast<f64>(a[i]) - static_cast<f64>(b[i]);
    if (v == 0) continue;
    const f64 size = __builtin_fabs(v);
    const f64 s = p == 1 ? 1 : p == INF ? (size == d ? 1 : 0) : __builtin_pow(size / d, p - 1);
    sum[i] += v != v ? v : __builtin_copysign(s, v) * g;
  }
}

// Gradient by a: da[i] = sum_j dy[i, j] slope(a[i], b[j]). The steps of dy say which of its dimensions belongs to a, so that the same
// kernel serves b. `partial` has room for blocks * (m + DL) values.
KERNEL(pair_distance_grad, FLOATS, (const T* a, const T* b, const T* dy, T* da, f64* partial, i64 blocks, i64 batch, i64 n, i64 k, i64 m, i64 step_a, i64 step_b, f64 p)) {
  const i64 rows = batch * n, size = ceil_div(rows, blocks);
  const f64 ns = 2 * static_cast<f64>(k) * (NS_PER_DIFFERENCE * static_cast<f64>(m) + 3) * (p == 2 || p < 2 ? 1 : 20);
  parallel_for(blocks, ns * static_cast<f64>(rows), [=](i64 block, i64) {
    f64* sum = partial + block * (m + DL);
    for (i64 r = block * size; r < min_of(rows, (block + 1) * size); r++) {
      const T* others = b + r / n * k * m;
      const T* g = dy + r / n * n * k + r % n * step_a;
      for (i64 i = 0; i < m; i++) sum[i] = 0;
      for (i64 j = 0; j < k; j++) add_slope(a + r * m, others + j * m, sum, m, p, static_cast<f64>(g[j * step_b]));
      for (i64 i = 0; i < m; i++) da[r * m + i] = static_cast<T>(sum[i]);
    }
  });
}

}  // namespace NSP
