#pragma once
// Reduction of any dimensions of a strided array. A reduction is a small struct (see kernels/reduce.cpp); this file walks the
// memory: along rows when the innermost reduced dimension is contiguous, down columns when the innermost kept one is.

#include "elements.h"

namespace NSP {

// Elements folded before a partial result goes to the pairwise tree, columns handled together, rows between folds.
constexpr i64 REDUCE_BLOCK = 16384;
constexpr i64 REDUCE_COLUMNS = 256;
constexpr i64 REDUCE_FOLD_ROWS = 1024;

// How the dimensions of x fall apart: the first `kept` stay (row-major in the result), the others are reduced.
struct Reduction {
  const Dims& shape;
  const Dims& strides;
  i64 kept;
  i64 splits;  // pieces of the reduced range that may run at the same time; > 1 only if the caller gave room for them

  // Out of line, like the other parts that are not inner loops: inlined everywhere they were most of this family's code.
  NOINLINE i64 size(i64 from, i64 to) const {
    i64 n = 1;
    for (i64 i = from; i < to; i++) n *= shape[i];
    return n;
  }
  NOINLINE i64 offset(i64 index, i64 from, i64 to) const {
    i64 at = 0;
    for (i64 i = to - 1; i >= from; i--) {
      const i64 next = index / shape[i];
      at += (index - next * shape[i]) * strides[i];
      index = next;
    }
    return at;
  }
};

// Folds partial results as a balanced tree, so that the error grows with the logarithm of their number.
template <class Op> struct PairwiseFold {
  using A = typename Op::A;
  A level[48];
  u64 count = 0;
  NOINLINE void push(A value) {
    i64 i = 0;
    for (u64 c = count; c & 1; c >>= 1) value = Op::combine(level[i++], value);
    level[i] = value;
    count++;
  }
  NOINLINE A result() const {
    A value = Op::identity();
    bool first = true;
    i64 i = 0;
    for (u64 c = count; c != 0; c >>= 1, i++) {
      if (!(c & 1)) continue;
      value = first ? level[i] : Op::combine(level[i], value);
      first = false;
    }
    return value;
  }
};

// One contiguous run.
template <class Op, class T> static NOINLINE typename Op::A reduce_run(const T* x, i64 n, typename Op::A param) {
  using A = typename Op::A;
  using V = vec_of<A>;
  constexpr i64 L = lanes_of<A>;
  const V p = splat_of<A>(param);
  const V zero = splat_of<A>(Op::identity());
  V a0 = zero, a1 = zero, a2 = zero, a3 = zero;
  i64 i = 0;
  for (; i + 4 * L <= n; i += 4 * L) {
    a0 = Op::step(a0, load_as<A>(x + i), p);
    a1 = Op::step(a1, load_as<A>(x + i + L), p);
    a2 = Op::step(a2, load_as<A>(x + i + 2 * L), p);
    a3 = Op::step(a3, load_as<A>(x + i + 3 * L), p);
  }
  for (; i + L <= n; i += L) a0 = Op::step(a0, load_as<A>(x + i), p);
  if (i < n) a1 = select(first_lanes<A>(n - i), Op::step(a1, load_as<A>(x + i), p), a1);
  const V v = Op::combine(Op::combine(a0, a1), Op::combine(a2, a3));
  A lane[L];
  for (i64 k = 0; k < L; k++) lane[k] = v[k];
  for (i64 width = L / 2; width > 0; width /= 2)
    for (i64 k = 0; k < width; k++) lane[k] = Op::combine(lane[k], lane[k + width]);
  return lane[0];
}

// Output k over the reduced positions [begin, end) when the last dimension has stride 1.
template <class Op, class T>
static INLINE typename Op::A reduce_rows(const T* x, const Reduction& r, i64 begin, i64 end, typename Op::A param) {
  const i64 last = r.shape.n - 1;
  const i64 width = last >= r.kept ? r.shape[last] : 1;
  if (end - begin <= REDUCE_BLOCK && width >= end) return reduce_run<Op>(x + begin, end - begin, param);
  PairwiseFold<Op> fold;
  while (begin < end) {
    const i64 row = begin / width;
    const i64 column = begin - row * width;
    const i64 n = min_of(min_of(width - column, end - begin), REDUCE_BLOCK);
    fold.push(reduce_run<Op>(x + r.offset(row, r.kept, last) + column, n, param));
    begin += n;
  }
  return fold.result();
}

// `n` adjacent outputs over the reduced positions [begin, end) when the last kept dimension has stride 1.
template <class Op, class T>
static NOINLINE void reduce_columns(const T* x, const Reduction& r, i64 begin, i64 end, i64 n, const typename Op::A* param,
                                  typename Op::A* out) {
  using A = typename Op::A;
  using V = vec_of<A>;
  constexpr i64 L = lanes_of<A>;
  V acc[REDUCE_COLUMNS / L], total[REDUCE_COLUMNS / L], p[REDUCE_COLUMNS / L];
  const i64 vectors = ceil_div(n, L);
  for (i64 j = 0; j < vectors; j++) {
    acc[j] = total[j] = splat_of<A>(Op::identity());
    p[j] = param != nullptr ? load_as<A>(param + j * L) : splat_of<A>(A());
  }
  for (i64 row = begin; row < end;) {
    const i64 stop = min_of(end, row + REDUCE_FOLD_ROWS);
    for (; row + 4 <= stop; row += 4) {
      const T* x0 = x + r.offset(row, r.kept, r.shape.n);
      const T* x1 = x + r.offset(row + 1, r.kept, r.shape.n);
      const T* x2 = x + r.offset(row + 2, r.kept, r.shape.n);
      const T* x3 = x + r.offset(row + 3, r.kept, r.shape.n);
      for (i64 j = 0; j < vectors; j++) {
        V a = Op::step(acc[j], load_as<A>(x0 + j * L), p[j]);
        a = Op::step(a, load_as<A>(x1 + j * L), p[j]);
        a = Op::step(a, load_as<A>(x2 + j * L), p[j]);
        acc[j] = Op::step(a, load_as<A>(x3 + j * L), p[j]);
      }
    }
    for (; row < stop; row++) {
      const T* x0 = x + r.offset(row, r.kept, r.shape.n);
      for (i64 j = 0; j < vectors; j++) acc[j] = Op::step(acc[j], load_as<A>(x0 + j * L), p[j]);
    }
    for (i64 j = 0; j < vectors; j++) {
      total[j] = Op::combine(total[j], acc[j]);
      acc[j] = splat_of<A>(Op::identity());
    }
  }
  for (i64 j = 0; j < n; j++) out[j] = total[j / L][j % L];
}

// Reduces into `out` (one value for each kept position, followed by room for `splits` times as many if splits > 1).
// `param` has a value for each kept position, or is null.
template <class Op, class T>
static NOINLINE void reduce(const T* x, typename Op::A* out, const typename Op::A* param, const Reduction& r) {
  using A = typename Op::A;
  const i64 nd = r.shape.n;
  const i64 outputs = r.size(0, r.kept);
  const i64 count = r.size(r.kept, nd);
  const i64 splits = r.splits;
  const i64 piece = max_of<i64>(1, ceil_div(count, splits));
  A* into = splits > 1 ? out + outputs : out;
  const bool columns = r.kept > 0 && r.strides[r.kept - 1] == 1 && !(nd > r.kept && r.strides[nd - 1] == 1);
  const i64 width = columns ? r.shape[r.kept - 1] : 1;
  const i64 tiles = columns ? ceil_div(width, REDUCE_COLUMNS) : 1;
  const i64 tile_count = columns ? outputs / max_of<i64>(1, width) * tiles : outputs;
  const f64 ns_per_tile = Op::NS * static_cast<f64>(piece) * static_cast<f64>(columns ? min_of(width, REDUCE_COLUMNS) : 1);
  const i64 group = max_of<i64>(1, static_cast<i64>(20000 / (ns_per_tile + 1)));
  parallel_range(tile_count * splits, group, ns_per_tile, [&](i64 from, i64 to, i64) {
    for (i64 task = from; task < to; task++) {
      const i64 split = task / tile_count;
      const i64 tile = task - split * tile_count;
      const i64 begin = min_of(count, split * piece), end = min_of(count, begin + piece);
      if (columns) {
        const i64 group_index = tile / tiles;
        const i64 column = (tile - group_index * tiles) * REDUCE_COLUMNS;
        const i64 k = group_index * width + column;
        const T* base = x + r.offset(group_index, 0, r.kept - 1) + column;
        reduce_columns<Op>(base, r, begin, end, min_of(width - column, REDUCE_COLUMNS), param != nullptr ? param + k : nullptr,
                           into + split * outputs + k);
      } else {
        into[split * outputs + tile] =
            reduce_rows<Op>(x + r.offset(tile, 0, r.kept), r, begin, end, param != nullptr ? param[tile] : A());
      }
    }
  });
  if (splits <= 1) return;
  for (i64 k = 0; k < outputs; k++) {
    PairwiseFold<Op> fold;
    for (i64 s = 0; s < splits; s++) fold.push(into[s * outputs + k]);
    out[k] = fold.result();
  }
}

}  // namespace NSP
