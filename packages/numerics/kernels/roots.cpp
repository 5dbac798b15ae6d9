// Roots, squares and reciprocals.

#include "common/unary.h"

namespace NSP {

UNARY(sqrt) {
  FORMULA value(V x) { return sqrt(x); }
  FORMULA derivative(V x) { return 0.5 / sqrt(x); }
};

UNARY(rsqrt) {
  FORMULA value(V x) { return 1.0 / sqrt(x); }
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
