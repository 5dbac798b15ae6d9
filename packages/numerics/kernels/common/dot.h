#pragma once
// Tiles of dot products: sums along vectors of both operands, for products whose operands are contiguous along the summed dimension.

#include "common/lanes.h"

namespace NSP {

#if defined(__AVX512F__)
constexpr int DOT_ROWS = 6, DOT_COLUMNS = 4;
#elif defined(__AVX__)
constexpr int DOT_ROWS = 3, DOT_COLUMNS = 4;
#elif defined(__ARM_NEON)
constexpr int DOT_ROWS = 4, DOT_COLUMNS = 5;
#else
constexpr int DOT_ROWS = 2, DOT_COLUMNS = 4;
#endif

// Calls f.template operator()<M, N>() for m <= DOT_ROWS and n <= DOT_COLUMNS.
template <int M = DOT_ROWS, int N = DOT_COLUMNS, class F> static INLINE void with_dot_tile(i64 m, i64 n, const F& f) {
  if (M > 1 && m < M) {
    with_dot_tile<(M > 1 ? M - 1 : 1), N>(m, n, f);
  } else if (N > 1 && n < N) {
    with_dot_tile<M, (N > 1 ? N - 1 : 1)>(m, n, f);
  } else {
    f.template operator()<M, N>();
  }
}

// The sum of the lanes of every accumulator, in row-major order.
template <class T, int M, int N> static INLINE void sum_tile(const vec<T> (&acc)[M][N], T* out) {
  constexpr int L = LANES<T>;
  UNROLL for (int first = 0; first < M * N; first += L) {
    vec<T> x[L];
    UNROLL for (int i = 0; i < L; i++) x[i] = first + i < M * N ? acc[(first + i) / N][(first + i) % N] : vec<T>{};
    store(out + first, sum_lanes<L>(x));
  }
}

// Space that sum_tile may write: whole vectors.
template <class T> inline constexpr i64 DOT_SUMS = (DOT_ROWS * DOT_COLUMNS + LANES<T> - 1) / LANES<T> * LANES<T>;

}  // namespace NSP
