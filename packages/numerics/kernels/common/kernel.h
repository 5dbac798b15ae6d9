#pragma once
// What every kernel file includes: integer and element types, the declaration macros, vectors and threads.
//
// A kernel is declared where it is defined:
//
//   KERNEL(gelu, FLOATS, (const T* x, T* y, i64 n)) { ... }
//   KERNEL_VALUE(first_out_of_range, INTS, (const T* x, i64 n, i64 limit)) { ...; return index; }
//
// scripts/build-kernels.ts reads these lines and generates the dispatch table and the TypeScript types. A template is
// instantiated only by its generated wrapper, once per element type, inside the namespace of the instruction set: the
// linker can therefore never merge code for one CPU into the table of another.

namespace NSP {

using i8 = signed char;
using u8 = unsigned char;
using i16 = short;
using u16 = unsigned short;
using i32 = int;
using u32 = unsigned int;
using i64 = long long;
using u64 = unsigned long long;
using f32 = float;
using f64 = double;

// A boolean element: one byte holding 0 or 1, distinct from u8 so that templates can tell them apart.
struct b8 {
  u8 v;
};

constexpr i64 MAX_DIMS = 12;

// A short list of integers (shape, strides) that travels inside the descriptor slot.
struct Dims {
  i64 n;
  i64 v[MAX_DIMS];
  i64 operator[](i64 i) const { return v[i]; }
};

template <class A, class B> struct same_type { static constexpr bool value = false; };
template <class A> struct same_type<A, A> { static constexpr bool value = true; };
template <class A, class B> inline constexpr bool is_same = same_type<A, B>::value;

template <class T> inline constexpr bool is_float = is_same<T, f32> || is_same<T, f64>;

template <class T> static inline T min_of(T a, T b) { return a < b ? a : b; }
template <class T> static inline T max_of(T a, T b) { return a > b ? a : b; }
static inline i64 ceil_div(i64 a, i64 b) { return (a + b - 1) / b; }

}  // namespace NSP

#define KERNEL(name, types, params) template <class T> static inline void name params
#define KERNEL_VALUE(name, types, params) template <class T> static inline ::NSP::f64 name params

#define INLINE inline __attribute__((always_inline))
#define NOINLINE __attribute__((noinline))

#include "parallel.h"
#include "vec.h"
