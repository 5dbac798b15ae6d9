#pragma once
// Softmax statistics of rows: the maximum, and the sum of the other exponentials relative to it. Keeping "the others" apart from
// the maximum's own 1 is what lets a confident prediction keep its loss and gradient: log(1 + s) = log1p(s), 1 - p = s / (1 + s).

#include "elements.h"

namespace NSP {

// e^d for d <= 0 (NaN stays NaN): 0 below -708. Relative error 2^-32 (8 fewer bits than float32 can tell), or 2^-53 if EXACT.
// d = n ln2 + r, |r| <= ln2 / 2; minimax polynomial in r; the integer n is added to the exponent's bits. Unlike exact.h's exp it is
// exactly 1 at 0, so that the maximum's own exponential can be taken off a sum again, and it needs no clamping above.
template <bool EXACT> static INLINE vd exp_nonpositive(vd d) {
  const vd magic = splat(6755399441055744.0);  // 1.5 * 2^52: adding it rounds to an integer that sits in the low bits
  const vd t = fma(d, splat(1.4426950408889634), magic);
  const vd n = t - magic;
  vd r, p;
  if constexpr (EXACT) {
    r = fma(n, splat(-0x1.62e42fefa38p-1), d);  // ln2 in two parts: the first has trailing zeros, so that n times it is exact
    const vd tail = n * splat(-0x1.ef35793c7673p-45);
    const vd s = r + tail;
    const vd lost = (r - s) + tail;
    r = s;
    p = splat(2.5000056708160521483e-8);
    p = fma(p, r, splat(2.763024799015508457e-7));
    p = fma(p, r, splat(2.7557586388432950993e-6));
    p = fma(p, r, splat(0.000024801493100070981401));
    p = fma(p, r, splat(0.00019841269506565711109));
    p = fma(p, r, splat(0.0013888888943628944678));
    p = fma(p, r, splat(0.0083333333334944643549));
    p = fma(p, r, splat(0.041666666666530163));
    p = fma(p, r, splat(0.16666666666666412527));
    p = fma(p, r, splat(0.50000000000000106266));
    p = fma(p * r, r, lost) + r + splat(1.0);
  } else {
    r = fma(n, splat(-0.6931471805599453), d);
    p = splat(0.000173787669124875348);
    p = fma(p, r, splat(0.00139410495982604895));
    p = fma(p, r, splat(0.00833858019910159519));
    p = fma(p, r, splat(0.0416663538114384212));
    p = fma(p, r, splat(0.166666351487681181));
    p = fma(p, r, splat(0.500000004683368352));
    p = fma(p, r, splat(1.00000000470211245));
    p = fma(p, r, splat(1.0));
  }
  const vd e = (vd)((vl)p + ((vl)t << 52));
  const vl keep = ~(vl)(d < splat(-708.0));
  return (vd)((vl)e & keep);
}

template <class T> static INLINE vd exp_row(vd d) { return exp_nonpositive<is_same<T, f64>>(d); }

constexpr f64 NS_PER_EXP = 0.7;

static INLINE f64 exp_row_scalar(f64 d) { return d < -745.2 ? 0 : __builtin_exp(d); }

// Stores what fits T; the whole vector.
static INLINE void store_as(f32* p, vd v) { store_half(p, narrow(v)); }
static INLINE void store_as(f64* p, vd v) { store(p, v); }

// The first n lanes.
template <class T> static INLINE void store_first(T* p, vd v, i64 n) {
  if (n == DL) return store_as(p, v);
  for (i64 i = 0; i < n; i++) p[i] = static_cast<T>(v[i]);
}

static INLINE f64 sum_lanes(vd v) {
  f64 lane[DL];
  for (i64 i = 0; i < DL; i++) lane[i] = v[i];
  for (i64 width = DL / 2; width > 0; width /= 2)
    for (i64 i = 0; i < width; i++) lane[i] += lane[i + width];
  return lane[0];
}

// What a row's softmax needs. `others` leaves out one occurrence of the maximum, whose exponential is exactly 1.
struct RowStats {
  f64 max;
  f64 others;
};

// Largest element of a contiguous row; unspecified if it has NaN (whose exponential then poisons the sum).
template <class T> static INLINE T row_max(const T* x, i64 n) {
  using V = vec_of<T>;
  constexpr i64 L = lanes_of<T>;
  const V lowest = splat_of<T>(-static_cast<T>(__builtin_inf()));
  V a = lowest, b = lowest, c = lowest, d = lowest;
  i64 i = 0;
  for (; i + 4 * L <= n; i += 4 * L) {
    const V p = load(x + i), q = load(x + i + L), r = load(x + i + 2 * L), s = load(x + i + 3 * L);
    a = a > p ? a : p;
    b = b > q ? b : q;
    c = c > r ? c : r;
    d = d > s ? d : s;
  }
  for (; i + L <= n; i += L) {
    const V p = load(x + i);
    a = a > p ? a : p;
  }
  if (i < n) {
    const V p = select(first_lanes<T>(n - i), load(x + i), lowest);
    b = b > p ? b : p;
  }
  a = a > b ? a : b;
  c = c > d ? c : d;
  a = a > c ? a : c;
  T best = a[0];
  for (i64 k = 1; k < L; k++) best = best > a[k] ? best : a[k];
  return best;
}

// Sum of e^(x - max) over a contiguous row, each exponential also stored in `e` if that is not null.
// WITHOUT_MAX leaves out the elements equal to the maximum.
template <bool EXACT, bool WITHOUT_MAX, class T> static INLINE f64 row_exponentials(const T* x, i64 n, f64 max, T* e) {
  const vd m = splat(max);
  vd s0{}, s1{}, s2{}, s3{};
  i64 i = 0;
  const auto one = [&](i64 at) __attribute__((always_inline)) {
    const vd d = load_as<f64>(x + at) - m;
    vd v = exp_nonpositive<EXACT>(d);
    if (WITHOUT_MAX) v = select((vl)(d == vd{}), vd{}, v);
    return v;
  };
  for (; i + 4 * DL <= n; i += 4 * DL) {
    const vd v0 = one(i), v1 = one(i + DL), v2 = one(i + 2 * DL), v3 = one(i + 3 * DL);
    if (e != nullptr) {
      store_as(e + i, v0);
      store_as(e + i + DL, v1);
      store_as(e + i + 2 * DL, v2);
      store_as(e + i + 3 * DL, v3);
    }
    s0 += v0;
    s1 += v1;
    s2 += v2;
    s3 += v3;
  }
  for (; i + DL <= n; i += DL) {
    const vd v = one(i);
    if (e != nullptr) store_as(e + i, v);
    s0 += v;
  }
  if (i < n) {
    const vd v = select(first_lanes<f64>(n - i), one(i), vd{});
    if (e != nullptr) store_first(e + i, v, n - i);
    s1 += v;
  }
  return sum_lanes((s0 + s1) + (s2 + s3));
}

// The sum of a row of exponentials without the one that is 1: of a row whose logits they have replaced.
template <class T> static NOINLINE f64 row_sum_below_one(const T* e, i64 n) {
  f64 sum = 0;
  for (i64 i = 0; i < n; i++) sum += e[i] == 1 ? 0 : static_cast<f64>(e[i]);
  return sum;
}

// Below this, subtracting the maximum's 1 from the sum would cost bits that float32 shows.
constexpr f64 DOMINATED = 0x1p-16;

// Statistics of a contiguous row whose maximum is finite, the exponentials stored in `e` if it is not null.
template <bool EXACT, class T> static INLINE RowStats row_stats(const T* x, i64 n, f64 max, T* e) {
  constexpr bool WIDE = EXACT || is_same<T, f64>;
  const f64 sum = row_exponentials<WIDE, false>(x, n, max, e);
  f64 others = sum - 1;
  if (others < (is_same<T, f64> ? 0.5 : DOMINATED)) {
    // A second maximum would have made the sum 2 or more.
    if (e == x && e != nullptr) return {max, row_sum_below_one(e, n)};
    others = row_exponentials<WIDE, true>(x, n, max, static_cast<T*>(nullptr));
  }
  return {max, others};
}

// --- columns: `inner` > 1. One lane is one row of the softmax -------------------------------------------------------------

struct ColumnStats {
  vd max;
  vd others;
};

// Statistics of `width` <= DL neighbouring columns, the exponentials stored in `e` if it is not null.
template <bool EXACT, class T> static INLINE ColumnStats column_stats(const T* x, i64 n, i64 stride, T* e, i64 width) {
  vd max = splat(-__builtin_inf());
  for (i64 c = 0; c < n; c++) {
    const vd v = load_as<f64>(x + c * stride);
    max = max > v ? max : v;
  }
  vd sum{}, equal{};
  for (i64 c = 0; c < n; c++) {
    const vd d = load_as<f64>(x + c * stride) - max;
    const vl top = (vl)(d == vd{});
    const vd v = exp_nonpositive<EXACT>(d);
    if (e != nullptr) store_first(e + c * stride, v, width);
    sum += select(top, vd{}, v);
    equal += select(top, splat(1.0), vd{});
  }
  return {max, sum + (equal - splat(1.0))};
}

// Runs rows(row pointer offset) for inner = 1, else columns(offset of the first element, columns), in fixed blocks.
template <class R, class C>
static INLINE void each_row(i64 outer, i64 n, i64 inner, f64 ns_per_element, const R& row, const C& columns) {
  const f64 ns_row = ns_per_element * static_cast<f64>(n);
  if (inner == 1) {
    const i64 size = max_of<i64>(1, static_cast<i64>(20000 / (ns_row + 20)));
    parallel_range(outer, size, ns_row, [&](i64 from, i64 to, i64) {
      for (i64 o = from; o < to; o++) row(o);
    });
    return;
  }
  const i64 tiles = ceil_div(inner, DL);
  const i64 size = max_of<i64>(1, static_cast<i64>(20000 / (ns_row * DL + 20)));
  parallel_range(outer * tiles, size, ns_row * DL, [&](i64 from, i64 to, i64) {
    for (i64 task = from; task < to; task++) {
      const i64 o = task / tiles;
      const i64 j = (task - o * tiles) * DL;
      columns(o, j, min_of(inner - j, DL));
    }
  });
}

template <class T> static INLINE void scale_row(T* y, i64 n, f64 factor) {
  const vd f = splat(factor);
  i64 i = 0;
  for (; i + DL <= n; i += DL) store_as(y + i, load_as<f64>(y + i) * f);
  for (; i < n; i++) y[i] = static_cast<T>(static_cast<f64>(y[i]) * factor);
}

// Rows with an infinite or NaN maximum, by their limits, for any stride. One +inf takes probability 1; two or more, or nothing but
// -inf, have no limit and give NaN.
struct SpecialRow {
  f64 lse;
  i64 winner;  // the one +inf, or -1
  bool nan;    // probabilities are NaN
};

template <class T> static NOINLINE SpecialRow special_row(const T* x, i64 n, i64 stride) {
  const f64 inf = __builtin_inf();
  SpecialRow r{-inf, -1, true};
  i64 infinities = 0;
  for (i64 i = 0; i < n; i++) {
    const f64 v = x[i * stride];
    if (v != v) return {v, -1, true};
    if (v == inf) {
      r.winner = i;
      infinities++;
    }
  }
  if (infinities > 0) r.lse = inf;
  if (infinities == 1) r.nan = false;
  else r.winner = -1;
  return r;
}

static INLINE bool is_finite(f64 x) { return x - x == 0; }

}  // namespace NSP
