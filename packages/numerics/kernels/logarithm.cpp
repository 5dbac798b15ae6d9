// Logarithms, and the inverse hyperbolic functions that are logarithms. Outside their domain value and derivative are NaN.

#include "common/unary.h"

namespace NSP {

// 1 / x for x >= 0
template <class V> static INLINE V inverse(V x) { return pick(x < 0.0, all<V>(NOT_A_NUMBER), 1.0 / abs(x)); }

UNARY(log) {
  FORMULA value(V x) { return log(x); }
  FORMULA derivative(V x) { return inverse(x); }
};

UNARY(log2) {
  FORMULA value(V x) { return log2(x); }
  FORMULA derivative(V x) { return inverse(x) * LOG2E; }
};

UNARY(log10) {
  FORMULA value(V x) { return log10(x); }
  FORMULA derivative(V x) { return inverse(x) * 0.4342944819032518; }
};

UNARY(log1p) {
  FORMULA value(V x) { return log1p(x); }
  FORMULA derivative(V x) { return inverse(1.0 + x); }
};

// log(x / (1 - x)). Near 1/2, where it crosses zero, x / (1 - x) - 1 = (2x - 1) / (1 - x) goes into the series.
static INLINE vd logit(vd x) {
  const vd u = x / (1.0 - x);
  const Exponent e = split_exponent(u);
  return log_limits(u, log_of({e.n, pick(e.n == 0.0, (2.0 * x - 1.0) / (1.0 - x), e.f)}));
}
static INLINE f64 logit(f64 x) {
  return x > 0.25 && x < 0.75 ? __builtin_log1p((2 * x - 1) / (1 - x)) : __builtin_log(x / (1 - x));
}

UNARY(logit) {
  FORMULA value(V x) { return logit(x); }
  FORMULA derivative(V x) { return inverse(x * (1.0 - x)); }
};

// log(1 - e^-x) for x >= 0: by expm1 while that is small, by log1p above.
UNARY(log1mexp) {
  FORMULA value(V x) {
    const V u = -expm1(-x);
    return pick(x < LN2, log(u), log1p(-exp(-x)));
  }
  FORMULA derivative(V x) { return inverse(expm1(x)); }
};

static INLINE vd asinh(vd x) {
  const vd a = at_most(abs(x), 1e150), s = a * a;
  return copysign(log1p(a + s / (1.0 + sqrt(s + 1.0))), x);
}
static INLINE f64 asinh(f64 x) { return __builtin_asinh(x); }
static INLINE vd acosh(vd x) {
  const vd t = at_most(x, 1e150) - 1.0;
  return log1p(t + sqrt(t * (t + 2.0)));
}
static INLINE f64 acosh(f64 x) { return __builtin_acosh(x); }
static INLINE vd atanh(vd x) {
  const vd a = abs(x);
  return copysign(0.5 * log1p(2.0 * a / (1.0 - a)), x);
}
static INLINE f64 atanh(f64 x) { return __builtin_atanh(x); }

UNARY(asinh) {
  FORMULA value(V x) { return pick(abs(x) < INF, asinh(x), x); }
  static INLINE vd derivative(vd x) { return 1.0 / sqrt(x * x + 1.0); }
  static INLINE f64 derivative(f64 x) { return 1 / __builtin_hypot(x, 1); }
};

UNARY(acosh) {
  FORMULA value(V x) { return pick(x < 1.0, all<V>(NOT_A_NUMBER), pick(x < INF, acosh(x), x)); }
  FORMULA derivative(V x) { return pick(x < 1.0, all<V>(NOT_A_NUMBER), 1.0 / (sqrt(x - 1.0) * sqrt(x + 1.0))); }
};

UNARY(atanh) {
  FORMULA value(V x) { return pick(abs(x) > 1.0, all<V>(NOT_A_NUMBER), atanh(x)); }
  FORMULA derivative(V x) { return inverse((1.0 - x) * (1.0 + x)); }
};

}  // namespace NSP
