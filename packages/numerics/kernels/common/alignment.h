#pragma once
// What losses share that sum over all alignments of frames with labels: CTC over a line of states, RNN-T over a grid. Both walk forwards (alpha) and
// backwards (beta) in float64 log space; the gradient with respect to a log-probability is minus the posterior probability of using it. With a direction `v`
// the same walks carry the derivative along v with them, which gives a product with the second derivatives.

#include "exact.h"
#include "rows.h"

namespace NSP {

// log(1 + x) for 0 <= x <= 2.
static INLINE vd log1p_to_two(vd x) {
  const Exponent e = split_exponent(splat(1.0) + x);
  return pick(x == x, log_full_of({e.n, pick(e.n == 0.0, x, e.f)}), x);
}

constexpr f64 LOWEST = -1.7976931348623157e308;

// log(e^a + e^b + e^c): the greatest apart, so that what it outweighs stays. Nothing but -inf gives -inf. NaN stays, because the three are only permuted.
static INLINE vd log_sum(vd a, vd b, vd c) {
  const vl first = (vl)(b > a);
  const vd high = pick(first, b, a), low = pick(first, a, b);
  const vl second = (vl)(c > high);
  const vd top = pick(second, c, high), middle = pick(second, high, c);
  const vd base = at_least(top, LOWEST);
  return top + log1p_to_two(exp_nonpositive<true>(low - base) + exp_nonpositive<true>(middle - base));
}

static INLINE f64 log_sum(f64 a, f64 b) {
  const f64 high = b > a ? b : a, low = b > a ? a : b;
  if (high == -INF) return high + low;
  return high + __builtin_log1p(exp_row_scalar(low - high));
}

// Share of `part` in a sum; 0 of nothing.
static INLINE f64 share(f64 part, f64 sum) { return part == -INF ? 0 : exp_row_scalar(part - sum); }
static INLINE vd share(vd part, vd sum) { return exp_nonpositive<true>(part - at_least(sum, LOWEST)); }

// The softmax of a row: what turns its logits into log-probabilities. Log-probabilities themselves have max and log_sum 0.
struct RowSoftmax {
  f64 max, others, log_sum;
  f64 mean;  // of the direction, under the softmax

  f64 log_probability(f64 x) const {
    if (max == INF) return x == INF ? 0 : -INF;
    return -((max - x) + log_sum);
  }
};

// Statistics of a row of logits, its exponentials relative to the maximum stored in `e` if that is not null.
template <class T> static INLINE RowSoftmax row_softmax(const T* x, i64 n, T* e) {
  const f64 max = row_max(x, n);
  if (is_finite(max)) {
    const RowStats s = row_stats<true>(x, n, max, e);
    return {max, s.others, __builtin_log1p(s.others), 0};
  }
  const SpecialRow r = special_row(x, n, 1);
  if (e != nullptr)
    for (i64 c = 0; c < n; c++) e[c] = static_cast<T>(r.nan ? NOT_A_NUMBER : c == r.winner);
  return r.nan ? RowSoftmax{0, NOT_A_NUMBER, NOT_A_NUMBER, 0} : RowSoftmax{max, 0, 0, 0};
}

// Mean of v under the softmax of x. Where a probability is 0 the direction does not count.
template <class T> static f64 mean_direction(const T* x, const T* v, i64 n, const RowSoftmax& row) {
  f64 sum = 0;
  for (i64 c = 0; c < n; c++) {
    const f64 p = exp_row_scalar(row.log_probability(x[c]));
    if (p != 0) sum += p * static_cast<f64>(v[c]);
  }
  return sum;
}

template <class T> static INLINE void fill_row(T* y, i64 n, f64 value) {
  for (i64 i = 0; i < n; i++) y[i] = static_cast<T>(value);
}

}  // namespace NSP
