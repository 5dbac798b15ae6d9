#include "common/alignment.h"

namespace NSP {

// RNN transducer over a grid of frames t and labels u already given out. A blank goes to (t + 1, u), label u to (t, u + 1); the last blank leaves from
// (T - 1, U).

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
