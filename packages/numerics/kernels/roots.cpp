// Roots, squares and reciprocals.

#include "common/unary.h"

namespace NSP {

static INLINE vf sqrt(vf x) {
  vf y;
  UNROLLED for (i64 i = 0; i < FL; i++) y[i] = __builtin_sqrtf(x[i]);
  return y;
}

UNARY(sqrt) {
  static INLINE vf direct(vf x) { return sqrt(x); }  // rounded correctly by IEEE 754
  FORMULA value(V x) { return sqrt(x); }
  FORMULA derivative(V x) { return 0.5 / sqrt(x); }
};

// The float32 quotient has 22 bits; one step of Newton's in double doubles them. 0 and infinity have none to take.
static INLINE vd rsqrt(vd x) {
  const vh h = narrow(x);
  vh root;
  UNROLLED for (i64 i = 0; i < DL; i++) root[i] = __builtin_sqrtf(h[i]);
  const vd r = widen(1.0f / root);
  return pick((abs(r) < INF) & (r != 0.0), r * (1.5 - 0.5 * x * r * r), r);
}
static INLINE f64 rsqrt(f64 x) { return 1 / __builtin_sqrt(x); }

UNARY(rsqrt) {
  FORMULA value(V x) { return rsqrt(x); }
  FORMULA derivative(V x) { return -0.5 / (x * sqrt(x)); }
};

UNARY(reciprocal) {
  FORMULA value(V x) { return 1.0 / x; }
  FORMULA derivative(V x) { return -1.0 / (x * x); }
};

UNARY(square) {
  FORMULA value(V x) { return x * x; }
  FORMULA derivative(V x) { return x + x; }
};

static INLINE f64 cbrt(f64 x) { return __builtin_cbrt(x); }
static INLINE vd cbrt(vd x) { return each_lane(x, [](f64 v) { return __builtin_cbrt(v); }); }

UNARY(cbrt) {
  FORMULA value(V x) { return cbrt(x); }
  FORMULA derivative(V x) {
    const V r = cbrt(x);
    return 1.0 / (3.0 * r * r);
  }
};

}  // namespace NSP
