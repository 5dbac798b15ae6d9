// Functions of three tensors, each row-major or one element (step 0), computed in double and rounded once.

#include "common/unary.h"

namespace NSP {

constexpr i64 TERNARY_BLOCK = 16384;

template <class T, class F>
static INLINE void ternary(const T* a, const T* b, const T* c, T* y, i64 n, i64 sa, i64 sb, i64 sc, const F& f) {
  parallel_range(n, TERNARY_BLOCK, 1.0, [&](i64 begin, i64 end, i64) {
#pragma GCC ivdep
    for (i64 i = begin; i < end; i++)
      y[i] = static_cast<T>(f(static_cast<f64>(a[i * sa]), static_cast<f64>(b[i * sb]), static_cast<f64>(c[i * sc])));
  });
}

// a + w (b - a), from the nearer end
KERNEL(lerp, FLOATS, (const T* a, const T* b, const T* w, T* y, i64 n, i64 sa, i64 sb, i64 sw)) {
  ternary(a, b, w, y, n, sa, sb, sw, [](f64 p, f64 q, f64 t) { return t < 0.5 ? p + t * (q - p) : q - (q - p) * (1 - t); });
}

KERNEL(addcmul, FLOATS, (const T* a, const T* b, const T* c, T* y, i64 n, i64 sa, i64 sb, i64 sc, f64 value)) {
  ternary(a, b, c, y, n, sa, sb, sc, [value](f64 p, f64 q, f64 r) { return p + value * q * r; });
}

KERNEL(addcdiv, FLOATS, (const T* a, const T* b, const T* c, T* y, i64 n, i64 sa, i64 sb, i64 sc, f64 value)) {
  ternary(a, b, c, y, n, sa, sb, sc, [value](f64 p, f64 q, f64 r) { return p + value * q / r; });
}

}  // namespace NSP
