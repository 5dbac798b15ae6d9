#pragma once
// Walking two strided operands to one contiguous result.

#include "kernel.h"

namespace NSP {

constexpr i64 BROADCAST_BLOCK = 32768;

// Dimensions that both operands walk with one stride are merged, so that the inner loop is as long as it can be.
struct BroadcastPlan {
  i64 n = 0;
  i64 shape[MAX_DIMS];
  i64 a[MAX_DIMS];
  i64 b[MAX_DIMS];
};

static NOINLINE BroadcastPlan plan_broadcast(const Dims& shape, const Dims& sa, const Dims& sb) {
  BroadcastPlan p;
  for (i64 i = 0; i < shape.n; i++) {
    const i64 size = shape[i];
    if (size == 1) continue;
    const i64 last = p.n - 1;
    if (last >= 0 && p.a[last] == size * sa[i] && p.b[last] == size * sb[i]) {
      p.shape[last] *= size;
      p.a[last] = sa[i];
      p.b[last] = sb[i];
      continue;
    }
    p.shape[p.n] = size;
    p.a[p.n] = sa[i];
    p.b[p.n] = sb[i];
    p.n++;
  }
  if (p.n == 0) {
    p.shape[0] = 1;
    p.a[0] = p.b[0] = 0;
    p.n = 1;
  }
  return p;
}

// y[i] depends on a[i] and b[i] alone, so y may be one of the operands. Out of line: two loops below call it, and its four
// vectorised loops are most of what these families cost to compile.
template <class F, class T, class R>
static NOINLINE void binary_row(const T* a, i64 sa, const T* b, i64 sb, R* y, i64 n) {
  if (sa == 1 && sb == 1) {
#pragma GCC ivdep
    for (i64 i = 0; i < n; i++) y[i] = F::of(a[i], b[i]);
  } else if (sa == 1 && sb == 0) {
    const T s = *b;
#pragma GCC ivdep
    for (i64 i = 0; i < n; i++) y[i] = F::of(a[i], s);
  } else if (sa == 0 && sb == 1) {
    const T s = *a;
#pragma GCC ivdep
    for (i64 i = 0; i < n; i++) y[i] = F::of(s, b[i]);
  } else {
    for (i64 i = 0; i < n; i++) y[i] = F::of(a[i * sa], b[i * sb]);
  }
}

// What walk_rows calls: the callee's own data, offsets of a, b and y, elements.
using RowCallee = void (*)(const void* context, i64 a, i64 b, i64 y, i64 n);

// Calls row(offset_a, offset_b, offset_y, n) for every innermost row, or piece of the only row. Not a template: compiled once, not
// once for each of some hundred functions.
static NOINLINE void walk_rows(const BroadcastPlan& p, f64 ns, RowCallee row, const void* context) {
  const i64 last = p.n - 1, inner = p.shape[last];
  i64 outer = 1;
  for (i64 d = 0; d < last; d++) outer *= p.shape[d];
  if (inner == 0 || outer == 0) return;
  if (outer == 1) {
    parallel_range(inner, BROADCAST_BLOCK, ns, [&](i64 begin, i64 end, i64) {
      row(context, begin * p.a[last], begin * p.b[last], begin, end - begin);
    });
    return;
  }
  const i64 rows = max_of<i64>(1, BROADCAST_BLOCK / inner);
  parallel_range(outer, rows, ns * static_cast<f64>(inner), [&](i64 begin, i64 end, i64) {
    for (i64 at = begin; at < end; at++) {
      i64 rest = at, oa = 0, ob = 0;
      for (i64 d = last - 1; d >= 0; d--) {
        const i64 index = rest % p.shape[d];
        rest /= p.shape[d];
        oa += index * p.a[d];
        ob += index * p.b[d];
      }
      row(context, oa, ob, at * inner, inner);
    }
  });
}

template <class F> static INLINE void walk_rows(const BroadcastPlan& p, f64 ns, const F& row) {
  walk_rows(
      p, ns, [](const void* f, i64 a, i64 b, i64 y, i64 n) { (*static_cast<const F*>(f))(a, b, y, n); }, &row);
}

// y = F(a, b), y row-major in `shape`; strides are in elements, 0 where an operand is stretched.
template <class F, class T, class R>
static NOINLINE void binary_broadcast(const T* a, const T* b, R* y, const Dims& shape, const Dims& sa, const Dims& sb, f64 ns) {
  const BroadcastPlan p = plan_broadcast(shape, sa, sb);
  const i64 stride_a = p.a[p.n - 1], stride_b = p.b[p.n - 1];
  walk_rows(p, ns, [&](i64 oa, i64 ob, i64 oy, i64 n) { binary_row<F>(a + oa, stride_a, b + ob, stride_b, y + oy, n); });
}

}  // namespace NSP
