// Exponentials, the logistic function and the activations made of them. Derivatives come from the input: from a rounded result, as in
// y (1 - y), they would lose everything once y saturates.

#include "common/unary.h"

namespace NSP {

UNARY(exp) {
  FORMULA value(V x) { return exp(x); }
  FORMULA derivative(V x) { return exp(x); }
};

UNARY(exp2) {
  FORMULA value(V x) { return exp2(x); }
  FORMULA derivative(V x) { return exp2(x) * LN2; }
};

UNARY(expm1) {
  FORMULA value(V x) { return expm1(x); }
  FORMULA derivative(V x) { return exp(x); }
};

UNARY(sigmoid) {
  FORMULA value(V x) { return logistic(x); }
  FORMULA derivative(V x) {
    const V e = exp_of_minus_abs(x), u = 1.0 + e;
    return e / (u * u);
  }
};

// log(sigmoid(x)) = min(x, 0) - log(1 + e^-|x|)
UNARY(log_sigmoid) {
  FORMULA value(V x) { return at_most(x, 0.0) - log1p_unit(exp_of_minus_abs(x)); }
  FORMULA derivative(V x) { return logistic(-x); }
};

// In float32 a product with the reciprocal rounds to the same.
static INLINE vd over(vd x, f64 y) { return x * (1 / y); }
static INLINE f64 over(f64 x, f64 y) { return x / y; }

// log(1 + e^(beta x)) / beta; x itself where beta x is above the threshold
UNARY2(softplus, beta, threshold) {
  FORMULA value(V x, f64 beta, f64 threshold) {
    const V z = x * beta;
    const V y = at_least(z, 0.0) + log1p_unit(exp_of_minus_abs(z));
    return pick(z > threshold, x, over(y, beta));
  }
  FORMULA derivative(V x, f64 beta, f64 threshold) {
    const V z = x * beta;
    return pick(z > threshold, all<V>(1), logistic(z));
  }
};

// With m = e^2x - 1: m / (m + 2).
UNARY(tanh) {
  static INLINE vd value(vd x) {
    const vd m = expm1(x + x);
    return m / (m + 2.0);
  }
  static INLINE f64 value(f64 x) { return __builtin_tanh(x); }
  FORMULA derivative(V x) {
    const V e = exp_of_minus_abs(x + x), u = 1.0 + e;
    return 4.0 * e / (u * u);
  }
};

static INLINE vd sinh(vd x) {
  const vd m = expm1(abs(x));
  return copysign(0.5 * (m + m / (m + 1.0)), x);
}
static INLINE f64 sinh(f64 x) { return __builtin_sinh(x); }
static INLINE vd cosh(vd x) {
  const vd e = exp(abs(x));
  return 0.5 * (e + 1.0 / e);
}
static INLINE f64 cosh(f64 x) { return __builtin_cosh(x); }

UNARY(sinh) {
  FORMULA value(V x) { return sinh(x); }
  FORMULA derivative(V x) { return cosh(x); }
};

UNARY(cosh) {
  FORMULA value(V x) { return cosh(x); }
  FORMULA derivative(V x) { return sinh(x); }
};

// x sigmoid(x). Far below, x is held at -750, so that infinity times 0 does not arise: the limit is -0.
UNARY(silu) {
  FORMULA value(V x) {
    const V z = at_least(x, -750.0);
    return z * logistic(z);
  }
  // s (1 + x (1 - s)) crosses zero near -1.278: full precision.
  FORMULA derivative(V x) {
    const V z = within(x, -750.0, 750.0), e = exp_full(-abs(z)), u = 1.0 + e;
    const V s = pick(z < 0.0, e, all<V>(1)) / u, rest = pick(z < 0.0, all<V>(1), e) / u;
    return s * (1.0 + z * rest);
  }
};

// x tanh(softplus(x)) = x n / (n + 2), n = e^x (e^x + 2)
UNARY(mish) {
  FORMULA value(V x) {
    const V e = exp(at_most(x, 40.0)), n = e * (e + 2.0);
    return at_least(x, -750.0) * (n / (n + 2.0));
  }
  FORMULA derivative(V x) {
    const V z = within(x, -750.0, 40.0), e = exp_full(z), n = e * (e + 2.0), u = n + 2.0;
    return n / u + z * (4.0 * e * (e + 1.0) / (u * u));
  }
};

// scale x above 0, scale alpha (e^(rate x) - 1) below: elu, selu and celu
UNARY3(elu, alpha, scale, rate) {
  FORMULA value(V x, f64 alpha, f64 scale, f64 rate) {
    return pick(x > 0.0, x * scale, expm1(at_most(x, 0.0) * rate) * (scale * alpha));
  }
  FORMULA derivative(V x, f64 alpha, f64 scale, f64 rate) {
    return pick(x > 0.0, all<V>(scale), exp(at_most(x, 0.0) * rate) * (scale * alpha * rate));
  }
};

}  // namespace NSP
