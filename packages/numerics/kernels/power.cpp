// Powers, and functions of two numbers that are roots or logarithms at heart.

#include "common/binary.h"

namespace NSP {

// Whether b is a whole number, and an odd one. 0 and 1 differ in the last bit that the rounding leaves; above 2^51, where float32 has even
// numbers only, b is held.
struct Parity {
  vl whole;
  vl odd;
};

static INLINE Parity parity(vd b) {
  const vd z = within(b, -0x1p50, 0x1p50);
  const vd t = z + splat(ROUND_TO_INTEGER);
  const vl whole = (t - splat(ROUND_TO_INTEGER)) == z;
  return {whole, whole & (((vl)t & 1) != 0)};
}

// |a|^c with the limits of IEEE 754; a = 0 and infinities come out of the logarithm's and the exponential's own.
static INLINE vd magnitude(vd a, vd c) {
  const vd base = abs(a);
  const vd z = pick(((base == 1.0) & (c == c)) | (c == 0.0), vd{}, c * log_full(base));
  return exp(z);
}

static INLINE vd pow(vd a, vd b) {
  const Parity p = parity(b);
  const vd r = magnitude(a, b);
  const vd wrong = pick((a < 0.0) & (a > -INF) & ~p.whole, splat(NOT_A_NUMBER), pick(p.odd, copysign(r, a), r));
  return pick((b == 0.0) | (a == 1.0), splat(1.0), wrong);
}
static INLINE f64 pow(f64 a, f64 b) { return __builtin_pow(a, b); }

// b a^(b - 1); the sign is that of an exponent one lower, also where b - 1 is not a double.
static INLINE vd pow_slope(vd a, vd b) {
  const Parity p = parity(b);
  const vd r = b * magnitude(a, b - 1.0);
  const vd wrong = pick((a < 0.0) & ~p.whole, splat(NOT_A_NUMBER), pick((a < 0.0) & ~p.odd, -r, r));
  return pick(b == 0.0, vd{}, pick(a == 1.0, b, wrong));
}
static INLINE f64 pow_slope(f64 a, f64 b) { return b == 0 ? 0 : b * __builtin_pow(a, b - 1); }

BINARY(pow) {
  FORMULA value(V a, V b) { return pow(a, b); }
  FORMULA derivative_a(V a, V b) { return pow_slope(a, b); }
  // a^b log(a), which is 0 where a = 0 and b >= 0
  FORMULA derivative_b(V a, V b) {
    const V y = pow(a, b) * log_full(a);
    return pick(a == 0.0, pick(b >= 0.0, all<V>(0), all<V>(-INF)), pick((a == INF) & (b < 0.0), all<V>(0), y));
  }
};

// max + log(1 + e^-|a - b|) crosses zero: full precision.
BINARY(logaddexp) {
  FORMULA value(V a, V b) {
    const V d = pick(a == b, all<V>(0), -abs(a - b)), greater = pick(a > b, a, b);
    return pick(d == -INF, greater, greater + log1p_unit_full(exp_full(d)));
  }
  FORMULA derivative_a(V a, V b) { return logistic(pick(a == b, all<V>(0), a - b)); }
  FORMULA derivative_b(V a, V b) { return logistic(pick(a == b, all<V>(0), b - a)); }
};

BINARY(logaddexp2) {
  FORMULA value(V a, V b) {
    const V d = pick(a == b, all<V>(0), -abs(a - b)), greater = pick(a > b, a, b);
    const V y = greater + pick(a == b, all<V>(1), log1p_unit_full(exp_full(d * LN2)) * LOG2E);
    return pick(d == -INF, greater, y);
  }
  FORMULA derivative_a(V a, V b) { return logistic(pick(a == b, all<V>(0), (a - b) * LN2)); }
  FORMULA derivative_b(V a, V b) { return logistic(pick(a == b, all<V>(0), (b - a) * LN2)); }
};

// 0 where a = 0 and b is no NaN, whatever log(b) is.
template <class V> static INLINE V unless_zero(V a, V b, V y) { return pick((a == 0.0) & (b == b), all<V>(0), y); }

// x / y where 0 / 0 is NaN and anything finite over infinity is 0: what it says in IEEE 754.
BINARY(xlogy) {
  FORMULA value(V a, V b) { return unless_zero(a, b, a * log(b)); }
  FORMULA derivative_a(V, V b) { return log(b); }
  FORMULA derivative_b(V a, V b) { return pick(b < 0.0, all<V>(NOT_A_NUMBER), a / abs(b)); }
};

BINARY(xlog1py) {
  FORMULA value(V a, V b) { return unless_zero(a, b, a * log1p(b)); }
  FORMULA derivative_a(V, V b) { return log1p(b); }
  FORMULA derivative_b(V a, V b) { return pick(b < -1.0, all<V>(NOT_A_NUMBER), a / abs(1.0 + b)); }
};

static INLINE vd hypot(vd a, vd b) {
  const vd r = sqrt(a * a + b * b);
  return pick((abs(a) == INF) | (abs(b) == INF), splat(INF), r);
}
static INLINE f64 hypot(f64 a, f64 b) { return __builtin_hypot(a, b); }

// a / hypot(a, b); 0 at the origin, the limit along the axis at infinity.
template <class V> static INLINE V share(V a, V b) {
  const V h = hypot(a, b);
  return pick(h == 0.0, all<V>(0), pick(abs(a) == INF, copysign(all<V>(1), a), a / h));
}

BINARY(hypot) {
  FORMULA value(V a, V b) { return hypot(a, b); }
  FORMULA derivative_a(V a, V b) { return share(a, b); }
  FORMULA derivative_b(V a, V b) { return share(b, a); }
};

// The angle in the right half plane, mirrored; infinities held at 1e300, beyond any float32.
static INLINE vd atan2(vd y, vd x) {
  const vd t = angle(at_most(abs(y), 1e300), at_most(abs(x), 1e300));
  const vd mirrored = pick((vl)x < 0, splat(PI) - t, t);
  return pick((x == x) & (y == y), copysign(mirrored, y), splat(NOT_A_NUMBER));
}
static INLINE f64 atan2(f64 y, f64 x) { return __builtin_atan2(y, x); }

// u / (u^2 + v^2), through two divisions so that squares cannot overflow in float64; 0 at infinity.
template <class V> static INLINE V over_square(V u, V v) {
  const V h = hypot(u, v);
  return pick(h == INF, all<V>(0), u / h / h);
}

BINARY(atan2) {
  FORMULA value(V a, V b) { return atan2(a, b); }
  FORMULA derivative_a(V a, V b) { return over_square(b, a); }
  FORMULA derivative_b(V a, V b) { return -over_square(a, b); }
};

}  // namespace NSP
