// The error function, its kin, and gelu.

#include "common/unary.h"

namespace NSP {

constexpr f64 TWO_BY_ROOT_PI = 1.1283791670955126;

UNARY(erf) {
  FORMULA value(V x) { return erf(x); }
  FORMULA derivative(V x) { return exp(-x * x) * TWO_BY_ROOT_PI; }
};

UNARY(erfc) {
  FORMULA value(V x) { return erfc(x); }
  FORMULA derivative(V x) { return exp(-x * x) * -TWO_BY_ROOT_PI; }
};

// x P(w), w = -log(1 - x^2), in two pieces; 1 - |x| is exact for float32.
static INLINE vd erfinv(vd x) {
  const vd w = -log((1.0 - x) * (1.0 + x));
  const vd p = pick(w < 5.0, polynomial(at_most(w, 5.0) - 2.5, ERFINV_CENTRE), polynomial(sqrt(at_most(w, 16.4)) - 3.125, ERFINV_TAIL));
  return x * pick(w == INF, splat(INF), p);
}

// Newton's correction of the polynomial's 45 bits; erfc keeps the tail's precision.
static INLINE f64 erfinv(f64 x) {
  const f64 a = __builtin_fabs(x);
  if (!(a < 1)) return a == 1 ? x * INF : NOT_A_NUMBER;
  if (a < 1e-9) return x / TWO_BY_ROOT_PI;
  const f64 w = -__builtin_log((1 - a) * (1 + a));
  f64 y = w < 5 ? a * polynomial(w - 2.5, ERFINV_CENTRE) : a * polynomial(__builtin_sqrt(w < 16.4 ? w : 16.4) - 3.125, ERFINV_TAIL);
  if (w > 16.4) {
    y = __builtin_sqrt(w);
    for (int i = 0; i < 4; i++) {
      const f64 u = (__builtin_erfc(y) - (1 - a)) * __builtin_exp(y * y) / TWO_BY_ROOT_PI;
      y += u / (1 - y * u);
    }
    return copysign(y, x);
  }
  const f64 error = a < 0.5 ? a - __builtin_erf(y) : __builtin_erfc(y) - (1 - a);
  return copysign(y + error * __builtin_exp(y * y) / TWO_BY_ROOT_PI, x);
}

UNARY(erfinv) {
  FORMULA value(V x) { return erfinv(x); }
  FORMULA derivative(V x) {
    const V y = erfinv(x);
    return exp(y * y) * (1 / TWO_BY_ROOT_PI);
  }
};

// x Phi(x); below -40, where it underflows, x is held.
UNARY(gelu) {
  FORMULA value(V x) { return at_least(x, -40.0) * normal_cdf(x); }
  // Phi(x) + x phi(x) crosses zero near -0.7518: full precision.
  static INLINE vd derivative(vd x) {
    const vd z = within(x, -40.0, 40.0), e = exp_full(z * z * -0.5);
    const vd tail = e * erfcx_full(abs(z) * ROOT_HALF) * 0.5;
    return pick(z < 0.0, tail, 1.0 - tail) + z * (e * ROOT_TWO_PI_INVERSE);
  }
  static INLINE f64 derivative(f64 x) {
    const f64 z = within(x, -40.0, 40.0);
    return normal_cdf(z) + z * (exp(z * z * -0.5) * ROOT_TWO_PI_INVERSE);
  }
};

// x sigmoid(2 u), u = sqrt(2 / pi) (x + 0.044715 x^3), which is x / 2 (1 + tanh(u)) without the cancellation.
constexpr f64 TWO_ROOT_TWO_BY_PI = 1.5957691216057308;
constexpr f64 CUBIC = 0.044715;

UNARY(gelu_tanh) {
  FORMULA value(V x) {
    const V z = within(x, -50.0, 50.0);
    return pick(x > 0.0, x, z) * logistic(TWO_ROOT_TWO_BY_PI * z * (1.0 + CUBIC * z * z));
  }
  FORMULA derivative(V x) {
    const V z = within(x, -50.0, 50.0), w = TWO_ROOT_TWO_BY_PI * z * (1.0 + CUBIC * z * z);
    const V slope = TWO_ROOT_TWO_BY_PI * (1.0 + 3 * CUBIC * z * z);
    const V e = exp_full(-abs(w)), u = 1.0 + e;
    const V s = pick(w < 0.0, e, all<V>(1)) / u, rest = pick(w < 0.0, all<V>(1), e) / u;
    return s * (1.0 + z * slope * rest);
  }
};

}  // namespace NSP
