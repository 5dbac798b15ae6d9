#pragma once
// Vectors named by their element type, so that a template can hold an accumulator of any of them.

#include "kernel.h"

namespace NSP {

template <class A> struct VectorOf;
template <> struct VectorOf<f32> { typedef vf type; typedef vi mask; };
template <> struct VectorOf<f64> { typedef vd type; typedef vl mask; };
template <> struct VectorOf<i64> { typedef vl type; typedef vl mask; };

template <class A> using vec_of = typename VectorOf<A>::type;
template <class A> using mask_of = typename VectorOf<A>::mask;
template <class A> inline constexpr i64 lanes_of = VBYTES / sizeof(A);

template <class A> static INLINE vec_of<A> splat_of(A x) { return x - vec_of<A>{}; }

static INLINE vl select(vl mask, vl a, vl b) { return (mask & a) | (~mask & b); }

// Scalar twins, so that one formula serves vectors and single values.
static INLINE f32 select(bool mask, f32 a, f32 b) { return mask ? a : b; }
static INLINE f64 select(bool mask, f64 a, f64 b) { return mask ? a : b; }
static INLINE i64 select(bool mask, i64 a, i64 b) { return mask ? a : b; }

// The next lanes_of<A> elements, converted to A.
template <class A, class T> static INLINE vec_of<A> load_as(const T* p) {
  if constexpr (is_same<A, f64> && is_same<T, f32>) return widen(load_half(p));
  else if constexpr (is_same<A, i64>) return *reinterpret_cast<const vl_u*>(p);
  else return load(p);
}

// A mask of the first n lanes.
template <class A> static INLINE mask_of<A> first_lanes(i64 n) {
  mask_of<A> index;
  for (i64 i = 0; i < lanes_of<A>; i++) index[i] = i;
  using E = decltype(index[0] + 0);
  mask_of<A> limit = static_cast<E>(n) - mask_of<A>{};
  return index < limit;
}

}  // namespace NSP
