#include "common/lanes.h"

namespace NSP {

// Pooling over planes [planes, h, w]. The numbers of a window travel as one list:
// h, w, output h, output w, kernel h, kernel w, stride h, stride w, padding h, padding w, dilation h, dilation w.
struct Window {
  i64 h, w, oh, ow, kh, kw, sh, sw, ph, pw, dh, dw;
  explicit Window(const Dims& d)
      : h(d[0]), w(d[1]), oh(d[2]), ow(d[3]), kh(d[4]), kw(d[5]), sh(d[6]), sw(d[7]), ph(d[8]), pw(d[9]), dh(d[10]), dw(d[11]) {}
  bool halves() const {
    return kh == 2 && kw == 2 && sh == 2 && sw == 2 && ph == 0 && pw == 0 && dh == 1 && dw == 1 && oh * 2 <= h && ow * 2 <= w;
  }
};

// Runs plane(index) for all planes in fixed groups.
template <class F> static INLINE void each_plane(i64 planes, f64 ns_per_plane, const F& plane) {
  const i64 group = max_of<i64>(1, static_cast<i64>(15000 / (ns_per_plane + 1)));
  parallel_range(planes, group, ns_per_plane, [=](i64 from, i64 to, i64) {
    for (i64 p = from; p < to; p++) plane(p);
  });
}

template <int... I> static INLINE vf even_lanes(vf x, vf y, seq<I...>) { return __builtin_shufflevector(x, y, (2 * I)...); }
template <int... I> static INLINE vf odd_lanes(vf x, vf y, seq<I...>) { return __builtin_shufflevector(x, y, (2 * I + 1)...); }

// One output row of 2 x 2 windows side by side. NaN wins, the first of equals is taken. Written in vectors because what wins is as random as
// the data, and branches on that cost more than all the rest. `room`: how far y and at may be written; what comes next is written later.
template <bool INDICES>
static INLINE void max_row_of_halves(const f32* above, const f32* below, f32* y, i32* at, i64 n, i64 room, i32 base, i32 width) {
  using S = make_seq<static_cast<int>(FL)>;
  for (i64 i = 0; i < n; i += FL) {
    const vf top0 = load(above + 2 * i), top1 = load(above + 2 * i + FL), low0 = load(below + 2 * i), low1 = load(below + 2 * i + FL);
    const vf a = even_lanes(top0, top1, S{}), b = odd_lanes(top0, top1, S{}), c = even_lanes(low0, low1, S{}), d = odd_lanes(low0, low1, S{});
    const vi right = (b > a) | (b != b), right_below = (d > c) | (d != d);
    const vf top = select(right, b, a), bottom = select(right_below, d, c);
    const vi lower = ((bottom > top) | (bottom != bottom)) & (top == top);
    const vf best = select(lower, bottom, top);
    const vi j = iota<vi>(S{}) * 2 + (base + static_cast<i32>(2 * i));
    // A mask is -1 where it holds.
    const vi place = j + (lower & (width - right_below)) - (~lower & right);
    if (i + FL <= room) {
      store(y + i, best);
      if (INDICES) *reinterpret_cast<vi_u*>(at + i) = place;
      continue;
    }
    for (i64 l = 0; i + l < n; l++) {
      y[i + l] = best[l];
      if (INDICES) at[i + l] = place[l];
    }
  }
}

template <bool INDICES>
static INLINE void max_row_of_halves(const f64* above, const f64* below, f64* y, i32* at, i64 n, i64, i32 base, i32 width) {
  for (i64 i = 0; i < n; i++) {
    const f64 a = above[2 * i], b = above[2 * i + 1], c = below[2 * i], d = below[2 * i + 1];
    const i32 j = base + static_cast<i32>(2 * i);
    const bool right = (b > a) | (b != b), right_below = (d > c) | (d != d);
    const f64 top = right ? b : a, bottom = right_below ? d : c;
    const bool lower = ((bottom > top) | (bottom != bottom)) & (top == top);
    y[i] = lower ? bottom : top;
    if (INDICES) at[i] = lower ? j + width + (right_below ? 1 : 0) : j + (right ? 1 : 0);
  }
}

template <class T> static INLINE void max_window(const Window& win, const T* x, i64 i, i64 j, T& best, i32& at) {
  const i64 top = i * win.sh - win.ph, left = j * win.sw - win.pw;
  bool first = true;
  for (i64 a = 0; a < win.kh; a++) {
    const i64 r = top + a * win.dh;
    if (r < 0 || r >= win.h) continue;
    for (i64 b = 0; b < win.kw; b++) {
      const i64 c = left + b * win.dw;
      if (c < 0 || c >= win.w) continue;
      const T v = x[r * win.w + c];
      if (first || v > best || (v != v && best == best)) {
        best = v;
        at = static_cast<i32>(r * win.w + c);
        first = false;
      }
    }
  }
}

// `at` may be null: where in its plane each maximum was found.
KERNEL(max_pool, FLOATS, (const T* x, T* y, i32* at, i64 planes, Dims window)) {
  const Window win(window);
  const i64 in = win.h * win.w, out = win.oh * win.ow;
  each_plane(planes, (win.halves() ? 0.6 : 1.5 * static_cast<f64>(win.kh * win.kw)) * static_cast<f64>(out), [=](i64 p) {
    const T* plane = x + p * in;
    for (i64 i = 0; i < win.oh; i++) {
      T* row = y + p * out + i * win.ow;
      i32* found = at != nullptr ? at + p * out + i * win.ow : nullptr;
      if (win.halves()) {
        const T* above = plane + 2 * i * win.w;
        const i32 base = static_cast<i32>(2 * i * win.w), width = static_cast<i32>(win.w);
        const i64 room = (win.oh - i) * win.ow;
        if (found != nullptr) max_row_of_halves<true>(above, above + win.w, row, found, win.ow, room, base, width);
        else max_row_of_halves<false>(above, above + win.w, row, found, win.ow, room, base, width);
        continue;
      }
      for (i64 j = 0; j < win.ow; j++) {
        T best = -static_cast<T>(__builtin_inf());
        i32 where = 0;
        max_window(win, plane, i, j, best, where);
        row[j] = best;
        if (found != nullptr) found[j] = where;
      }
    }
  });
}

// dx [planes, in] = 0, then dy [planes, out] added where the maxima were found.
KERNEL(max_pool_grad, FLOATS, (const T* dy, const i32* at, T* dx, i64 planes, i64 in, i64 out)) {
  each_plane(planes, 0.3 * static_cast<f64>(in) + static_cast<f64>(out), [=](i64 p) {
    T* to = dx + p * in;
    for (i64 i = 0; i < in; i++) to[i] = 0;
    for (i64 i = 0; i < out; i++) to[at[p * out + i]] += dy[p * out + i];
  });
}

// Its adjoint: y = x at the places.
KERNEL(max_pool_pick, FLOATS, (const T* x, const i32* at, T* y, i64 planes, i64 in, i64 out)) {
  each_plane(planes, static_cast<f64>(out), [=](i64 p) {
    for (i64 i = 0; i < out; i++) y[p * out + i] = x[p * in + at[p * out + i]];
  });
}

// The part of the plane that an average covers, and what its sum is divided by.
struct Region {
  i64 r0, r1, c0, c1;
  f64 divisor;
};

static INLINE Region average_region(const Window& win, i64 i, i64 j, bool include_padding, f64 divisor) {
  const i64 top = i * win.sh - win.ph, left = j * win.sw - win.pw;
  const i64 bottom = min_of(top + win.kh, win.h + win.ph), right = min_of(left + win.kw, win.w + win.pw);
  Region r{max_of<i64>(top, 0), min_of(bottom, win.h), max_of<i64>(left, 0), min_of(right, win.w), divisor};
  if (divisor == 0) {
    const i64 count = include_padding ? (bottom - top) * (right - left) : (r.r1 - r.r0) * (r.c1 - r.c0);
    r.divisor = static_cast<f64>(count);
  }
  return r;
}

// Output (i, j) of an adaptive pool: the rows from floor(i h / oh) to ceil((i + 1) h / oh), columns likewise.
static INLINE Region adaptive_region(const Window& win, i64 i, i64 j) {
  const Region r{i * win.h / win.oh, ceil_div((i + 1) * win.h, win.oh), j * win.w / win.ow, ceil_div((j + 1) * win.w, win.ow), 0};
  return {r.r0, r.r1, r.c0, r.c1, static_cast<f64>((r.r1 - r.r0) * (r.c1 - r.c0))};
}

template <class T> static INLINE T average_of(const T* plane, i64 width, const Region& r) {
  f64 sum = 0;
  for (i64 a = r.r0; a < r.r1; a++) {
    const T* row = plane + a * width;
    f64 part = 0;
    for (i64 b = r.c0; b < r.c1; b++) part += static_cast<f64>(row[b]);
    sum += part;
  }
  return static_cast<T>(sum / r.divisor);
}

template <class T> static INLINE void spread_over(T* plane, i64 width, const Region& r, T share) {
  for (i64 a = r.r0; a < r.r1; a++)
    for (i64 b = r.c0; b < r.c1; b++) plane[a * width + b] += share;
}

template <class T, class R> static INLINE void average(const Window& win, const T* x, T* y, i64 planes, f64 cost, const R& region) {
  each_plane(planes, cost, [=](i64 p) {
    for (i64 i = 0; i < win.oh; i++)
      for (i64 j = 0; j < win.ow; j++) y[(p * win.oh + i) * win.ow + j] = average_of(x + p * win.h * win.w, win.w, region(i, j));
  });
}

template <class T, class R> static INLINE void average_grad(const Window& win, const T* dy, T* dx, i64 planes, f64 cost, const R& region) {
  each_plane(planes, cost, [=](i64 p) {
    T* plane = dx + p * win.h * win.w;
    for (i64 i = 0; i < win.h * win.w; i++) plane[i] = 0;
    for (i64 i = 0; i < win.oh; i++) {
      for (i64 j = 0; j < win.ow; j++) {
        const Region r = region(i, j);
        spread_over(plane, win.w, r, static_cast<T>(static_cast<f64>(dy[(p * win.oh + i) * win.ow + j]) / r.divisor));
      }
    }
  });
}

// `divisor` 0: the window's own size. `back`: x is dy and y is dx.
KERNEL(avg_pool, FLOATS, (const T* x, T* y, i64 planes, Dims window, i64 include_padding, f64 divisor, i64 back)) {
  const Window win(window);
  const f64 cost = static_cast<f64>(win.oh * win.ow) * (4 + static_cast<f64>(win.kh * win.kw));
  const auto region = [=](i64 i, i64 j) { return average_region(win, i, j, include_padding != 0, divisor); };
  if (back) average_grad(win, x, y, planes, cost, region);
  else average(win, x, y, planes, cost, region);
}

KERNEL(adaptive_avg_pool, FLOATS, (const T* x, T* y, i64 planes, Dims window, i64 back)) {
  const Window win(window);
  const f64 cost = static_cast<f64>(win.oh * win.ow) * 4 + static_cast<f64>(win.h * win.w);
  const auto region = [=](i64 i, i64 j) { return adaptive_region(win, i, j); };
  if (back) average_grad(win, x, y, planes, cost, region);
  else average(win, x, y, planes, cost, region);
}

}  // namespace NSP
