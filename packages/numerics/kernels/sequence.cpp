#include "common/exact.h"
#include "common/rows.h"

namespace NSP {

// Losses that sum over all alignments of frames with labels: CTC over a line of states, RNN-T over a grid. Both walk forwards (alpha) and backwards
// (beta) in float64 log space; the gradient with respect to a log-probability is minus the posterior probability of using it. With a direction `v` the
// same walks carry the derivative along v with them, which gives a product with the second derivatives.

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

// --- CTC -------------------------------------------------------------------------------------------------------------
//
// States 0 ... 2S: labels at odd places, blanks between them. A frame stays, goes one on, or goes two on if that does not skip a blank between equal labels.

// Numbers beyond the states that a row of states has: two before them, and a vector and two behind.
constexpr i64 STATE_PADDING = 12;

template <class T> struct CtcSample {
  const T* x;  // frame t begins at x + t * step
  const T* v;  // direction, likewise, or null
  i64 step;
  T* grad;     // frame t begins at grad + t * grad_step; null: no gradient is wanted
  i64 grad_step;
  const i64* labels;
  i64 frames, classes, length, blank;
  bool logits;
  f64 factor;

  i64 states() const { return 2 * length + 1; }
  i64 label(i64 state) const { return state & 1 ? labels[state >> 1] : blank; }
};

// One thread's memory. With a direction each row is followed by its derivative.
struct CtcWork {
  f64* base;
  i64 row;     // numbers in a row of states
  i64 stride;  // numbers from row to row: 2 * row with a direction
  i64 classes;

