#pragma once
// C = A B for any strides of A and B: what matmul, linear and other kernels multiply with.
//
// Small or thin products go to paths of their own (gemm_thin.h). The general path cuts C into blocks of at most GEMM_ROWS x GEMM_COLUMNS that
// do not depend on each other; a block packs its rows of A once per GEMM_DEPTH of k, then one column panel of B at a time. Packing a panel anew in
// every block costs about 1 % of the arithmetic, and in return threads share nothing and wait for nobody.

#include "common/dot.h"
#include "common/tile.h"

namespace NSP {

constexpr i64 GEMM_ROWS = 128, GEMM_DEPTH = 256, GEMM_COLUMNS = 512;

// Bytes of scratch that a thread needs, also known to src/ops/matmul.ts: A's rows, a panel of B, and sums where they are wider than C.
constexpr i64 GEMM_SCRATCH = 1 << 20;

// A matrix in memory: element (i, j) at data[i * rows + j * columns].
template <class S> struct Matrix {
  const S* data;
  i64 rows, columns;
  Matrix at(i64 i, i64 j) const { return {data + i * rows + j * columns, rows, columns}; }
  Matrix transposed() const { return {data, columns, rows}; }
};

// What is added to the product: C's old values, or a bias with one value per column, or nothing.
template <class S> struct Start {
  bool accumulate;
  const S* bias;
};

template <class T> struct TileJob {
  i64 k;
  const T* a;
  const T* b;
  i64 ldb;
  T* c;
  i64 ldc;
  i64 columns;
  Start<T> start;
};

template <class T, int M, int N> static NOINLINE void run_tile(const TileJob<T>& job) {
  constexpr int L = LANES<T>;
  vec<T> acc[M][N];
  UNROLL for (int i = 0; i < M; i++) {
    UNROLL for (int j = 0; j < N; j++) acc[i][j] = vec<T>{};
  }
  if (job.start.accumulate) {
    // Read after the loop: by then the rows have arrived.
    UNROLL for (int i = 0; i < M; i++) {
      UNROLL for (int j = 0; j < N; j++) __builtin_prefetch(job.c + i * job.ldc + j * L, 1);
    }
  } else if (job.start.bias != nullptr) {
    UNROLL for (int i = 0; i < M; i++) {
      UNROLL for (int j = 0; j < N; j++) acc[i][j] = load(job.start.bias + j * L);
    }
  }
  multiply_tile<T, M, N>(acc, job.k, job.a, job.b, job.ldb);
  if (job.start.accumulate) {
    UNROLL for (int i = 0; i < M; i++) {
      UNROLL for (int j = 0; j < N; j++) acc[i][j] += load(job.c + i * job.ldc + j * L);
    }
  }
  const i64 last = job.columns - (N - 1) * L;
  UNROLL for (int i = 0; i < M; i++) {
    T* row = job.c + i * job.ldc;
    UNROLL for (int j = 0; j < N - 1; j++) store(row + j * L, acc[i][j]);
    store_first(row + (N - 1) * L, acc[i][N - 1], last);
  }
}

// One block of C. S is what memory holds and T what is summed in; C is T here.
template <class T, class S>
static inline void gemm_block(Matrix<S> a, Matrix<S> b, T* c, i64 ldc, i64 m, i64 n, i64 k, Start<T> start, u8* scratch) {
  constexpr i64 L = LANES<T>;
  T* packed_a = reinterpret_cast<T*>(scratch);
  T* packed_b = packed_a + GEMM_ROWS * GEMM_DEPTH;
  const Parts rows(m, TILE_ROWS), columns(ceil_div(n, L), TILE_VECTORS);
  // B is read where it lies if nothing would be gained by copying it: too few rows to use it again, or so small that it stays in the cache.
  const bool direct = is_same<S, T> && b.columns == 1 && (m <= 2 * TILE_ROWS || k * b.rows * static_cast<i64>(sizeof(T)) <= 32768);
  for (i64 p = 0; p < k; p += GEMM_DEPTH) {
    const i64 depth = min_of(GEMM_DEPTH, k - p);
    for (i64 r = 0; r < rows.count; r++) {
      pack_rows<T, S>(a.at(rows.begin(r), p).data, a.rows, a.columns, rows.size(r), depth, packed_a + rows.begin(r) * depth);
    }
    if (p > 0) start = {true, nullptr};
    for (i64 v = 0; v < columns.count; v++) {
      const i64 j = columns.begin(v) * L, vectors = columns.size(v), width = min_of(vectors * L, n - j);
      const S* from = b.at(p, j).data;
      TileJob<T> job = {depth, nullptr, packed_b, vectors * L, nullptr, ldc, width, start};
      if (start.bias != nullptr) job.start.bias += j;
      if constexpr (is_same<S, T>) {
        if (direct) {
          job.b = from;
          job.ldb = b.rows;
        }
      }
      if (!direct) pack_columns<T, S>(from, b.rows, b.columns, width, depth, packed_b, vectors);
      for (i64 r = 0; r < rows.count; r++) {
        job.a = packed_a + rows.begin(r) * depth;
        job.c = c + rows.begin(r) * ldc + j;
        with_tile(rows.size(r), vectors, [&]<int M, int N>() { run_tile<T, M, N>(job); });
      }
    }
  }
}

// The dot-product path: rows of A and columns of B contiguous along k, C small. Nothing is packed.
template <class T, int M, int N> static NOINLINE void run_dots(i64 k, const T* a, i64 lda, const T* b, i64 ldb, T* sums) {
  constexpr i64 L = LANES<T>;
  vec<T> acc[M][N];
  UNROLL for (int i = 0; i < M; i++) {
    UNROLL for (int j = 0; j < N; j++) acc[i][j] = vec<T>{};
  }
  i64 p = 0;
  for (; p + L <= k; p += L) {
    vec<T> av[M];
    UNROLL for (int i = 0; i < M; i++) av[i] = load(a + i * lda + p);
    UNROLL for (int j = 0; j < N; j++) {
      const vec<T> bv = load(b + j * ldb + p);
      UNROLL for (int i = 0; i < M; i++) acc[i][j] = fma(av[i], bv, acc[i][j]);
    }
  }
  if (p < k) {
    vec<T> av[M];
    UNROLL for (int i = 0; i < M; i++) av[i] = keep_first(load(a + i * lda + p), k - p);
    UNROLL for (int j = 0; j < N; j++) {
      const vec<T> bv = keep_first(load(b + j * ldb + p), k - p);
      UNROLL for (int i = 0; i < M; i++) acc[i][j] = fma(av[i], bv, acc[i][j]);
    }
  }
  sum_tile<T, M, N>(acc, sums);
}

// A lane adds at most this many products before its sum joins a wider one: long vectors keep their digits.
constexpr i64 DOT_DEPTH = 8192;

template <class T> static inline void gemm_dots(Matrix<T> a, Matrix<T> b, T* c, i64 ldc, i64 m, i64 n, i64 k, Start<T> start) {
  const Parts rows(m, DOT_ROWS), columns(n, DOT_COLUMNS);
  T sums[DOT_SUMS<T>];
  for (i64 v = 0; v < columns.count; v++) {
    const i64 j0 = columns.begin(v), w = columns.size(v);
    for (i64 r = 0; r < rows.count; r++) {
      const i64 i0 = rows.begin(r), h = rows.size(r);
      f64 totals[DOT_ROWS * DOT_COLUMNS] = {};
      for (i64 p = 0; p < k; p += DOT_DEPTH) {
        const i64 depth = min_of(DOT_DEPTH, k - p);
        with_dot_tile(h, w, [&]<int M, int N>() { run_dots<T, M, N>(depth, a.at(i0, p).data, a.rows, b.at(p, j0).data, b.columns, sums); });
        for (i64 i = 0; i < h * w; i++) totals[i] += static_cast<f64>(sums[i]);
      }
      for (i64 i = 0; i < h; i++) {
        for (i64 j = 0; j < w; j++) {
          T* out = c + (i0 + i) * ldc + j0 + j;
          const T first = start.accumulate ? *out : start.bias != nullptr ? start.bias[j0 + j] : T(0);
          *out = static_cast<T>(static_cast<f64>(first) + totals[i * w + j]);
        }
      }
    }
  }
}

// The row-times-matrix path: one row of A, B row-major. Walks along rows of B, which is where the time goes.
template <class T> static inline void gemm_row(Matrix<T> a, Matrix<T> b, T* c, i64 n, i64 k, Start<T> start) {
  constexpr i64 L = LANES<T>;
  constexpr int DEPTH = 8;
  if (!start.accumulate) {
    for (i64 j = 0; j < n; j++) c[j] = start.bias != nullptr ? start.bias[j] : T(0);
  }
  for (i64 p = 0; p < k; p += DEPTH) {
    const i64 depth = min_of<i64>(DEPTH, k - p);
    const T* row = b.at(p, 0).data;
    T x[DEPTH];
    for (i64 q = 0; q < depth; q++) x[q] = a.at(0, p + q).data[0];
    i64 j = 0;
    if (depth == DEPTH) {
      for (; j + L <= n; j += L) {
        vec<T> sum = load(c + j), other = vec<T>{};
        UNROLL for (int q = 0; q < DEPTH; q += 2) {
          sum = fma(splat(x[q]), load(row + q * b.rows + j), sum);
          other = fma(splat(x[q + 1]), load(row + (q + 1) * b.rows + j), other);
        }
        store(c + j, sum + other);
      }
    }
    for (; j < n; j++) {
      T sum = c[j];
      for (i64 q = 0; q < depth; q++) sum += x[q] * row[q * b.rows + j];
      c[j] = sum;
    }
  }
}

// C's blocks: fixed by the shape, so that the result does not depend on who computes what.
struct GemmPlan {
  i64 m, n, k;
  bool dots, row;
  i64 block_rows, block_columns;
  i64 row_blocks() const { return ceil_div(m, block_rows); }
  i64 column_blocks() const { return ceil_div(n, block_columns); }
  i64 blocks() const { return row_blocks() * column_blocks(); }
  f64 nanoseconds(i64 lanes) const { return static_cast<f64>(m) * static_cast<f64>(n) * static_cast<f64>(k) / (3.0 * static_cast<f64>(lanes)); }
};

template <class T> static inline GemmPlan plan_gemm(Matrix<T> a, Matrix<T> b, i64 m, i64 n, i64 k) {
  constexpr i64 L = LANES<T>;
  GemmPlan plan = {m, n, k, false, false, GEMM_ROWS, GEMM_COLUMNS};
  plan.dots = a.columns == 1 && b.rows == 1 && (m <= 16 || n < L / 2) && k >= L;
  plan.row = m == 1 && b.columns == 1;
  if (plan.row || plan.dots) {
    plan.block_rows = max_of<i64>(m, 1);
    plan.block_columns = plan.row ? 256 : 96;
    return plan;
  }
  // At least a few blocks, so that the last ones finish together; never narrower than a few tiles.
  const i64 panel = TILE_VECTORS * L;
  while (plan.blocks() < 8 && plan.block_columns > 3 * panel) plan.block_columns = ceil_div(plan.block_columns / 2, panel) * panel;
  while (plan.blocks() < 8 && plan.block_rows > 8 * TILE_ROWS) plan.block_rows /= 2;
  return plan;
}

template <class T>
static inline void run_gemm_block(const GemmPlan& plan, Matrix<T> a, Matrix<T> b, T* c, i64 ldc, Start<T> start, i64 block, u8* scratch) {
  const i64 i = block % plan.row_blocks() * plan.block_rows, j = block / plan.row_blocks() * plan.block_columns;
  const i64 m = min_of(plan.block_rows, plan.m - i), n = min_of(plan.block_columns, plan.n - j);
  const Matrix<T> ai = a.at(i, 0), bj = b.at(0, j);
  T* out = c + i * ldc + j;
  if (start.bias != nullptr) start.bias += j;
  if (plan.k == 0 && !start.accumulate) {
    for (i64 r = 0; r < m; r++) {
      for (i64 q = 0; q < n; q++) out[r * ldc + q] = start.bias != nullptr ? start.bias[q] : T(0);
    }
  } else if (plan.row) {
    gemm_row(ai, bj, out, n, plan.k, start);
  } else if (plan.dots) {
    gemm_dots(ai, bj, out, ldc, m, n, plan.k, start);
  } else {
    gemm_block<T, T>(ai, bj, out, ldc, m, n, plan.k, start, scratch);
  }
}

// C [m, n] with rows ldc apart = A [m, k] B [k, n] + start. `scratch`: GEMM_SCRATCH bytes per thread.
template <class T>
static inline void gemm(Matrix<T> a, Matrix<T> b, T* c, i64 ldc, i64 m, i64 n, i64 k, Start<T> start, u8* scratch) {
  const GemmPlan plan = plan_gemm(a, b, m, n, k);
  parallel_for(plan.blocks(), plan.nanoseconds(LANES<T>), [&](i64 block, i64 thread) {
    run_gemm_block(plan, a, b, c, ldc, start, block, scratch + thread * GEMM_SCRATCH);
  });
}

}  // namespace NSP
