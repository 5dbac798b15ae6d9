#include "common/rows.h"

namespace NSP {

// Softmax, its logarithm and log-sum-exp along the middle of [outer, n, inner], with gradients. Sums and logarithms are float64.
// Contiguous rows (inner = 1) are walked along, others DL columns at a time.

template <class T> static INLINE void special_softmax(const T* x, T* y, i64 n, i64 stride, bool logarithm) {
  const SpecialRow r = special_row(x, n, stride);
  const T nan = static_cast<T>(__builtin_nan(""));
  const T none = logarithm ? -static_cast<T>(__builtin_inf()) : T(0);
  const T all = logarithm ? T(0) : T(1);
  for (i64 i = 0; i < n; i++) y[i * stride] = r.nan ? nan : i == r.winner ? all : none;
}

KERNEL(softmax, FLOATS, (const T* x, T* y, i64 outer, i64 n, i64 inner)) {
  each_row(
      outer, n, inner, NS_PER_EXP,
      [&](i64 o) {
        const T* row = x + o * n;
        T* out = y + o * n;
        const f64 max = row_max(row, n);
        if (!is_finite(max)) return special_softmax(row, out, n, 1, false);
        const RowStats s = row_stats<false>(row, n, max, out);
        scale_row(out, n, 1 / (1 + s.others));
      },
      [&](i64 o, i64 j, i64 width) {
        const T* row = x + o * n * inner + j;
        T* out = y + o * n * inner + j;
        const ColumnStats s = column_stats<is_same<T, f64>>(row, n, inner, static_cast<T*>(nullptr), width);
        const vd factor = splat(1.0) / (splat(1.0) + s.others);
        for (i64 c = 0; c < n; c++) {
          const vd v = exp_row<T>(load_as<f64>(row + c * inner) - s.max) * factor;
          store_first(out + c * inner, v, width);
        }
        for (i64 k = 0; k < width; k++)
          if (!is_finite(s.max[k])) special_softmax(row + k, out + k, n, inner, false);
      });
}

KERNEL(log_softmax, FLOATS, (const T* x, T* y, i64 outer, i64 n, i64 inner)) {
  each_row(
      outer, n, inner, NS_PER_EXP,
      [&](i64 o) {
        const T* row = x + o * n;
        T* out = y + o * n;
        const f64 max = row_max(row, n);
        if (!is_finite(max)) return special_softmax(row, out, n, 1, true);
        const f64 log_sum = __builtin_log1p(row_stats<false>(row, n, max, static_cast<T*>(nullptr)).others);
        const vd m = splat(max), l = splat(log_sum);
        i64 i = 0;
        // In this order a probability just below 1 gives -0 and not 0.
        for (; i + DL <= n; i += DL) store_as(out + i, -((m - load_as<f64>(row + i)) + l));
        for (; i < n; i++) out[i] = static_cast<T>(-((max - static_cast<f64>(row[i])) + log_sum));
      },
      [&](i64 o, i64 j, i64 width) {
        const T* row = x + o * n * inner + j;
        T* out = y + o * n * inner + j;
        const ColumnStats s = column_stats<is_same<T, f64>>(row, n, inner, static_cast<T*>(nullptr), width);
        vd log_sum{};
        for (i64 k = 0; k < width; k++) log_sum[k] = __builtin_log1p(s.others[k]);
        for (i64 c = 0; c < n; c++)
          store_first(out + c * inner, -((s.max - load_as<f64>(row + c * inner)) + log_sum), width);
        for (i64 k = 0; k < width; k++)
          if (!is_finite(s.max[k])) special_softmax(row + k, out + k, n, inner, true);
      });
}

// Where max and log(sum) nearly cancel, the fast exponential's error would show: such rows are evaluated again exactly.
static INLINE bool cancels(f64 lse) { return lse < 0x1p-7 && lse > -0x1p-7; }

KERNEL(log_sum_exp, FLOATS, (const T* x, T* y, i64 outer, i64 n, i64 inner)) {
  each_row(
      outer, n, inner, NS_PER_EXP,
      [&](i64 o) {
        const T* row = x + o * n;
        const f64 max = row_max(row, n);
        if (!is_finite(max)) {
          y[o] = static_cast<T>(special_row(row, n, 1).lse);
          return;
        }
        f64 lse = max + __builtin_log1p(row_stats<false>(row, n, max, static_cast<T*>(nullptr)).others);
        if (!is_same<T, f64> && cancels(lse))
          lse = max + __builtin_log1p(row_stats<true>(row, n, max, static_cast<T*>(nullptr)).others);
        y[o] = static_cast<T>(lse);
      },
      [&](i64 o, i64 j, i64 width) {
        const T* row = x + o * n * inner + j;
        const ColumnStats s = column_stats<true>(row, n, inner, static_cast<T*>(nullptr), width);
        for (i64 k = 0; k < width; k++) {
          const f64 lse = s.max[k] + __builtin_log1p(s.others[k]);
          y[o * inner + j + k] = static_cast<T>(is_finite(s.max[k]) ? lse : special_row(row + k, n, inner).lse);
        }
      });
}

// --- gradients -------------------------------------------------------------------------------------------------------

// Position of the largest element, the first of equals.
template <class T> static INLINE i64 winner_of(const T* y, i64 n, i64 stride) {
  i64 best = 0;
  for (i64 i = 1; i < n; i++) best = y[i * stride] > y[best * stride] ? i : best;
  return best;
}

// The winner's dy (the mean of several that are equal) without looking for its place.
template <class T> static INLINE f64 winner_gradient(const T* y, const T* dy, i64 n) {
  using V = vec_of<T>;
  constexpr i64 L = lanes_of<T>;
  const T max = row_max(y, n);
  const V top = splat_of<T>(max), one = splat_of<T>(T(1));
  V sum{}, count{};
  i64 i = 0;
  for (; i + L <= n; i += L) {
    const mask_of<T> m = (mask_of<T>)(load(y + i) == top);
    sum += select(m, load(dy + i), V{});
    count += select(m, one, V{});
  }
  f64 s = 0, c = 0;
  for (i64 k = 0; k < L; k++) {
    s += static_cast<f64>(sum[k]);
    c += static_cast<f64>(count[k]);
  }
  for (; i < n; i++) {
    if (!(y[i] == max)) continue;
    s += static_cast<f64>(dy[i]);
    c += 1;
  }
  return c > 0 ? s / c : 0;
}

// dx = y (dy - sum(y dy)), with dy taken relative to the winner's c: dx = y ((dy - c) - sum(y (dy - c))). The winner's own term is
// then 0 and not a difference of nearly equal numbers.
KERNEL(softmax_grad, FLOATS, (const T* y, const T* dy, T* dx, i64 outer, i64 n, i64 inner)) {
  each_row(
      outer, n, inner, 0.5,
      [&](i64 o) {
        const T* p = y + o * n;
        const T* g = dy + o * n;
        T* out = dx + o * n;
        const f64 c = winner_gradient(p, g, n);
        const vd cv = splat(c);
        vd s0{}, s1{};
        i64 i = 0;
        for (; i + 2 * DL <= n; i += 2 * DL) {
          s0 += load_as<f64>(p + i) * (load_as<f64>(g + i) - cv);
          s1 += load_as<f64>(p + i + DL) * (load_as<f64>(g + i + DL) - cv);
        }
        f64 sum = sum_lanes(s0 + s1);
        for (; i < n; i++) sum += static_cast<f64>(p[i]) * (static_cast<f64>(g[i]) - c);
        const vd sv = splat(sum);
        for (i = 0; i + DL <= n; i += DL) store_as(out + i, load_as<f64>(p + i) * ((load_as<f64>(g + i) - cv) - sv));
        for (; i < n; i++) out[i] = static_cast<T>(static_cast<f64>(p[i]) * ((static_cast<f64>(g[i]) - c) - sum));
      },
      [&](i64 o, i64 j, i64 width) {
        const i64 at = o * n * inner + j;
        vd c{};
        for (i64 k = 0; k < width; k++) c[k] = dy[at + k + winner_of(y + at + k, n, inner) * inner];
        vd sum{};
        for (i64 i = 0; i < n; i++) sum += load_as<f64>(y + at + i * inner) * (load_as<f64>(dy + at + i * inner) - c);
        for (i64 i = 0; i < n; i++) {
          const vd v = load_as<f64>(y + at + i * inner) * ((load_as<f64>(dy + at + i * inner) - c) - sum);
          store_first(dx + at + i * inner, v, width);
        }
      });
}

// One row of dx = dy - softmax(x) sum(dy), any stride. The winner's 1 - p is others / sum, not a difference.
template <class T>
static INLINE void log_softmax_grad_row(const T* x, const T* dy, T* dx, i64 n, i64 stride, f64 max, f64 others) {
  const f64 total = 1 + others;
  i64 winner = 0;
  while (winner < n - 1 && static_cast<f64>(x[winner * stride]) != max) winner++;
  f64 rest = 0;  // of dy, without the winner's
  for (i64 i = 0; i < n; i++) rest += i == winner ? 0 : static_cast<f64>(dy[i * stride]);
  const f64 own = dy[winner * stride];
  const f64 sum = rest + own;
  if (stride == 1) {
    const vd m = splat(max), s = splat(sum / total);
    i64 i = 0;
    for (; i + DL <= n; i += DL) store_as(dx + i, load_as<f64>(dy + i) - exp_row<T>(load_as<f64>(x + i) - m) * s);
    if (i < n) store_first(dx + i, load_as<f64>(dy + i) - exp_row<T>(load_as<f64>(x + i) - m) * s, n - i);
  } else {
    for (i64 i = 0; i < n; i++)
      dx[i * stride] = static_cast<T>(dy[i * stride] - exp_row_scalar(static_cast<f64>(x[i * stride]) - max) * (sum / total));
  }
  dx[winner * stride] = static_cast<T>((own * others - rest) / total);
}

template <class T>
static NOINLINE void special_log_softmax_grad(const T* x, const T* dy, T* dx, i64 n, i64 stride) {
  const SpecialRow r = special_row(x, n, stride);
  f64 sum = 0;
  for (i64 i = 0; i < n; i++) sum += static_cast<f64>(dy[i * stride]);
  for (i64 i = 0; i < n; i++) {
    const f64 p = r.nan ? __builtin_nan("") : i == r.winner ? 1 : 0;
    dx[i * stride] = static_cast<T>(static_cast<f64>(dy[i * stride]) - p * sum);
  }
}

KERNEL(log_softmax_grad, FLOATS, (const T* x, const T* dy, T* dx, i64 outer, i64 n, i64 inner)) {
  each_row(
      outer, n, inner, 2 * NS_PER_EXP,
      [&](i64 o) {
        const i64 at = o * n;
        const f64 max = row_max(x + at, n);
        if (!is_finite(max)) return special_log_softmax_grad(x + at, dy + at, dx + at, n, 1);
        const RowStats s = row_stats<false>(x + at, n, max, static_cast<T*>(nullptr));
        log_softmax_grad_row(x + at, dy + at, dx + at, n, 1, max, s.others);
      },
      [&](i64 o, i64 j, i64 width) {
        const i64 at = o * n * inner + j;
        const ColumnStats s = column_stats<is_same<T, f64>>(x + at, n, inner, static_cast<T*>(nullptr), width);
        for (i64 k = 0; k < width; k++) {
          if (is_finite(s.max[k]))
            log_softmax_grad_row(x + at + k, dy + at + k, dx + at + k, n, inner, s.max[k], s.others[k]);
          else special_log_softmax_grad(x + at + k, dy + at + k, dx + at + k, n, inner);
        }
      });
}

}  // namespace NSP
