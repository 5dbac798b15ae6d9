#include "common/alignment.h"

namespace NSP {

// Connectionist temporal classification over states 0 ... 2S: labels at odd places, blanks between them. A frame stays, goes one on, or goes two on if that
// does not skip a blank between equal labels.

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

}  // namespace NSP
