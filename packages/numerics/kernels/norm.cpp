#include "common/elements.h"
#include "common/rows.h"

namespace NSP {

// Normalisation: y = (x - mean) / sqrt(var + eps) * weight + bias, statistics and formula in float64, rounded once.
//
// Rows (layer, group and instance norm): statistics of each of `rows` contiguous rows of n. With channels = 0 weight and bias have n
// elements; else a row holds `channels` runs of n / channels elements, and row r's weights begin at (r % groups) * channels.

constexpr f64 NS_PER_NORM = 0.4;

// How many lanes of a vector count: all of them, known to the compiler, or the first few.
struct Whole {};
struct Part {
  i64 count;
};

// Runs one(position, lanes) over [0, n) in vectors of DL; the last may be partial.
template <class F> static INLINE void each_vector(i64 n, const F& one) {
  i64 i = 0;
  for (; i + DL <= n; i += DL) one(i, Whole{});
  if (i < n) one(i, Part{n - i});
}

static INLINE vd only_first(vd v, i64 count) { return count == DL ? v : select(first_lanes<f64>(count), v, vd{}); }
static INLINE vd only(vd v, Whole) { return v; }
static INLINE vd only(vd v, Part p) { return select(first_lanes<f64>(p.count), v, vd{}); }
template <class T> static INLINE void put(T* p, vd v, Whole) { store_as(p, v); }
template <class T> static INLINE void put(T* p, vd v, Part lanes) { store_first(p, v, lanes.count); }

template <class T> static INLINE f64 sum_of(const T* x, i64 n) {
  vd a{}, b{};
  i64 i = 0;
  for (; i + 2 * DL <= n; i += 2 * DL) {
    a += load_as<f64>(x + i);
    b += load_as<f64>(x + i + DL);
  }
  for (; i < n; i += DL) a += only_first(load_as<f64>(x + i), min_of(n - i, DL));
  return sum_lanes(a + b);
}

template <class T> static INLINE f64 squares_around(const T* x, i64 n, f64 mean) {
  const vd m = splat(mean);
  vd a{}, b{};
  i64 i = 0;
  for (; i + 2 * DL <= n; i += 2 * DL) {
    const vd p = load_as<f64>(x + i) - m, q = load_as<f64>(x + i + DL) - m;
    a += p * p;
    b += q * q;
  }
  for (; i < n; i += DL) {
    const vd p = only_first(load_as<f64>(x + i) - m, min_of(n - i, DL));
    a += p * p;
  }
  return sum_lanes(a + b);
}

// y = (x - m) a + b with one factor for the whole run.
template <class T> static INLINE void affine_run(const T* x, T* y, i64 n, f64 mean, f64 factor, f64 bias) {
  const vd m = splat(mean), a = splat(factor), b = splat(bias);
  each_vector(n, [=](i64 i, auto lanes) __attribute__((always_inline)) { put(y + i, (load_as<f64>(x + i) - m) * a + b, lanes); });
}

template <class T> static INLINE f64 at_or(const T* p, i64 i, f64 otherwise) { return p != nullptr ? static_cast<f64>(p[i]) : otherwise; }

KERNEL(norm_rows, FLOATS, (const T* x, const T* weight, const T* bias, T* y, f64* mean, f64* rstd, i64 rows, i64 n, i64 groups, i64 channels, f64 eps)) {
  const f64 ns = NS_PER_NORM * static_cast<f64>(n) + 10;
  parallel_range(rows, max_of<i64>(1, static_cast<i64>(20000 / ns)), ns, [=](i64 from, i64 to, i64) {
    for (i64 r = from; r < to; r++) {
      const T* row = x + r * n;
      T* out = y + r * n;
      const f64 m = sum_of(row, n) / static_cast<f64>(n);
      const f64 s = 1 / __builtin_sqrt(squares_around(row, n, m) / static_cast<f64>(n) + eps);
      mean[r] = m;
      rstd[r] = s;
      if (channels > 0) {
        const i64 run = n / channels;
        for (i64 c = 0; c < channels; c++) {
          const i64 k = (r % groups) * channels + c;
          affine_run(row + c * run, out + c * run, run, m, s * at_or(weight, k, 1), at_or(bias, k, 0));
        }
      } else if (weight == nullptr && bias == nullptr) {
        affine_run(row, out, n, m, s, 0);
      } else {
        const vd mv = splat(m), sv = splat(s);
        each_vector(n, [=](i64 i, auto lanes) __attribute__((always_inline)) {
          vd v = (load_as<f64>(row + i) - mv) * sv;
          if (weight != nullptr) v = v * load_as<f64>(weight + i);
          if (bias != nullptr) v = v + load_as<f64>(bias + i);
          put(out + i, v, lanes);
        });
      }
    }
  });
}

// Sums over a run: of g = dy and of g (x - mean), before any factor.
struct RunSums {
  f64 g, gx;
};

template <class T> static INLINE RunSums run_sums(const T* x, const T* dy, i64 n, f64 mean) {
  const vd m = splat(mean);
  vd g{}, gx{};
  for (i64 i = 0; i < n; i += DL) {
    const vd d = only_first(load_as<f64>(dy + i), min_of(n - i, DL));
    g += d;
    gx += d * only_first(load_as<f64>(x + i) - m, min_of(n - i, DL));
  }
  return {sum_lanes(g), sum_lanes(gx)};
}

// dx = dy a - (x - m) b - c
template <class T> static INLINE void grad_run(const T* x, const T* dy, T* dx, i64 n, f64 mean, f64 a, f64 b, f64 c) {
  const vd m = splat(mean), av = splat(a), bv = splat(b), cv = splat(c);
  each_vector(n, [=](i64 i, auto lanes) __attribute__((always_inline)) {
    put(dx + i, load_as<f64>(dy + i) * av - (load_as<f64>(x + i) - m) * bv - cv, lanes);
  });
}

// One row with weights by element; adds to dw and db (null: not wanted).
template <class T>
static INLINE void layer_grad_row(const T* x, const T* dy, const T* weight, T* dx, f64* dw, f64* db, i64 n, f64 mean, f64 rstd) {
  const vd m = splat(mean), s = splat(rstd);
  vd g{}, gh{};
  each_vector(n, [&](i64 i, auto lanes) __attribute__((always_inline)) {
    const vd d = only(load_as<f64>(dy + i), lanes);
    const vd h = only((load_as<f64>(x + i) - m) * s, lanes);
    const vd w = weight != nullptr ? only(d * load_as<f64>(weight + i), lanes) : d;
    g += w;
    gh += w * h;
    if (dw != nullptr) {
      store(dw + i, load(dw + i) + d * h);
      store(db + i, load(db + i) + d);
    }
  });
  if (dx == nullptr) return;
  const f64 inverse = 1 / static_cast<f64>(n);
  const vd gm = splat(sum_lanes(g) * inverse), ghm = splat(sum_lanes(gh) * inverse);
  each_vector(n, [=](i64 i, auto lanes) __attribute__((always_inline)) {
    const vd d = load_as<f64>(dy + i), h = (load_as<f64>(x + i) - m) * s;
    const vd w = weight != nullptr ? d * load_as<f64>(weight + i) : d;
    put(dx + i, (w - gm - h * ghm) * s, lanes);
  });
}

// One row with weights by channel, channels of the row starting at `first`.
template <class T>
static INLINE void group_grad_row(const T* x, const T* dy, const T* weight, T* dx, f64* dw, f64* db, i64 n, i64 channels, i64 first, f64 mean, f64 rstd) {
  const i64 run = n / channels;
  f64 g = 0, gx = 0;
  for (i64 c = 0; c < channels; c++) {
    const RunSums s = run_sums(x + c * run, dy + c * run, run, mean);
    const f64 w = at_or(weight, first + c, 1);
    g += s.g * w;
    gx += s.gx * w;
    if (dw == nullptr) continue;
    dw[first + c] += s.gx * rstd;
    db[first + c] += s.g;
  }
  if (dx == nullptr) return;
  const f64 inverse = 1 / static_cast<f64>(n);
  for (i64 c = 0; c < channels; c++) {
    const f64 a = rstd * at_or(weight, first + c, 1);
    grad_run(x + c * run, dy + c * run, dx + c * run, run, mean, a, gx * inverse * rstd * rstd * rstd, g * inverse * rstd);
  }
}

// Gradients; dx, or dweight and dbias together, may be null. `partial`: blocks * 2 * (number of weights + DL) values. Rows fall into `blocks`
// blocks, whose sums are added in order.
KERNEL(norm_rows_grad, FLOATS, (const T* x, const T* dy, const T* weight, const f64* mean, const f64* rstd, T* dx, T* dweight, T* dbias, f64* partial, i64 blocks, i64 rows, i64 n, i64 groups, i64 channels)) {
  const i64 weights = channels > 0 ? groups * channels : n;
  const i64 stride = weights + DL;
  const i64 size = ceil_div(rows, blocks);
  const bool sums = dweight != nullptr;
  parallel_for(blocks, 2 * NS_PER_NORM * static_cast<f64>(rows * n), [=](i64 block, i64) {
    f64* dw = sums ? partial + block * 2 * stride : nullptr;
    f64* db = sums ? dw + stride : nullptr;
    for (i64 i = 0; sums && i < 2 * stride; i++) dw[i] = 0;
    for (i64 r = block * size; r < min_of(rows, (block + 1) * size); r++) {
      T* out = dx != nullptr ? dx + r * n : nullptr;
      if (channels > 0) group_grad_row(x + r * n, dy + r * n, weight, out, dw, db, n, channels, (r % groups) * channels, mean[r], rstd[r]);
      else layer_grad_row(x + r * n, dy + r * n, weight, out, dw, db, n, mean[r], rstd[r]);
    }
  });
  for (i64 i = 0; sums && i < weights; i++) {
    f64 w = 0, b = 0;
    for (i64 block = 0; block < blocks; block++) {
      w += partial[block * 2 * stride + i];
      b += partial[block * 2 * stride + stride + i];
    }
    dweight[i] = static_cast<T>(w);
    dbias[i] = static_cast<T>(b);
  }
}

// --- batch norm over x [batch, channels, inner]: statistics of each channel ----------------------------------------------

// Calls use(first channel, how many) for single channels (inner > 1) or vectors of them (inner = 1).
template <class F> static INLINE void each_channel(i64 batch, i64 channels, i64 inner, f64 ns, const F& use) {
  const i64 step = inner == 1 ? DL : 1;
  const f64 cost = ns * static_cast<f64>(batch * inner * step);
  parallel_range(ceil_div(channels, step), max_of<i64>(1, static_cast<i64>(15000 / (cost + 1))), cost, [=](i64 from, i64 to, i64) {
    for (i64 c = from * step; c < min_of(channels, to * step); c += step) use(c, min_of(channels - c, step));
  });
}

KERNEL(batch_norm_stats, FLOATS, (const T* x, f64* mean, f64* var, i64 batch, i64 channels, i64 inner)) {
  const f64 count = static_cast<f64>(batch * inner);
  each_channel(batch, channels, inner, 0.25, [=](i64 c, i64 width) {
    if (inner == 1) {
      vd s{}, q{};
      for (i64 b = 0; b < batch; b++) s += load_as<f64>(x + b * channels + c);
      const vd m = s / splat(count);
      for (i64 b = 0; b < batch; b++) {
        const vd d = load_as<f64>(x + b * channels + c) - m;
        q += d * d;
      }
      store_first(mean + c, m, width);
      store_first(var + c, q / splat(count), width);
      return;
    }
    f64 s = 0, q = 0;
    for (i64 b = 0; b < batch; b++) s += sum_of(x + (b * channels + c) * inner, inner);
    const f64 m = s / count;
    for (i64 b = 0; b < batch; b++) q += squares_around(x + (b * channels + c) * inner, inner, m);
    mean[c] = m;
    var[c] = q / count;
  });
}

// Statistics kept by a layer, as float64.
KERNEL(batch_norm_running, FLOATS, (const T* running_mean, const T* running_var, f64* mean, f64* var, i64 channels)) {
  for (i64 c = 0; c < channels; c++) {
    mean[c] = static_cast<f64>(running_mean[c]);
    var[c] = static_cast<f64>(running_var[c]);
  }
}

// running = (1 - momentum) running + momentum batch; the variance unbiased.
KERNEL(batch_norm_update, FLOATS, (T* running_mean, T* running_var, const f64* mean, const f64* var, i64 channels, f64 momentum, f64 count)) {
  for (i64 c = 0; c < channels; c++) {
    const f64 unbiased = var[c] * (count / (count - 1));
    running_mean[c] = static_cast<T>((1 - momentum) * static_cast<f64>(running_mean[c]) + momentum * mean[c]);
    running_var[c] = static_cast<T>((1 - momentum) * static_cast<f64>(running_var[c]) + momentum * unbiased);
  }
}

static INLINE f64 inverse_root(f64 var, f64 eps) { return 1 / __builtin_sqrt(var + eps); }

KERNEL(batch_norm, FLOATS, (const T* x, const T* weight, const T* bias, const f64* mean, const f64* var, T* y, i64 batch, i64 channels, i64 inner, f64 eps)) {
  each_channel(batch, channels, inner, 0.25, [=](i64 c, i64 width) {
    vd m{}, a{}, s{};
    for (i64 k = 0; k < width; k++) {
      m[k] = mean[c + k];
      a[k] = inverse_root(var[c + k], eps) * at_or(weight, c + k, 1);
      s[k] = at_or(bias, c + k, 0);
    }
    for (i64 b = 0; b < batch; b++) {
      const i64 at = (b * channels + c) * inner;
      if (inner == 1) store_first(y + at, (load_as<f64>(x + at) - m) * a + s, width);
      else affine_run(x + at, y + at, inner, m[0], a[0], s[0]);
    }
  });
}

// `training`: the statistics are the batch's and take part in the gradient. dx, or dweight and dbias, may be null.
KERNEL(batch_norm_grad, FLOATS, (const T* x, const T* dy, const T* weight, const f64* mean, const f64* var, T* dx, T* dweight, T* dbias, i64 batch, i64 channels, i64 inner, f64 eps, i64 training)) {
  const f64 inverse = 1 / static_cast<f64>(batch * inner);
  each_channel(batch, channels, inner, 0.6, [=](i64 first, i64 width) {
    for (i64 c = first; c < first + width; c++) {
      const f64 m = mean[c], s = inverse_root(var[c], eps);
      f64 g = 0, gx = 0;
      for (i64 b = 0; b < batch; b++) {
        const i64 at = (b * channels + c) * inner;
        if (inner == 1) {
          g += static_cast<f64>(dy[at]);
          gx += static_cast<f64>(dy[at]) * (static_cast<f64>(x[at]) - m);
        } else {
          const RunSums sums = run_sums(x + at, dy + at, inner, m);
          g += sums.g;
          gx += sums.gx;
        }
      }
      if (dweight != nullptr) {
        dweight[c] = static_cast<T>(gx * s);
        dbias[c] = static_cast<T>(g);
      }
      if (dx == nullptr) continue;
      const f64 a = s * at_or(weight, c, 1);
      const f64 slope = training ? a * gx * inverse * s * s : 0, offset = training ? a * g * inverse : 0;
      for (i64 b = 0; b < batch; b++) {
        const i64 at = (b * channels + c) * inner;
        if (inner == 1) dx[at] = static_cast<T>(static_cast<f64>(dy[at]) * a - (static_cast<f64>(x[at]) - m) * slope - offset);
        else grad_run(x + at, dy + at, dx + at, inner, m, a, slope, offset);
      }
    }
  });
}

}  // namespace NSP
