#include "common/gemm.h"

namespace NSP {

// Position in a tensor of the batch-th matrix: batch counts through `sizes` row-major, strides may be 0 (broadcast).
static inline i64 batch_offset(i64 batch, const Dims& sizes, const Dims& strides) {
  i64 at = 0;
  for (i64 d = sizes.n - 1; d >= 0; d--) {
    at += batch % sizes[d] * strides[d];
    batch /= sizes[d];
  }
  return at;
}

// How a kernel of this file is told its shape: m, n, k, then the strides of a row and of a column of A and of B.
template <class S> struct Operands {
  i64 m, n, k, batches;
  Matrix<S> a, b;
  Operands(const S* a, const S* b, const Dims& shape, const Dims& batch)
      : m(shape[0]), n(shape[1]), k(shape[2]), batches(1), a{a, shape[3], shape[4]}, b{b, shape[5], shape[6]} {
    for (i64 d = 0; d < batch.n; d++) batches *= batch[d];
    // One row or column has no stride; 1 lets the paths for contiguous operands take it.
    if (m == 1 && this->a.columns != 1) this->a.rows = 1;
    if (n == 1 && this->b.rows != 1) this->b.columns = 1;
    if (k == 1) {
      if (this->a.rows != 1) this->a.columns = 1;
      if (this->b.columns != 1) this->b.rows = 1;
    }
  }
};

// C = A B (+ bias per column, or + C if `accumulate`), for every batch; C is contiguous.
KERNEL(gemm_strided, FLOATS, (const T* a, const T* b, T* c, const T* bias, Dims shape, Dims batch, Dims a_batch, Dims b_batch, i64 accumulate, u8* scratch)) {
  Operands<T> x(a, b, shape, batch);
  // A column of results is the transpose of a row of results: one path serves both. (A bias would change its direction.)
  if (x.n == 1 && x.m > 1 && bias == nullptr) {
    const Matrix<T> left = x.b.transposed();
    x.b = x.a.transposed();
    x.a = left;
    x.n = x.m;
    x.m = 1;
    const Dims swap = a_batch;
    a_batch = b_batch;
    b_batch = swap;
  }
  const GemmPlan plan = plan_gemm(x.a, x.b, x.m, x.n, x.k);
  const i64 blocks = plan.blocks();
  const Start<T> start = {accumulate != 0, bias};
  parallel_for(x.batches * blocks, plan.nanoseconds(LANES<T>) * static_cast<f64>(x.batches), [&](i64 job, i64 thread) {
    const i64 i = job / blocks;
    Matrix<T> left = x.a, right = x.b;
    left.data += batch_offset(i, batch, a_batch);
    right.data += batch_offset(i, batch, b_batch);
    run_gemm_block(plan, left, right, c + i * x.m * x.n, x.n, start, job % blocks, scratch + thread * GEMM_SCRATCH);
  });
}

// The same for float32 with every sum in float64, rounded once.
KERNEL(gemm_wide_sums, F32, (const T* a, const T* b, T* c, Dims shape, Dims batch, Dims a_batch, Dims b_batch, u8* scratch)) {
  constexpr i64 ROWS = 64, COLUMNS = 128;
  const Operands<T> x(a, b, shape, batch);
  const i64 row_blocks = ceil_div(x.m, ROWS), blocks = row_blocks * ceil_div(x.n, COLUMNS);
  const f64 work = static_cast<f64>(x.batches) * static_cast<f64>(x.m) * static_cast<f64>(x.n) * static_cast<f64>(x.k) / (2 * DL);
  parallel_for(x.batches * blocks, work, [&](i64 job, i64 thread) {
    const i64 index = job / blocks, block = job % blocks;
    const i64 i = block % row_blocks * ROWS, j = block / row_blocks * COLUMNS;
    const i64 m = min_of(ROWS, x.m - i), n = min_of(COLUMNS, x.n - j);
    f64* sums = reinterpret_cast<f64*>(scratch + thread * GEMM_SCRATCH);
    Matrix<T> left = x.a.at(i, 0), right = x.b.at(0, j);
    left.data += batch_offset(index, batch, a_batch);
    right.data += batch_offset(index, batch, b_batch);
    for (i64 q = 0; q < m * n; q++) sums[q] = 0;
    gemm_block<f64, f32>(left, right, sums, n, m, n, x.k, {true, nullptr}, reinterpret_cast<u8*>(sums + ROWS * COLUMNS + DL));
    T* out = c + index * x.m * x.n;
    for (i64 r = 0; r < m; r++) {
      for (i64 q = 0; q < n; q++) out[(i + r) * x.n + j + q] = static_cast<T>(sums[r * n + q]);
    }
  });
}

// Integers: sums wrap around, as everywhere.
KERNEL(gemm_integers, INTS, (const T* a, const T* b, T* c, Dims shape, Dims batch, Dims a_batch, Dims b_batch)) {
  const Operands<T> x(a, b, shape, batch);
  parallel_for(x.batches * x.m, static_cast<f64>(x.batches) * static_cast<f64>(x.m) * static_cast<f64>(x.n) * static_cast<f64>(x.k), [&](i64 job, i64) {
    const i64 index = job / x.m;
    const T* row = x.a.data + batch_offset(index, batch, a_batch) + job % x.m * x.a.rows;
    const T* matrix = x.b.data + batch_offset(index, batch, b_batch);
    T* out = c + job * x.n;
    for (i64 j = 0; j < x.n; j++) out[j] = 0;
    for (i64 p = 0; p < x.k; p++) {
      const u64 factor = static_cast<u64>(row[p * x.a.columns]);
      for (i64 j = 0; j < x.n; j++) out[j] = static_cast<T>(static_cast<u64>(out[j]) + factor * static_cast<u64>(matrix[p * x.b.rows + j * x.b.columns]));
    }
  });
}

}  // namespace NSP