  f64* at(i64 k) const { return base + k * stride + 2; }
  f64* emission() const { return at(0); }
  f64* skip() const { return at(1); }
  f64* walk(i64 which) const { return at(2 + which); }
  f64* posterior() const { return at(4); }
  f64* beta() const { return at(5); }
  // By class: posteriors, then their derivatives.
  f64* sums() const { return base + 6 * stride; }
  RowSoftmax* softmax() const { return reinterpret_cast<RowSoftmax*>(sums() + 2 * classes); }
  f64* alpha(i64 frames, i64 t) const { return reinterpret_cast<f64*>(softmax() + frames) + t * stride + 2; }
};

static INLINE void clear_row(const CtcWork& w, f64* row) {
  for (i64 i = -2; i < w.row - 2; i++) row[i] = -INF;
  for (i64 i = w.row; i < w.stride; i++) row[i - 2] = 0;
}

// to = log of the sum over the three states that lead here, those before (direction -1) or after (1); `out` = to + emission.
template <bool TANGENT>
static INLINE void ctc_step(const CtcWork& w, i64 states, const f64* from, i64 direction, f64* to, f64* out) {
  const f64* e = w.emission();
  const f64* far = w.skip() + (direction > 0 ? 2 : 0);
  const f64* one = from + direction;
  const f64* two = one + direction;
  for (i64 s = 0; s < states; s += DL) {
    const vd a = load(from + s), b = load(one + s), c = load(two + s) + load(far + s);
    const vd sum = log_sum(a, b, c);
    if (to != nullptr) store(to + s, sum);
    store(out + s, sum + load(e + s));
    if constexpr (TANGENT) {
      const i64 d = w.row + s;
      const vd tangent = share(a, sum) * load(from + d) + share(b, sum) * load(one + d) + share(c, sum) * load(two + d);
      if (to != nullptr) store(to + d, tangent);
      store(out + d, tangent + load(e + d));
    }
  }
}

template <bool TANGENT, class T> static INLINE void ctc_emissions(const CtcSample<T>& q, const CtcWork& w, i64 t) {
  const RowSoftmax row = w.softmax()[t];
  const T* x = q.x + t * q.step;
  f64* e = w.emission();
  const f64 blank = row.log_probability(x[q.blank]);
  for (i64 k = 0; k < q.length; k++) {
    e[2 * k] = blank;
    e[2 * k + 1] = row.log_probability(x[q.labels[k]]);
  }
  e[2 * q.length] = blank;
  if constexpr (TANGENT) {
    const T* v = q.v + t * q.step;
    for (i64 s = 0; s < q.states(); s++) e[w.row + s] = static_cast<f64>(v[q.label(s)]) - row.mean;
  }
}

// The gradient of frame t, from the posteriors of its states. `out` holds the exponentials of its logits.
template <class T> static INLINE void ctc_frame_gradient(const CtcSample<T>& q, const CtcWork& w, i64 t, T* out) {
  const f64* posterior = w.posterior();
  const i64 states = q.states();
  f64* sums = w.sums();
  for (i64 s = 0; s < states; s++) sums[q.label(s)] = 0;
  for (i64 s = 0; s < states; s++) sums[q.label(s)] += posterior[s];
  if (!q.logits) {
    fill_row(out, q.classes, 0);
    for (i64 s = 0; s < states; s++) out[q.label(s)] = static_cast<T>(-q.factor * sums[q.label(s)]);
    return;
  }
  const RowSoftmax row = w.softmax()[t];
  const T* x = q.x + t * q.step;
  const f64* e = w.emission();
  scale_row(out, q.classes, q.factor / (1 + row.others));
  i64 winner = -1;
  for (i64 s = 0; s < states; s += DL) store(w.beta() + s, exp_nonpositive<true>(load(e + s)));
  for (i64 s = 0; s < states; s++) {
    const i64 c = q.label(s);
    if (static_cast<f64>(x[c]) == row.max) winner = c;
    out[c] = static_cast<T>(q.factor * (w.beta()[s] - sums[c]));
  }
  if (winner < 0) return;
  // p - posterior = (1 - posterior) - (1 - p), which keeps the digits of a confident frame.
  f64 rest = 0;
  for (i64 s = 0; s < states; s++) rest += q.label(s) == winner ? 0 : posterior[s];
  out[winner] = static_cast<T>(q.factor * (rest - row.others / (1 + row.others)));
}

// Its derivative along v.
template <class T> static void ctc_frame_tangent(const CtcSample<T>& q, const CtcWork& w, i64 t, T* out) {
  const f64* posterior = w.posterior() + w.row;
  f64* sums = w.sums() + q.classes;
  for (i64 c = 0; c < q.classes; c++) sums[c] = 0;
  for (i64 s = 0; s < q.states(); s++) sums[q.label(s)] += posterior[s];
  const RowSoftmax row = w.softmax()[t];
  const T* x = q.x + t * q.step;
  const T* v = q.v + t * q.step;
  for (i64 c = 0; c < q.classes; c++) {
    const f64 p = q.logits ? exp_row_scalar(row.log_probability(x[c])) : 0;
    const f64 own = p == 0 ? 0 : p * (static_cast<f64>(v[c]) - row.mean);
    out[c] = static_cast<T>(q.factor * (own - sums[c]));
  }
}

// The walk back, which writes the gradient frame by frame.
template <bool TANGENT, class T>
static INLINE void ctc_backward(const CtcSample<T>& q, const CtcWork& w, f64 total, f64 total_tangent) {
  const i64 states = q.states();
  clear_row(w, w.walk(0));
  clear_row(w, w.walk(1));
  w.walk(q.frames & 1)[states] = 0;  // one state behind the last, from which both last ones can be reached
  for (i64 t = q.frames - 1; t >= 0; t--) {
    ctc_emissions<TANGENT>(q, w, t);
    ctc_step<TANGENT>(w, states, w.walk((t + 1) & 1), 1, w.beta(), w.walk(t & 1));
    const f64* alpha = w.alpha(q.frames, t);
    for (i64 s = 0; s < states; s += DL) {
      const vd p = exp_nonpositive<true>((load(alpha + s) + load(w.beta() + s)) - splat(total));
      store(w.posterior() + s, p);
      if constexpr (TANGENT) {
        const i64 d = w.row + s;
        store(w.posterior() + d, p * ((load(alpha + d) + load(w.beta() + d)) - splat(total_tangent)));
      }
    }
    T* out = q.grad + t * q.grad_step;
    if constexpr (TANGENT) ctc_frame_tangent(q, w, t, out);
    else ctc_frame_gradient(q, w, t, out);
  }
}

// The loss of one sample (with TANGENT its derivative along v); writes the gradient (or its derivative) of all its frames if that is wanted.
template <bool TANGENT, class T> static NOINLINE f64 ctc_sample(const CtcSample<T>& q, const CtcWork& w) {
  const i64 states = q.states();
  const bool keep = q.grad != nullptr;
  for (i64 t = 0; t < q.frames; t++) {
    const T* x = q.x + t * q.step;
    T* e = keep && !TANGENT ? q.grad + t * q.grad_step : nullptr;
    RowSoftmax row = q.logits ? row_softmax(x, q.classes, e) : RowSoftmax{};
    if (TANGENT && q.logits) row.mean = mean_direction(x, q.v + t * q.step, q.classes, row);
    w.softmax()[t] = row;
  }
  for (i64 k = 0; k < 2; k++) clear_row(w, w.at(k));
  for (i64 s = 1; s <= states; s += 2)
    if (s == 1 || s == states || q.label(s) != q.label(s - 2)) w.skip()[s] = 0;
  clear_row(w, w.walk(0));
  w.walk(0)[-1] = 0;  // one state before the first, from which both first ones can be reached
  f64* before = w.walk(0);
  for (i64 t = 0; t < q.frames; t++) {
    f64* now = keep ? w.alpha(q.frames, t) : w.walk((t + 1) & 1);
    clear_row(w, now);
    ctc_emissions<TANGENT>(q, w, t);
    ctc_step<TANGENT>(w, states, before, -1, nullptr, now);
    before = now;
  }
  const f64 last = before[states - 1], other = before[states - 2];
  const f64 total = q.frames == 0 ? (q.length == 0 ? 0 : -INF) : log_sum(last, other);
  f64 tangent = 0;
  if (TANGENT && is_finite(total) && q.frames > 0)
    tangent = share(last, total) * before[w.row + states - 1] + share(other, total) * before[w.row + states - 2];
  if (keep) {
    if (total - total == 0 && q.factor != 0) ctc_backward<TANGENT>(q, w, total, tangent);
    else
      for (i64 t = 0; t < q.frames; t++) fill_row(q.grad + t * q.grad_step, q.classes, total != total ? total : 0);
  }
  return TANGENT ? -tangent : 0 - total;
}

// x [frames, batch, classes], contiguous in the classes: frame t of sample b begins at x + t * x_frame + b * x_sample. `rows` gets the losses and, if it is not
// null, `grad` (contiguous) the gradient times row_scale (null: 1). With v (laid out as x) instead: their derivatives along v. The labels of sample b begin at
// targets + offsets[b]. An impossible alignment costs infinity, or 0 with zero_infinity, and has gradient 0.
// `scratch` holds for each thread (6 + stored) * row * (v ? 2 : 1) + 2 classes + 4 frames numbers, row = 2 length + 1 + STATE_PADDING, stored = frames
// if there is a gradient.
KERNEL(ctc, FLOATS, (const T* x, const T* v, const i64* targets, const i64* offsets, const i64* input_lengths, const i64* target_lengths, const f64* row_scale, f64* rows, T* grad, f64* scratch, i64 frames, i64 batch, i64 classes, i64 x_frame, i64 x_sample, i64 length, i64 blank, i64 logits, i64 zero_infinity)) {
  const i64 row = 2 * length + 1 + STATE_PADDING;
  const i64 stride = v != nullptr ? 2 * row : row;
  const i64 stored = grad != nullptr ? frames : 0;
  const i64 each = (6 + stored) * stride + 2 * classes + 4 * frames;
  const f64 states = static_cast<f64>(2 * length + 1), exponentials = logits ? static_cast<f64>(classes) * NS_PER_EXP : 0;
  const f64 work = static_cast<f64>(batch * frames) * (states * (grad != nullptr ? 12 : 6) + exponentials);
  parallel_for(batch, work, [&](i64 b, i64 thread) {
    const CtcSample<T> q{x + b * x_sample,
                         v != nullptr ? v + b * x_sample : nullptr,
                         x_frame,
                         grad != nullptr ? grad + b * classes : nullptr,
                         batch * classes,
                         targets + offsets[b],
                         input_lengths[b],
                         classes,
                         target_lengths[b],
                         blank,
                         logits != 0,
                         row_scale != nullptr ? row_scale[b] : 1};
    const CtcWork w{scratch + thread * each, row, stride, classes};
    const f64 loss = v != nullptr ? ctc_sample<true>(q, w) : ctc_sample<false>(q, w);
    if (rows != nullptr) rows[b] = zero_infinity && loss == INF ? 0 : loss;
    if (grad == nullptr) return;
    for (i64 t = q.frames; t < frames; t++) fill_row(q.grad + t * q.grad_step, classes, 0);
  });
}

// --- RNN-T -----------------------------------------------------------------------------------------------------------
//
// A grid of frames t and labels u already given out. A blank goes to (t + 1, u), label u to (t, u + 1); the last blank leaves from (T - 1, U).

// What each cell of the grid keeps. The second half is its derivative along v.
struct RnntCell {
  f64 blank, label;  // log-probabilities
  f64 scale;         // 1 / sum of the row's exponentials
  f64 alpha, beta;
  f64 blank_tangent, label_tangent, mean;
  f64 alpha_tangent, beta_tangent;
};

template <class T> struct RnntGrid {
  const T* x;
  const T* v;
  const i64* targets;
  const i64* input_lengths;
  const i64* target_lengths;
  T* grad;
  RnntCell* cells;
  i64 frames, positions, classes, blank;
  bool logits;
  f64 clamp;

  i64 cell(i64 b, i64 t, i64 u) const { return (b * frames + t) * positions + u; }
  i64 label(i64 b, i64 u) const { return u < target_lengths[b] ? targets[b * (positions - 1) + u] : -1; }
};

template <class T> static INLINE void rnnt_cell(const RnntGrid<T>& g, i64 b, i64 t, i64 u) {
  const i64 at = g.cell(b, t, u);
  const T* x = g.x + at * g.classes;
  T* e = g.grad != nullptr && g.v == nullptr && g.logits ? g.grad + at * g.classes : nullptr;
  RowSoftmax row = g.logits ? row_softmax(x, g.classes, e) : RowSoftmax{};
  RnntCell& cell = g.cells[at];
  const i64 label = g.label(b, u);
  cell.blank = row.log_probability(x[g.blank]);
  cell.label = label < 0 ? -INF : row.log_probability(x[label]);
  cell.scale = 1 / (1 + row.others);
  if (g.v == nullptr) return;
  const T* v = g.v + at * g.classes;
  cell.mean = g.logits ? mean_direction(x, v, g.classes, row) : 0;
  cell.blank_tangent = static_cast<f64>(v[g.blank]) - cell.mean;
  cell.label_tangent = label < 0 ? 0 : static_cast<f64>(v[label]) - cell.mean;
}

// log(e^a + e^b), and its derivative from theirs.
struct Tangent {
  f64 value, tangent;
};
static INLINE Tangent log_sum(Tangent a, Tangent b) {
  const f64 sum = log_sum(a.value, b.value);
  return {sum, share(a.value, sum) * a.tangent + share(b.value, sum) * b.tangent};
}

// alpha and beta of a whole sample; gives log P and its derivative.
template <class T> static NOINLINE Tangent rnnt_walks(const RnntGrid<T>& g, i64 b) {
  const i64 frames = g.input_lengths[b], labels = g.target_lengths[b];
  const Tangent none{-INF, 0};
  const bool tangents = g.v != nullptr;
  const auto sum = [&](Tangent a, Tangent c) { return tangents ? log_sum(a, c) : Tangent{log_sum(a.value, c.value), 0}; };
  const auto blank = [&](f64 value, f64 tangent, const RnntCell& c) {
    return Tangent{value + c.blank, tangents ? tangent + c.blank_tangent : 0};
  };
  const auto label = [&](f64 value, f64 tangent, const RnntCell& c) {
    return Tangent{value + c.label, tangents ? tangent + c.label_tangent : 0};
  };
  if (frames == 0) return labels == 0 ? Tangent{0, 0} : none;
  for (i64 t = 0; t < frames; t++) {
    for (i64 u = 0; u <= labels; u++) {
      RnntCell* c = g.cells + g.cell(b, t, u);
      const RnntCell* above = c - g.positions;
      const Tangent from_blank = t > 0 ? blank(above->alpha, above->alpha_tangent, *above) : u == 0 ? Tangent{0, 0} : none;
      const Tangent from_label = u > 0 ? label(c[-1].alpha, c[-1].alpha_tangent, c[-1]) : none;
      const Tangent a = sum(from_blank, from_label);
      c->alpha = a.value;
      c->alpha_tangent = a.tangent;
    }
  }
  for (i64 t = frames - 1; t >= 0; t--) {
    for (i64 u = labels; u >= 0; u--) {
      RnntCell* c = g.cells + g.cell(b, t, u);
      const RnntCell* below = c + g.positions;
      const Tangent after{u == labels ? 0 : -INF, 0};
      const Tangent to_blank = t + 1 < frames ? blank(below->beta, below->beta_tangent, *c) : blank(after.value, 0, *c);
      const Tangent to_label = u < labels ? label(c[1].beta, c[1].beta_tangent, *c) : none;
      const Tangent s = sum(to_blank, to_label);
      c->beta = s.value;
      c->beta_tangent = s.tangent;
    }
  }
  const RnntCell& start = g.cells[g.cell(b, 0, 0)];
  return {start.beta, start.beta_tangent};
}

// Posterior probabilities of leaving a cell by blank and by label.
struct RnntMoves {
  Tangent blank, label;
};

template <class T> static INLINE RnntMoves rnnt_moves(const RnntGrid<T>& g, i64 b, i64 t, i64 u, Tangent total) {
  const i64 labels = g.target_lengths[b];
  const RnntCell* c = g.cells + g.cell(b, t, u);
  const bool last = t + 1 == g.input_lengths[b];
  const Tangent after = last ? Tangent{u == labels ? 0 : -INF, 0} : Tangent{c[g.positions].beta, c[g.positions].beta_tangent};
  const Tangent right = u < labels ? Tangent{c[1].beta, c[1].beta_tangent} : Tangent{-INF, 0};
  const f64 blank = exp_row_scalar((c->alpha + c->blank) + after.value - total.value);
  const f64 label = exp_row_scalar((c->alpha + c->label) + right.value - total.value);
  if (g.v == nullptr) return {{blank, 0}, {label, 0}};
  return {{blank, blank * (c->alpha_tangent + c->blank_tangent + after.tangent - total.tangent)},
          {label, label * (c->alpha_tangent + c->label_tangent + right.tangent - total.tangent)}};
}

// The gradient of one cell's row, times factor. `out` holds the exponentials of its logits.
template <class T> static INLINE void rnnt_row_gradient(const RnntGrid<T>& g, i64 b, i64 at, i64 u, const RnntMoves& m, f64 factor, T* out) {
  const RnntCell& cell = g.cells[at];
  const i64 label = g.label(b, u);
  const f64 outer = g.clamp > 0 ? 1 : factor;
  if (g.logits) {
    scale_row(out, g.classes, outer * (m.blank.value + m.label.value) * cell.scale);
    // p (blank + label) - blank, without the difference of p and 1.
    out[g.blank] = static_cast<T>(outer * (exp_row_scalar(cell.blank) * m.label.value + __builtin_expm1(cell.blank) * m.blank.value));
    if (label >= 0)
      out[label] = static_cast<T>(outer * (exp_row_scalar(cell.label) * m.blank.value + __builtin_expm1(cell.label) * m.label.value));
  } else {
    fill_row(out, g.classes, 0);
    out[g.blank] = static_cast<T>(-outer * m.blank.value);
    if (label >= 0) out[label] = static_cast<T>(-outer * m.label.value);
  }
  if (g.clamp > 0)
    for (i64 c = 0; c < g.classes; c++) out[c] = static_cast<T>(within(static_cast<f64>(out[c]), -g.clamp, g.clamp) * factor);
}

// Its derivative along v.
template <class T> static void rnnt_row_tangent(const RnntGrid<T>& g, i64 b, i64 at, i64 u, const RnntMoves& m, f64 factor, T* out) {
  const RnntCell& cell = g.cells[at];
  const T* x = g.x + at * g.classes;
  const T* v = g.v + at * g.classes;
  const i64 label = g.label(b, u);
  const f64 visits = m.blank.value + m.label.value, visits_tangent = m.blank.tangent + m.label.tangent;
  const RowSoftmax row = g.logits ? row_softmax(x, g.classes, static_cast<T*>(nullptr)) : RowSoftmax{};
  for (i64 c = 0; c < g.classes; c++) {
    const f64 p = g.logits ? exp_row_scalar(row.log_probability(x[c])) : 0;
    f64 d = p == 0 ? 0 : p * ((static_cast<f64>(v[c]) - cell.mean) * visits + visits_tangent);
    if (c == g.blank) d -= m.blank.tangent;
    if (c == label) d -= m.label.tangent;
    out[c] = static_cast<T>(factor * d);
  }
}

// x [batch, frames, positions, classes] with positions = greatest target length + 1, targets [batch, positions - 1]. `rows` gets the losses; `grad`, if it is not
// null, the exponentials of the logits first and then in their place the gradient times row_scale (null: 1), each element kept within clamp if that is
// positive. With v instead: the derivatives of both along v. `scratch` holds 10 numbers for each cell and 2 for each sample.
KERNEL(rnnt, FLOATS, (const T* x, const T* v, const i64* targets, const i64* input_lengths, const i64* target_lengths, const f64* row_scale, f64* rows, T* grad, f64* scratch, i64 batch, i64 frames, i64 positions, i64 classes, i64 blank, i64 logits, f64 clamp)) {
  const i64 count = batch * frames * positions;
  RnntCell* cells = reinterpret_cast<RnntCell*>(scratch);
  Tangent* totals = reinterpret_cast<Tangent*>(cells + count);
  const RnntGrid<T> g{x, v, targets, input_lengths, target_lengths, grad, cells, frames, positions, classes, blank, logits != 0, clamp};
  const f64 ns_row = static_cast<f64>(classes) * NS_PER_EXP + 20;
  const i64 block = max_of<i64>(1, static_cast<i64>(20000 / ns_row));
  const auto each_cell = [&](const auto& body) {
    parallel_range(count, block, ns_row, [&](i64 from, i64 to, i64) {
      for (i64 i = from; i < to; i++) {
        const i64 b = i / (frames * positions), t = i / positions % frames, u = i % positions;
        body(i, b, t, u, t < input_lengths[b] && u <= target_lengths[b]);
      }
    });
  };
  each_cell([&](i64, i64 b, i64 t, i64 u, bool used) {
    if (used) rnnt_cell(g, b, t, u);
  });
  parallel_for(batch, 60 * static_cast<f64>(count), [&](i64 b, i64) {
    totals[b] = rnnt_walks(g, b);
    rows[b] = v == nullptr ? 0 - totals[b].value : is_finite(totals[b].value) ? -totals[b].tangent : 0;
  });
  if (grad == nullptr) return;
  each_cell([&](i64 i, i64 b, i64 t, i64 u, bool used) {
    T* out = grad + i * classes;
    const Tangent total = totals[b];
    if (!used || !is_finite(total.value)) return fill_row(out, classes, used && total.value != total.value ? total.value : 0);
    const f64 factor = row_scale != nullptr ? row_scale[b] : 1;
    const RnntMoves moves = rnnt_moves(g, b, t, u, total);
    if (v == nullptr) rnnt_row_gradient(g, b, i, u, moves, factor, out);
    else rnnt_row_tangent(g, b, i, u, moves, factor, out);
  });
}

}  // namespace NSP
