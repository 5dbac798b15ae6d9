#include "common/exact.h"
#include "common/rows.h"

namespace NSP {

// Kullback-Leibler divergence between two rows of logits: p = softmax(t), q = softmax(x), sum of p (log p - log q).
//
// With w = x - t, its mean under p and v = w - mean, log q - log p is v but for a constant, and the divergence is
// log E[e^v] = log(1 + E[e^v - 1 - v]): all terms are 0 or more, so that nothing cancels, however close the rows are.
// Classes with t = -infinity are excluded from p; mass m that q has there adds -log(1 - m).

// e^v - 1 - v
static INLINE vd beyond_line(vd v) {
  vd series = splat(1.0);
  UNROLLED for (int k = 15; k > 2; k--) series = fma(series * v, splat(1.0 / k), splat(1.0));
  return pick(abs(v) < 0.5, v * v * 0.5 * series, exp_full(v) - 1.0 - v);
}

template <class T> static INLINE vd expm1_of(vd v) {
  if constexpr (is_same<T, f64>) return each_lane(v, [](f64 x) { return __builtin_expm1(x); });
  else return expm1(v);
}

// e^v may leave float64 beyond.
constexpr f64 GREATEST_GROWTH = 600;

template <class T> struct DivergenceRow {
  const T *x, *t;
  i64 n;
  f64 *mass, *v;  // e^(t - max) and v, with room for whole vectors
  f64 loss, total, top, other_top;
  bool excluded, plain;
};

// log of the sum of e^x over the classes that are excluded, or that are not.
template <class T> static f64 log_sum_where(const DivergenceRow<T>& r, bool excluded) {
  f64 most = -INF, sum = 0;
  for (i64 i = 0; i < r.n; i++)
    if ((r.t[i] == -INF) == excluded && r.x[i] > most) most = r.x[i];
  if (most == -INF) return most;
  for (i64 i = 0; i < r.n; i++)
    if ((r.t[i] == -INF) == excluded) sum += __builtin_exp(static_cast<f64>(r.x[i]) - most);
  return most + __builtin_log(sum);
}

// What the mass of excluded classes costs.
template <class T> static f64 excluded_cost(const DivergenceRow<T>& r) {
  const f64 d = log_sum_where(r, true) - log_sum_where(r, false);
  return d > 0 ? d + __builtin_log1p(__builtin_exp(-d)) : __builtin_log1p(__builtin_exp(d));
}

template <class T> static INLINE void measure(DivergenceRow<T>& r) {
  r.top = row_max(r.t, r.n);
  r.other_top = row_max(r.x, r.n);
  vd total{}, moment{}, growth{}, most{};
  vl none{};
  for (i64 i = 0; i < r.n; i += DL) {
    const vl inside = (vl)first_lanes<f64>(r.n - i);
    const vd t = load_as<f64>(r.t + i), x = load_as<f64>(r.x + i);
    const vl out = (vl)(t == -INF), meant = inside & ~out;
    const vd d = t - r.top, e = pick(meant & ~(vl)(d < -708.0), exp_full(d), vd{});
    // One rounding, and none of float32 numbers. A class too improbable for float64 has no part in the mean.
    const vd w = pick(meant, x - t, vd{});
    none |= out & inside;
    store(r.mass + i, e);
    store(r.v + i, w);
    total += e;
    moment += pick(e == 0.0, vd{}, e * w);
  }
  r.total = sum_lanes(total);
  r.excluded = any(none);
  const f64 mean = sum_lanes(moment) / r.total;
  for (i64 i = 0; i < r.n; i += DL) {
    const vl meant = (vl)first_lanes<f64>(r.n - i) & ~(vl)(load_as<f64>(r.t + i) == -INF);
    const vd e = load(r.mass + i);
    const vd v = pick(meant, load(r.v + i) - mean, vd{});
    store(r.v + i, v);
    most = pick(v > most, v, most);
    growth += pick(e == 0.0, vd{}, e * beyond_line(v));
  }
  const f64 excess = sum_lanes(growth) / r.total;
  r.plain = is_finite(r.top) && is_finite(r.other_top) && is_finite(mean) && is_finite(excess) && !any((vl)(most > GREATEST_GROWTH));
  if (r.plain) r.loss = __builtin_log1p(excess);
  else if (!is_finite(r.top) || !is_finite(r.other_top)) r.loss = NOT_A_NUMBER;
  else if (mean == -INF) r.loss = INF;
  else r.loss = log_sum_where(r, false) - r.top - __builtin_log(r.total) - mean;
  if (r.excluded && r.loss == r.loss) r.loss += excluded_cost(r);
}

// dx = (q - p) g, dt = p (log p - log q - loss) g = -p v g; null where not wanted.
template <class T> static INLINE void slopes(const DivergenceRow<T>& r, T* dx, T* dt, f64 g) {
  // Of no number every gradient is none.
  const vd factor = splat(g / r.total), none = splat(r.loss == r.loss ? 0.0 : r.loss);
  if (dt != nullptr)
    for (i64 i = 0; i < r.n; i += DL) {
      const vd v = load(r.v + i);
      store_first(dt + i, pick(v - v == 0.0, -(load(r.mass + i) * v * factor), none), min_of(r.n - i, DL));
    }
  if (dx == nullptr) return;
  if (r.plain && !r.excluded) {
    for (i64 i = 0; i < r.n; i += DL)
      store_first(dx + i, load(r.mass + i) * expm1_of<T>(load(r.v + i) - r.loss) * factor, min_of(r.n - i, DL));
    return;
  }
  f64 sum = 0;
  for (i64 i = 0; i < r.n; i++) sum += __builtin_exp(static_cast<f64>(r.x[i]) - r.other_top);
  for (i64 i = 0; i < r.n; i++) {
    const f64 p = r.mass[i] / r.total, q = __builtin_exp(static_cast<f64>(r.x[i]) - r.other_top) / sum;
    const f64 u = r.v[i] - r.loss;
    dx[i] = static_cast<T>(g * (p > 0 && __builtin_fabs(u) < 1 ? p * __builtin_expm1(u) : q - p));
  }
}

// The divergence of each of `outer` rows of n to `rows`, gradients times scale (one for each row) to dx and dt; null where not wanted.
// `scratch` has room for blocks * 2 * (n + DL) values.
KERNEL(softmax_divergence, FLOATS, (const T* x, const T* t, const f64* scale, f64* rows, T* dx, T* dt, f64* scratch, i64 blocks, i64 outer, i64 n)) {
  const i64 size = ceil_div(outer, blocks);
  parallel_for(blocks, 6 * static_cast<f64>(outer * n), [=](i64 block, i64) {
    f64* mass = scratch + block * 2 * (n + DL);
    for (i64 o = block * size; o < min_of(outer, (block + 1) * size); o++) {
      DivergenceRow<T> r{x + o * n, t + o * n, n, mass, mass + n + DL, 0, 0, 0, 0, false, false};
      measure(r);
      if (rows != nullptr) rows[o] = r.loss;
      if (dx != nullptr || dt != nullptr) slopes(r, dx != nullptr ? dx + o * n : nullptr, dt != nullptr ? dt + o * n : nullptr, scale[o]);
    }
  });
}

}  // namespace NSP
