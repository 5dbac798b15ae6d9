// Comparisons and truth tables with broadcasting, and the choice between two tensors. A comparison with NaN is false, but for ne.

#include "common/broadcast.h"

namespace NSP {

constexpr f64 COMPARE_NS = 0.3;

static INLINE b8 truth(bool x) { return b8{static_cast<u8>(x)}; }

struct Eq { template <class T> static INLINE b8 of(T a, T b) { return truth(a == b); } };
struct Ne { template <class T> static INLINE b8 of(T a, T b) { return truth(a != b); } };
struct Lt { template <class T> static INLINE b8 of(T a, T b) { return truth(a < b); } };
struct Le { template <class T> static INLINE b8 of(T a, T b) { return truth(a <= b); } };
struct And { template <class T> static INLINE b8 of(T a, T b) { return truth((a.v & b.v) != 0); } };
struct Or { template <class T> static INLINE b8 of(T a, T b) { return truth((a.v | b.v) != 0); } };
struct Xor { template <class T> static INLINE b8 of(T a, T b) { return truth((a.v ^ b.v) != 0); } };

KERNEL(eq, WIDE, (const T* a, const T* b, b8* y, Dims shape, Dims sa, Dims sb)) {
  binary_broadcast<Eq>(a, b, y, shape, sa, sb, COMPARE_NS);
}
KERNEL(ne, WIDE, (const T* a, const T* b, b8* y, Dims shape, Dims sa, Dims sb)) {
  binary_broadcast<Ne>(a, b, y, shape, sa, sb, COMPARE_NS);
}
KERNEL(lt, WIDE, (const T* a, const T* b, b8* y, Dims shape, Dims sa, Dims sb)) {
  binary_broadcast<Lt>(a, b, y, shape, sa, sb, COMPARE_NS);
}
KERNEL(le, WIDE, (const T* a, const T* b, b8* y, Dims shape, Dims sa, Dims sb)) {
  binary_broadcast<Le>(a, b, y, shape, sa, sb, COMPARE_NS);
}
KERNEL(logical_and, NONE, (const b8* a, const b8* b, b8* y, Dims shape, Dims sa, Dims sb)) {
  binary_broadcast<And>(a, b, y, shape, sa, sb, COMPARE_NS);
}
KERNEL(logical_or, NONE, (const b8* a, const b8* b, b8* y, Dims shape, Dims sa, Dims sb)) {
  binary_broadcast<Or>(a, b, y, shape, sa, sb, COMPARE_NS);
}
KERNEL(logical_xor, NONE, (const b8* a, const b8* b, b8* y, Dims shape, Dims sa, Dims sb)) {
  binary_broadcast<Xor>(a, b, y, shape, sa, sb, COMPARE_NS);
}

// Both branches are read, so that the choice is a blend and not a jump.
template <i64 A, i64 B, class T> static INLINE void choose(const b8* condition, const T* a, const T* b, T* y, i64 begin, i64 end) {
  const T first_a = *a, first_b = *b;
#pragma GCC ivdep
  for (i64 i = begin; i < end; i++) {
    const T p = A == 0 ? first_a : a[i], q = B == 0 ? first_b : b[i];
    const T mask = static_cast<T>(T(0) - static_cast<T>(condition[i].v));
    y[i] = static_cast<T>((p & mask) | (q & static_cast<T>(~mask)));
  }
}

// y = condition ? a : b, all row-major, or a and b one element each (step 0).
KERNEL(where, WIDTHS, (const b8* condition, const T* a, const T* b, T* y, i64 n, i64 step_a, i64 step_b)) {
  parallel_range(n, BROADCAST_BLOCK, 0.4, [&](i64 begin, i64 end, i64) {
    if (step_a != 0 && step_b != 0) choose<1, 1>(condition, a, b, y, begin, end);
    else if (step_a != 0) choose<1, 0>(condition, a, b, y, begin, end);
    else if (step_b != 0) choose<0, 1>(condition, a, b, y, begin, end);
    else choose<0, 0>(condition, a, b, y, begin, end);
  });
}

}  // namespace NSP
