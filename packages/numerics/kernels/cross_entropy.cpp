#include "common/rows.h"

namespace NSP {

// Softmax cross entropy over the middle of x [outer, n, inner], one row for each of the outer * inner positions, and its gradient in the
// same pass: every exponential is evaluated once, is kept where the gradient will stand, and is scaled there.

// What one row needs besides its logits. `mass` of class c is weight[c] * q[c], q the target distribution.
template <class T> struct CrossEntropyRow {
  const T* weight;        // of the classes, or null for 1
  const T* probability;   // the target distribution with the logits' stride, or null for class `target`
  i64 target;
  f64 smoothing;          // share of the target spread over all classes
  i64 n, stride;

  f64 weight_of(i64 c) const { return weight != nullptr ? static_cast<f64>(weight[c]) : 1; }
  bool plain() const { return probability == nullptr && smoothing == 0; }
  f64 mass(i64 c) const {
    const f64 q = probability != nullptr ? static_cast<f64>(probability[c * stride]) : c == target ? 1 : 0;
    return weight_of(c) * ((1 - smoothing) * q + smoothing / static_cast<f64>(n));
  }
};

// What the loss needs of the logits themselves. Read before the exponentials are written, because they may be written over the logits.
struct CrossEntropyHead {
  f64 distance;  // of the target from the maximum, or the sum of mass * distance
  f64 total;     // the row's mass
  i64 winner;    // the first maximum; -1 where it is not asked for
};

template <class T> static INLINE CrossEntropyHead row_head(const CrossEntropyRow<T>& row, const T* x, f64 max) {
  if (row.plain()) return {max - static_cast<f64>(x[row.target * row.stride]), row.weight_of(row.target), -1};
  CrossEntropyHead head{0, 0, -1};
  for (i64 c = 0; c < row.n; c++) {
    const f64 m = row.mass(c);
    const f64 distance = max - static_cast<f64>(x[c * row.stride]);
    if (distance == 0 && head.winner < 0) head.winner = c;
    head.total += m;
    // 0 * log 0 = 0, as in entropy.
    if (m != 0) head.distance += m * distance;
  }
  return head;
}

// Class index without smoothing. `e` holds the exponentials if the gradient is wanted, and then the gradient times `factor`.
template <class T>
static INLINE f64 plain_row(const CrossEntropyRow<T>& row, const CrossEntropyHead& head, T* e, f64 factor, f64 others) {
  const f64 w = head.total, distance = head.distance;
  if (e != nullptr) {
    const f64 f = factor * w / (1 + others);
    if (row.stride == 1) scale_row(e, row.n, f);
    // p - 1 = -(sum of all the others) / sum; for the winner `others` is just that.
    const f64 rest = distance == 0 ? others : (1 + others) - exp_row<T>(splat(-distance))[0];
    e[row.target * row.stride] = static_cast<T>(-rest * f);
  }
  return w * (__builtin_log1p(others) + distance);
}

// Any target distribution: loss = sum of mass (max - x + log sum), gradient = p (sum of mass) - mass. Where the gradient's terms cancel, the exponential is
// taken again in float64, if the logits are still there (x is not null): the one that was kept is a T.
template <class T>
static NOINLINE f64 dense_row(const CrossEntropyRow<T>& row, const CrossEntropyHead& head, const T* x, T* e, f64 factor, f64 max, f64 others) {
  const f64 loss = head.distance + head.total * __builtin_log1p(others);
  if (e == nullptr) return loss;
  const f64 share = head.total / (1 + others);
  for (i64 c = 0; c < row.n; c++) {
    T* at = e + c * row.stride;
    const f64 mass = row.mass(c);
    f64 g = static_cast<f64>(*at) * share - mass;
    if (is_same<T, f32> && x != nullptr && __builtin_fabs(g) < 0.5 * __builtin_fabs(mass))
      g = exp_row_scalar(static_cast<f64>(x[c * row.stride]) - max) * share - mass;
    *at = static_cast<T>(factor * g);
  }
  const f64 own = row.mass(head.winner);
  e[head.winner * row.stride] = static_cast<T>(factor * ((head.total - own) - own * others) / (1 + others));
  return loss;
}

// A row whose maximum is not finite, by the limits.
template <class T> static NOINLINE f64 special_cross_entropy(const CrossEntropyRow<T>& row, const T* x, T* e, f64 factor) {
  const SpecialRow r = special_row(x, row.n, row.stride);
  const f64 nan = __builtin_nan("");
  f64 loss = 0, total = 0;
  for (i64 c = 0; c < row.n; c++) {
    const f64 m = row.mass(c);
    total += m;
    if (m != 0 && c != r.winner) loss = __builtin_inf() * m;
  }
  if (e != nullptr)
    for (i64 c = 0; c < row.n; c++)
      e[c * row.stride] = static_cast<T>(r.nan ? nan : factor * ((c == r.winner ? total : 0) - row.mass(c)));
  return r.nan ? nan : loss;
}

// `target` (class indices) or `probability` (x's shape) is null. Writes to `rows` each row's loss if it is not null, to `grad` the
// gradient times row_scale (null: 1) / *divisor (null: 1) if it is not null. `exact`: exponentials to 2^-53, for losses that go on as float64.
// `grad` may be x itself where inner = 1: the logits are then overwritten.
// Rows whose target is `ignore` have loss and gradient 0.
KERNEL(cross_entropy, FLOATS, (const T* x, const i64* target, const T* probability, const T* weight, const T* row_scale, const f64* divisor, f64* rows, T* grad, i64 outer, i64 n, i64 inner, i64 ignore, f64 smoothing, i64 exact)) {
  const f64 scale = divisor != nullptr ? 1 / *divisor : 1;
  const auto describe = [&](i64 position, i64 at) {
    return CrossEntropyRow<T>{weight, probability != nullptr ? probability + at : nullptr,
                              target != nullptr ? target[position] : -1, smoothing, n, inner};
  };
  const auto finish = [&](i64 position, const CrossEntropyRow<T>& row, const CrossEntropyHead& head, const T* xr, T* er, f64 max, f64 others) {
    const f64 factor = row_scale != nullptr ? scale * static_cast<f64>(row_scale[position]) : scale;
    f64 loss = 0;
    if (target != nullptr && row.target == ignore) {
      if (er != nullptr)
        for (i64 c = 0; c < n; c++) er[c * inner] = 0;
    } else if (!is_finite(max)) {
      loss = special_cross_entropy(row, xr, er, factor);
    } else if (row.plain()) {
      loss = plain_row(row, head, er, factor, others);
    } else {
      loss = dense_row(row, head, er == xr ? nullptr : xr, er, factor, max, others);
    }
    if (rows != nullptr) rows[position] = loss;
  };
  each_row(
      outer, n, inner, NS_PER_EXP + (grad != nullptr ? 0.2 : 0),
      [&](i64 o) {
        const T* xr = x + o * n;
        T* er = grad != nullptr ? grad + o * n : nullptr;
        const f64 max = row_max(xr, n);
        const CrossEntropyRow<T> row = describe(o, o * n);
        const bool counts = is_finite(max) && !(target != nullptr && row.target == ignore);
        const CrossEntropyHead head = counts ? row_head(row, xr, max) : CrossEntropyHead{};
        const RowStats s = !counts ? RowStats{max, 0} : exact ? row_stats<true>(xr, n, max, er) : row_stats<false>(xr, n, max, er);
        finish(o, row, head, xr, er, s.max, s.others);
      },
      [&](i64 o, i64 j, i64 width) {
        const i64 at = o * n * inner + j;
        T* er = grad != nullptr ? grad + at : nullptr;
        const ColumnStats s = exact ? column_stats<true>(x + at, n, inner, er, width) : column_stats<is_same<T, f64>>(x + at, n, inner, er, width);
        if (er != nullptr && probability == nullptr && smoothing == 0) {
          vd factor{};
          for (i64 k = 0; k < width; k++) {
            const i64 position = o * inner + j + k;
            const f64 w = target[position] == ignore || weight == nullptr ? 1 : static_cast<f64>(weight[target[position]]);
            factor[k] = scale * w * (row_scale != nullptr ? static_cast<f64>(row_scale[position]) : 1) / (1 + s.others[k]);
          }
          for (i64 c = 0; c < n; c++) store_first(er + c * inner, load_as<f64>(er + c * inner) * factor, width);
        }
        for (i64 k = 0; k < width; k++) {
          const i64 position = o * inner + j + k;
          const CrossEntropyRow<T> row = describe(position, at + k);
          const bool counts = is_finite(s.max[k]) && !(target != nullptr && row.target == ignore);
          const CrossEntropyHead head = counts ? row_head(row, x + at + k, s.max[k]) : CrossEntropyHead{};
          finish(position, row, head, x + at + k, er != nullptr ? er + k : nullptr, s.max[k], s.others[k]);
        }
      });
}

// Negative log likelihood: rows = -weight[target] x[target].
KERNEL(nll, FLOATS, (const T* x, const i64* target, const T* weight, f64* rows, i64 outer, i64 n, i64 inner, i64 ignore)) {
  for (i64 i = 0; i < outer * inner; i++) {
    const i64 t = target[i];
    const f64 w = t == ignore || weight == nullptr ? 1 : static_cast<f64>(weight[t]);
    const i64 o = i / inner;
    rows[i] = t == ignore ? 0 : -w * static_cast<f64>(x[(o * n + t) * inner + (i - o * inner)]);
  }
}

// Its gradient, written into dx, which holds zeros: -weight[target] row_scale (null: *dy) / *divisor (null: 1) at the target.
KERNEL(nll_grad, FLOATS, (const T* dy, i64 each, const i64* target, const T* weight, const f64* divisor, T* dx, i64 outer, i64 n, i64 inner, i64 ignore)) {
  for (i64 i = 0; i < outer * inner; i++) {
    const i64 t = target[i];
    if (t == ignore) continue;
    const f64 w = weight != nullptr ? static_cast<f64>(weight[t]) : 1;
    const f64 g = -w * static_cast<f64>(dy[each ? i : 0]);
    const i64 o = i / inner;
    dx[(o * n + t) * inner + (i - o * inner)] = static_cast<T>(divisor != nullptr ? g / *divisor : g);
  }
}

// Checks the targets and adds up the weights of those not ignored. Returns the position of the first bad one, -1 if all are good.
KERNEL_VALUE(class_targets, FLOATS, (const i64* target, const T* weight, f64* total, i64 count, i64 classes, i64 ignore)) {
  f64 sum = 0;
  for (i64 i = 0; i < count; i++) {
    const i64 t = target[i];
    if (t == ignore) continue;
    if (t < 0 || t >= classes) return static_cast<f64>(i);
    sum += weight != nullptr ? static_cast<f64>(weight[t]) : 1;
  }
  *total = sum;
  return -1;
}

// Rows of float64 to their sum / *divisor (null: count), or each for itself.
KERNEL(fold_rows, FLOATS, (const f64* rows, T* y, const f64* divisor, f64 count, i64 n, i64 each)) {
  if (each) {
    for (i64 i = 0; i < n; i++) y[i] = static_cast<T>(rows[i]);
    return;
  }
  constexpr i64 BLOCK = 1024;
  f64 level[48];
  u64 blocks = 0;
  for (i64 from = 0; from < n; from += BLOCK) {
    f64 s = 0;
    for (i64 i = from; i < min_of(n, from + BLOCK); i++) s += rows[i];
    i64 l = 0;
    for (u64 c = blocks; c & 1; c >>= 1) s += level[l++];
    level[l] = s;
    blocks++;
  }
  f64 sum = 0;
  i64 l = 0;
  for (u64 c = blocks; c != 0; c >>= 1, l++)
    if (c & 1) sum += level[l];
  *y = static_cast<T>(sum / (divisor != nullptr ? *divisor : count));
}

// x *= *factor, but only where that changes something: the gradient of a loss is nearly always taken with 1.
KERNEL(scale_in_place, FLOATS, (T* x, const T* factor, i64 n)) {
  const T f = *factor;
  if (f == 1) return;
  parallel_range(n, 65536, 0.2, [&](i64 from, i64 to, i64) {
    for (i64 i = from; i < to; i++) x[i] *= f;
  });
}

// Row (o, i) of x [outer, n, inner] times factor[o, i]; rows with factor 1 stay as they are.
KERNEL(scale_rows_in_place, FLOATS, (T* x, const f64* factor, i64 outer, i64 n, i64 inner)) {
  each_row(
      outer, n, inner, 0.2,
      [&](i64 o) {
        if (factor[o] != 1) scale_row(x + o * n, n, factor[o]);
      },
      [&](i64 o, i64 j, i64 width) {
        T* at = x + o * n * inner + j;
        const f64* f = factor + o * inner + j;
        for (i64 c = 0; c < n; c++)
          for (i64 k = 0; k < width; k++) at[c * inner + k] = static_cast<T>(static_cast<f64>(at[c * inner + k]) * f[k]);
      });
}

}  // namespace NSP
