#pragma once
// Register tiles: the inner loops of matrix products and convolutions, and the packing that feeds them.
//
// A tile holds M x N vector accumulators in registers. Every k adds the outer product of M scalars of A, packed next to each other, and N
// vectors of B. M and N are template parameters up to TILE_ROWS x TILE_VECTORS, so that an edge gets a tile of exactly its size.

#include "common/lanes.h"

namespace NSP {

// Accumulators must fit the registers beside N vectors of B and one of A: 32 registers with AVX-512 and NEON, 16 with SSE2 and AVX2. V8
// spills above about 9 accumulators, which halves the speed.
#if defined(__AVX512F__)
constexpr int TILE_ROWS = 8, TILE_VECTORS = 3;
#elif defined(__AVX__)
constexpr int TILE_ROWS = 4, TILE_VECTORS = 3;
#elif defined(__ARM_NEON)
constexpr int TILE_ROWS = 8, TILE_VECTORS = 2;
#else
constexpr int TILE_ROWS = 4, TILE_VECTORS = 2;
#endif

// A length cut into parts of nearly equal size, none above `largest`: 10 rows in tiles of up to 8 are better done as 5 + 5 than as 8 + 2.
struct Parts {
  i64 length, count;
  Parts(i64 length, i64 largest) : length(length), count(ceil_div(length, largest)) {}
  i64 begin(i64 i) const { return i * length / count; }
  i64 size(i64 i) const { return begin(i + 1) - begin(i); }
};

// acc += A * B for k steps: A packed as [k][M], row p of B at b + p * ldb.
template <class T, int M, int N> static INLINE void multiply_tile(vec<T> (&acc)[M][N], i64 k, const T* a, const T* b, i64 ldb) {
  for (i64 p = 0; p < k; p++) {
    vec<T> bv[N];
    UNROLL for (int j = 0; j < N; j++) bv[j] = load(b + j * LANES<T>);
    UNROLL for (int i = 0; i < M; i++) {
      const vec<T> av = splat(a[i]);
      UNROLL for (int j = 0; j < N; j++) acc[i][j] = fma(av, bv[j], acc[i][j]);
    }
    a += M;
    b += ldb;
  }
}

// The same with row p of B at an offset from a table, and every vector column at a place of its own.
template <class T, int M, int N>
static INLINE void multiply_tile(vec<T> (&acc)[M][N], i64 k, const T* a, const T* const (&b)[N], const i32* offsets) {
  for (i64 p = 0; p < k; p++) {
    const i64 at = offsets[p];
    vec<T> bv[N];
    UNROLL for (int j = 0; j < N; j++) bv[j] = load(b[j] + at);
    UNROLL for (int i = 0; i < M; i++) {
      const vec<T> av = splat(a[i]);
      UNROLL for (int j = 0; j < N; j++) acc[i][j] = fma(av, bv[j], acc[i][j]);
    }
    a += M;
  }
}

// Calls f.template operator()<M, N>() for m <= TILE_ROWS and n <= TILE_VECTORS.
template <int M = TILE_ROWS, int N = TILE_VECTORS, class F> static INLINE void with_tile(i64 m, i64 n, const F& f) {
  if (M > 1 && m < M) {
    with_tile<(M > 1 ? M - 1 : 1), N>(m, n, f);
  } else if (N > 1 && n < N) {
    with_tile<M, (N > 1 ? N - 1 : 1)>(m, n, f);
  } else {
    f.template operator()<M, N>();
  }
}

// Packs `rows` rows of `k` elements as [k][step]: to[p * step + i] = from[i * row_stride + p * column_stride].
template <class T, class S> static inline void pack_scalar(const S* from, i64 row_stride, i64 column_stride, i64 rows, i64 k, T* to, i64 step) {
  for (i64 p = 0; p < k; p++) {
    for (i64 i = 0; i < rows; i++) to[p * step + i] = static_cast<T>(from[i * row_stride + p * column_stride]);
  }
}

// The same for exactly W contiguous rows, by transposing W x W blocks in registers.
template <int W, class T> static inline void pack_transposed(const T* from, i64 row_stride, i64 k, T* to, i64 step) {
  typedef T V __attribute__((vector_size(W * sizeof(T))));
  typedef V V_u __attribute__((aligned(1), may_alias));
  i64 p = 0;
  for (; p + W <= k; p += W) {
    V x[W];
    UNROLL for (int i = 0; i < W; i++) x[i] = *reinterpret_cast<const V_u*>(from + i * row_stride + p);
    transpose<W>(x);
    UNROLL for (int i = 0; i < W; i++) *reinterpret_cast<V_u*>(to + (p + i) * step) = x[i];
  }
  if (p < k) pack_scalar(from + p, row_stride, 1, W, k - p, to + p * step, step);
}

// A's rows for a tile of `rows` rows: [k][rows].
template <class T, class S> static NOINLINE void pack_rows(const S* from, i64 row_stride, i64 column_stride, i64 rows, i64 k, T* to) {
  if constexpr (is_same<S, T>) {
    if (column_stride == 1 && rows == TILE_ROWS) {
      pack_transposed<TILE_ROWS>(from, row_stride, k, to, rows);
      return;
    }
    if (row_stride == 1 && rows == TILE_ROWS) {
      for (i64 p = 0; p < k; p++) {
        UNROLL for (int i = 0; i < TILE_ROWS; i++) to[p * TILE_ROWS + i] = from[p * column_stride + i];
      }
      return;
    }
  }
  pack_scalar(from, row_stride, column_stride, rows, k, to, rows);
}

// B's columns for a tile of `vectors` vectors: [k][vectors * lanes]. Columns from `columns` on hold anything finite or not: nothing reads
// the sums they lead to.
template <class T, class S>
static NOINLINE void pack_columns(const S* from, i64 row_stride, i64 column_stride, i64 columns, i64 k, T* to, i64 vectors) {
  constexpr int L = LANES<T>;
  const i64 step = vectors * L;
  if constexpr (is_same<S, T>) {
    if (column_stride == 1) {
      for (i64 p = 0; p < k; p++) {
        for (i64 j = 0; j < vectors; j++) store(to + p * step + j * L, load(from + p * row_stride + j * L));
      }
      return;
    }
    if (row_stride == 1) {
      i64 j = 0;
      for (; j + L <= columns; j += L) pack_transposed<L>(from + j * column_stride, column_stride, k, to + j, step);
      if (j < columns) pack_scalar(from + j * column_stride, column_stride, 1, columns - j, k, to + j, step);
      return;
    }
  }
  pack_scalar(from, column_stride, row_stride, columns, k, to, step);
}

}  // namespace NSP
