#include "common/kernel.h"

namespace NSP {

// Moving elements to and from places given by int64 indices. Indices are checked before (index_check), not here.

// Position of the first index outside [0, size), or -1.
KERNEL_VALUE(index_check, NONE, (const i64* index, i64 n, i64 size)) {
  constexpr i64 BLOCK = 4096;
  for (i64 from = 0; from < n; from += BLOCK) {
    const i64 to = min_of(n, from + BLOCK);
    u64 bad = 0;
    for (i64 i = from; i < to; i++) bad |= static_cast<u64>(index[i] < 0) | static_cast<u64>(index[i] >= size);
    if (!bad) continue;
    for (i64 i = from; i < to; i++)
      if (index[i] < 0 || index[i] >= size) return static_cast<f64>(i);
  }
  return -1;
}

// Calls use(position in the row-major shape, offset by strides without `dim`) for the elements [from, to).
template <class F> static INLINE void walk(const Dims& shape, const Dims& strides, i64 dim, i64 from, i64 to, const F& use) {
  i64 at[MAX_DIMS] = {};
  i64 offset = 0;
  i64 rest = from;
  for (i64 d = shape.n - 1; d >= 0; d--) {
    at[d] = rest % shape[d];
    rest /= shape[d];
    if (d != dim) offset += at[d] * strides[d];
  }
  for (i64 i = from; i < to; i++) {
    use(i, offset);
    for (i64 d = shape.n - 1; d >= 0; d--) {
      const i64 step = d == dim ? 0 : strides[d];
      offset += step;
      if (++at[d] < shape[d]) break;
      offset -= step * shape[d];
      at[d] = 0;
    }
  }
}

static INLINE i64 size_of(const Dims& shape) {
  i64 n = 1;
  for (i64 d = 0; d < shape.n; d++) n *= shape[d];
  return n;
}

// y[i] = x[i with index[i] in dimension dim]; `shape` is that of index and y, both row-major.
KERNEL(gather, WIDTHS, (const T* x, const i64* index, T* y, Dims shape, Dims strides, i64 dim)) {
  const i64 step = shape.n > 0 ? strides[dim] : 0;
  parallel_range(size_of(shape), 16384, 1.5, [=, &shape, &strides](i64 from, i64 to, i64) {
    walk(shape, strides, dim, from, to, [=](i64 i, i64 offset) { y[i] = x[offset + index[i] * step]; });
  });
}

// y[i with index[i] in dimension dim] = source[i]; where indices repeat, the last one stays.
KERNEL(scatter, WIDTHS, (const T* source, const i64* index, T* y, Dims shape, Dims strides, i64 dim)) {
  const i64 step = shape.n > 0 ? strides[dim] : 0;
  walk(shape, strides, dim, 0, size_of(shape), [=](i64 i, i64 offset) { y[offset + index[i] * step] = source[i]; });
}

KERNEL(scatter_add, NUMBERS, (const T* source, const i64* index, T* y, Dims shape, Dims strides, i64 dim)) {
  const i64 step = shape.n > 0 ? strides[dim] : 0;
  walk(shape, strides, dim, 0, size_of(shape), [=](i64 i, i64 offset) {
    T& to = y[offset + index[i] * step];
    to = static_cast<T>(to + source[i]);
  });
}

KERNEL(scatter_multiply, NUMBERS, (const T* source, const i64* index, T* y, Dims shape, Dims strides, i64 dim)) {
  const i64 step = shape.n > 0 ? strides[dim] : 0;
  walk(shape, strides, dim, 0, size_of(shape), [=](i64 i, i64 offset) {
    T& to = y[offset + index[i] * step];
    to = static_cast<T>(to * source[i]);
  });
}

// y[o, m, :] = x[o, index[m], :] of x [outer, n, inner].
KERNEL(index_select, WIDTHS, (const T* x, const i64* index, T* y, i64 outer, i64 n, i64 count, i64 inner)) {
  const i64 size = max_of<i64>(1, 16384 / (inner + 1));
  parallel_range(outer * count, size, 0.3 * static_cast<f64>(inner) + 2, [=](i64 from, i64 to, i64) {
    for (i64 row = from; row < to; row++) {
      const i64 o = row / count;
      const T* source = x + (o * n + index[row - o * count]) * inner;
      T* target = y + row * inner;
      for (i64 k = 0; k < inner; k++) target[k] = source[k];
    }
  });
}

// y[o, index[m], :] += source[o, m, :] of y [outer, n, inner], rows of index `skip` left out. Threads share the columns, so that the order
// of additions is fixed.
KERNEL(index_add, NUMBERS, (const T* source, const i64* index, T* y, i64 outer, i64 n, i64 count, i64 inner, i64 skip)) {
  constexpr i64 TILE = 64;
  const i64 tiles = ceil_div(inner, TILE);
  parallel_range(outer * tiles, 1, 0.5 * static_cast<f64>(count * min_of(inner, TILE)), [=](i64 from, i64 to, i64) {
    for (i64 task = from; task < to; task++) {
      const i64 o = task / tiles, j = (task - o * tiles) * TILE, width = min_of(inner - j, TILE);
      for (i64 m = 0; m < count; m++) {
        if (index[m] == skip) continue;
        const T* from_row = source + (o * count + m) * inner + j;
        T* to_row = y + (o * n + index[m]) * inner + j;
        for (i64 k = 0; k < width; k++) to_row[k] = static_cast<T>(to_row[k] + from_row[k]);
      }
    }
  });
}

// y holds zeros: row i gets a 1 at index[i].
KERNEL(one_hot, NONE, (const i64* index, i64* y, i64 n, i64 classes)) {
  for (i64 i = 0; i < n; i++) y[i * classes + index[i]] = 1;
}

}  // namespace NSP
