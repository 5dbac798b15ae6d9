#pragma once
// Vectors named by their element type, and the two shuffles that need all lanes: transposing and summing across.

#include "common/kernel.h"

#ifdef __clang__
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 32")
#endif

namespace NSP {

template <class T> struct vector_of;
template <> struct vector_of<f32> { using type = vf; };
template <> struct vector_of<f64> { using type = vd; };
template <class T> using vec = typename vector_of<T>::type;
template <class T> inline constexpr int LANES = static_cast<int>(VBYTES / static_cast<i64>(sizeof(T)));

// Integer sequences without the standard library, whose templates must not be instantiated per instruction set.
template <int... I> struct seq {};
#ifdef __clang__
template <class X, X... I> struct seq_helper { using type = seq<I...>; };
template <int N> using make_seq = typename __make_integer_seq<seq_helper, int, N>::type;
#else
template <int N> using make_seq = seq<__integer_pack(N)...>;
#endif

// Swaps the off-diagonal quarters of all 2H x 2H blocks of the two rows x and y = x + H; indices from L on mean y.
template <int H, class V, int... I> static INLINE V swap_low(V x, V y, seq<I...>) {
  constexpr int L = sizeof...(I);
  return __builtin_shufflevector(x, y, ((I & H) ? L + (I ^ H) : I)...);
}
template <int H, class V, int... I> static INLINE V swap_high(V x, V y, seq<I...>) {
  constexpr int L = sizeof...(I);
  return __builtin_shufflevector(x, y, ((I & H) ? L + I : (I ^ H))...);
}

template <int L, int H, class V> static INLINE void transpose_step(V (&x)[L]) {
  if constexpr (H > 0) {
    UNROLL for (int i = 0; i < L; i++) {
      if ((i & H) == 0) {
        const V low = swap_low<H>(x[i], x[i + H], make_seq<L>{});
        x[i + H] = swap_high<H>(x[i], x[i + H], make_seq<L>{});
        x[i] = low;
      }
    }
    transpose_step<L, H / 2>(x);
  }
}

// Transposes an L x L matrix held in L vectors.
template <int L, class V> static INLINE void transpose(V (&x)[L]) { transpose_step<L, L / 2>(x); }

template <int H, class V, int... I> static INLINE V add_pairs(V x, V y, seq<I...>) {
  constexpr int L = sizeof...(I);
  return __builtin_shufflevector(x, y, ((I & H) ? L + I : I)...) + __builtin_shufflevector(x, y, ((I & H) ? L + (I ^ H) : (I ^ H))...);
}

// Lane l of the result is the sum of all lanes of x[l]. Each step halves the vectors: a lane takes from x[i] where its bit H is clear and
// from x[i + H] where it is set.
template <int L, int H = L / 2, class V> static INLINE V sum_lanes(V (&x)[L]) {
  if constexpr (H == 0) {
    return x[0];
  } else {
    UNROLL for (int i = 0; i < H; i++) x[i] = add_pairs<H>(x[i], x[i + H], make_seq<L>{});
    return sum_lanes<L, H / 2>(x);
  }
}

// The first n lanes of v (0 < n <= L) to memory.
template <class T> static INLINE void store_first(T* p, vec<T> v, i64 n) {
  if (n == LANES<T>) {
    store(p, v);
    return;
  }
  T lane[LANES<T>];
  store(lane, v);
  for (i64 i = 0; i < n; i++) p[i] = lane[i];
}

template <class V> struct lane_index;
template <> struct lane_index<vf> { using type = vi; };
template <> struct lane_index<vd> { using type = vl; };

template <class I, int... K> static INLINE I iota(seq<K...>) { return I{K...}; }

// The first n lanes of v, zero in the others whatever they held.
template <class V> static INLINE V keep_first(V v, i64 n) {
  using I = typename lane_index<V>::type;
  constexpr int L = sizeof(V) / sizeof(v[0]);
  const decltype(I{}[0] + 0) count = static_cast<decltype(I{}[0] + 0)>(n);
  return select(iota<I>(make_seq<L>{}) < count, v, V{});
}

}  // namespace NSP
