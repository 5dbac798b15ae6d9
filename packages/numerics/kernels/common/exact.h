#pragma once
// Elementary functions of a vector of doubles, for float32 results that are rounded once, and their libm twins for one double. A formula
// written over `class V` therefore serves both: vd inside the float32 kernels, f64 inside the float64 ones.
//
// Two grades. The plain ones (exp, log, ...) have a relative error of 2^-36 or less: a float32 result then errs by 0.5001 units in the last
// place. The `_full` ones have a few units of 2^-53: for differences that cancel, as in the derivative of gelu where it crosses zero.
//
// No tables, no branches, no gathers. Inputs are float32 numbers widened, or functions of them; infinities are clamped where the range of
// double allows it (e^708 is far beyond float32), so that 0 * inf does not arise inside.

#include "elements.h"
#include "polynomials.h"

#ifdef __clang__
#define UNROLLED _Pragma("clang loop unroll(full)")
#else
#define UNROLLED _Pragma("GCC unroll 32")
#endif

namespace NSP {

constexpr f64 INF = __builtin_inf();
constexpr f64 NOT_A_NUMBER = __builtin_nan("");
constexpr f64 LN2 = 0.6931471805599453;
constexpr f64 LOG2E = 1.4426950408889634;
constexpr f64 PI = 3.141592653589793;
constexpr f64 ROUND_TO_INTEGER = 0x1.8p52;  // adding it leaves the nearest integer in the low bits

template <class V> static INLINE V all(f64 x) {
  if constexpr (is_same<V, f64>) return x;
  else return splat(x);
}

// Mask ? a : b, lane by lane; both sides are computed.
static INLINE vd pick(vl mask, vd a, vd b) { return mask ? a : b; }
static INLINE f64 pick(bool mask, f64 a, f64 b) { return mask ? a : b; }

static INLINE f64 fma(f64 a, f64 b, f64 c) { return a * b + c; }

// NaN stays NaN. Written so that the compilers see the maximum and the minimum instructions in it.
template <class V> static INLINE V at_least(V x, f64 low) {
  const V bound = all<V>(low);
  return x < bound ? bound : x;
}
template <class V> static INLINE V at_most(V x, f64 high) {
  const V bound = all<V>(high);
  return x > bound ? bound : x;
}
template <class V> static INLINE V within(V x, f64 low, f64 high) { return at_most(at_least(x, low), high); }

constexpr i64 SIGN_BIT = static_cast<i64>(1ull << 63);
static INLINE vd abs(vd x) { return (vd)((vl)x & ~SIGN_BIT); }
static INLINE f64 abs(f64 x) { return __builtin_fabs(x); }
static INLINE vd copysign(vd x, vd sign) { return (vd)(((vl)x & ~SIGN_BIT) | ((vl)sign & SIGN_BIT)); }
static INLINE f64 copysign(f64 x, f64 sign) { return __builtin_copysign(x, sign); }

static INLINE f64 sqrt(f64 x) { return __builtin_sqrt(x); }
static INLINE vd sqrt(vd x) {
  vd y;
  UNROLLED for (i64 i = 0; i < DL; i++) y[i] = __builtin_sqrt(x[i]);
  return y;
}

// A libm function, lane by lane: for what is rare or cannot be vectorised exactly.
template <class F> static INLINE vd each_lane(vd x, const F& f) {
  vd y;
  for (i64 i = 0; i < DL; i++) y[i] = f(x[i]);
  return y;
}

static INLINE bool any(vl mask) {
  i64 bits = 0;
  UNROLLED for (i64 i = 0; i < DL; i++) bits |= mask[i];
  return bits != 0;
}

// Every STEPth term of a polynomial from FIRST on, by Horner's rule in z = x^STEP.
template <int FIRST, int STEP, class V, int N> static INLINE V horner(V z, const f64 (&c)[N]) {
  constexpr int LAST = FIRST + (N - 1 - FIRST) / STEP * STEP;
  V p = all<V>(c[LAST]);
  UNROLLED for (int i = LAST - STEP; i >= 0; i -= STEP) p = fma(p, z, all<V>(c[i]));
  return p;
}

// c[0] + c[1] x + c[2] x^2 + ... Long ones go in two or four chains: one would wait for each multiplication.
template <class V, int N> static INLINE V polynomial(V x, const f64 (&c)[N]) {
  if constexpr (N < 10) return horner<0, 1>(x, c);
  const V z = x * x;
  if constexpr (N < 16) return fma(horner<1, 2>(z, c), x, horner<0, 2>(z, c));
  const V w = z * z;
  const V odd = fma(horner<3, 4>(w, c), z, horner<1, 4>(w, c)), even = fma(horner<2, 4>(w, c), z, horner<0, 4>(w, c));
  return fma(odd, x, even);
}

// --- exponentials ----------------------------------------------------------------------------------------------------

// x = n ln2 + r, |r| <= ln2 / 2; `scale` is 2^n.
struct Halving {
  vd r;
  vl n;  // shifted to the exponent's place
};

static INLINE Halving halve(vd x) {
  const vd t = fma(x, splat(LOG2E), splat(ROUND_TO_INTEGER));
  const vd n = t - splat(ROUND_TO_INTEGER);
  return {fma(n, splat(-LN2), x), (vl)t << 52};
}

// e^708 above 708, e^-708 below -708: infinity and 0 in float32.
static INLINE vd exp(vd x) {
  const Halving h = halve(within(x, -708, 708));
  return (vd)((vl)polynomial(h.r, EXP_FAST) + h.n);
}
static INLINE f64 exp(f64 x) { return __builtin_exp(x); }

// ln2 in two parts, the first with trailing zeros, so that n times it is exact without a fused multiply-add.
static INLINE vd exp_full(vd y) {
  const vd x = within(y, -708, 708);
  const vd t = fma(x, splat(LOG2E), splat(ROUND_TO_INTEGER));
  const vd n = t - splat(ROUND_TO_INTEGER);
  const vd high = fma(n, splat(-0x1.62e42fefa38p-1), x);
  const vd low = n * splat(-0x1.ef35793c7673p-45);
  const vd r = high + low;
  const vd lost = (high - r) + low;
  const vd p = splat(1.0) + (r + fma(polynomial(r, EXPM1_FULL) * r, r, lost));
  return (vd)((vl)p + ((vl)t << 52));
}
static INLINE f64 exp_full(f64 x) { return __builtin_exp(x); }

static INLINE vd expm1(vd x) {
  const Halving h = halve(within(x, -708, 708));
  const vd scale = (vd)((vl)splat(1.0) + h.n);
  return polynomial(h.r, EXPM1_FAST) * h.r * scale - (splat(1.0) - scale);  // in this order -0 stays -0
}
static INLINE f64 expm1(f64 x) { return __builtin_expm1(x); }

static INLINE vd exp2(vd y) {
  const vd x = within(y, -1020, 1020);
  const vd t = x + splat(ROUND_TO_INTEGER);
  const vd r = (x - (t - splat(ROUND_TO_INTEGER))) * splat(LN2);
  return (vd)((vl)polynomial(r, EXP_FAST) + ((vl)t << 52));
}
static INLINE f64 exp2(f64 x) { return __builtin_exp2(x); }

// --- logarithms ------------------------------------------------------------------------------------------------------

// x = 2^-n (1 + f), f from sqrt(1/2) - 1 to sqrt(2) - 1. The exponent is kept negative because 0 * -ln2 = -0 leaves the sign of f = -0 alone.
struct Exponent {
  vd n;
  vd f;
};

static INLINE Exponent split_exponent(vd x) {
  constexpr i64 BIAS = 1023ll << 52, ROOT_HALF = 0x3FE6A09E667F3BCD;
  const vul k = (vul)((vl)x + (BIAS - ROOT_HALF)) >> 52;  // exponent + 1023
  const vd m = (vd)((vl)x - (vl)(k << 52) + BIAS);
  const vd n = splat(0x1p52 + 1023) - (vd)((vl)k | 0x4330000000000000);
  return {n, m - splat(1.0)};
}

// log of 2^-n (1 + f) by 2 atanh(s), s = f / (2 + f)
static INLINE vd log_of(Exponent e) {
  const vd s = e.f / (e.f + splat(2.0));
  return fma(e.n, splat(-LN2), s * polynomial(s * s, LOG_FAST));
}

static INLINE vd log_full_of(Exponent e) {
  const vd f = e.f, s = f / (f + splat(2.0)), half = splat(0.5) * f * f, z = s * s;
  const vd tail = s * (half + z * polynomial(z, LOG_FULL)) + e.n * splat(-0x1.ef35793c7673p-45);
  return e.n * splat(-0x1.62e42fefa38p-1) - ((half - tail) - f);
}

// What a logarithm is where its formula is not: of 0, negative numbers, infinity and NaN.
static INLINE vd log_limits(vd x, vd result) {
  const vd finite = pick(x < INF, result, x);
  return pick(x > 0.0, finite, pick(x == 0.0, splat(-INF), splat(NOT_A_NUMBER)));
}

static INLINE vd log(vd x) { return log_limits(x, log_of(split_exponent(x))); }
static INLINE f64 log(f64 x) { return __builtin_log(x); }
static INLINE vd log_full(vd x) { return log_limits(x, log_full_of(split_exponent(x))); }
static INLINE f64 log_full(f64 x) { return __builtin_log(x); }

static INLINE vd log2(vd x) {
  const Exponent e = split_exponent(x);
  const vd s = e.f / (e.f + splat(2.0));
  return log_limits(x, s * polynomial(s * s, LOG_FAST) * splat(LOG2E) - e.n);
}
static INLINE f64 log2(f64 x) { return __builtin_log2(x); }

static INLINE vd log10(vd x) { return log(x) * splat(0.4342944819032518); }
static INLINE f64 log10(f64 x) { return __builtin_log10(x); }

// log(1 + x): where 1 + x has the exponent of 1, x itself is what goes into the series.
static INLINE vd log1p(vd x) {
  const vd u = splat(1.0) + x;
  const Exponent e = split_exponent(u);
  return log_limits(u, log_of({e.n, pick(e.n == 0.0, x, e.f)}));
}
static INLINE f64 log1p(f64 x) { return __builtin_log1p(x); }

// log(1 + x) for 0 <= x <= 1, without taking the exponent apart.
static INLINE vd log1p_unit(vd x) {
  const vd s = x / (x + splat(2.0));
  return s * polynomial(s * s, LOG1P_FAST);
}
static INLINE f64 log1p_unit(f64 x) { return __builtin_log1p(x); }
static INLINE vd log1p_unit_full(vd x) {
  const vd s = x / (x + splat(2.0)), z = s * s;
  return x - s * (x - z * polynomial(z, LOG1P_FULL));
}
static INLINE f64 log1p_unit_full(f64 x) { return __builtin_log1p(x); }

// --- logistic --------------------------------------------------------------------------------------------------------

// e^-|x|, what the logistic function and its kin are made of without overflow.
template <class V> static INLINE V exp_of_minus_abs(V x) { return exp(-abs(x)); }

static INLINE vd logistic(vd x) { return splat(1.0) / (splat(1.0) + exp(-x)); }
static INLINE f64 logistic(f64 x) {
  const f64 e = __builtin_exp(-__builtin_fabs(x));
  return (x < 0 ? e : 1) / (1 + e);
}

// --- error function --------------------------------------------------------------------------------------------------

// x P(x^2), the polynomial centred in [0, 16]; erf(4) rounds to 1 in float32.
static INLINE vd erf(vd x) {
  const vd a = within(x, -4, 4);
  return a * polynomial(fma(a * a, splat(0.125), splat(-1.0)), ERF);
}
static INLINE f64 erf(f64 x) { return __builtin_erf(x); }

// e^(a^2) erfc(a) for a >= 0, as P((a - k) / (a + k)) / (1 + 2 a); one division serves both. Above 11, where erfc underflows in float32,
// that of 11.
static INLINE vd erfcx(vd x) {
  const vd a = at_most(x, 11.0), u = a + splat(3.0), v = fma(a, splat(2.0), splat(1.0));
  const vd r = splat(1.0) / (u * v);
  return polynomial((a - splat(3.0)) * v * r, ERFCX_FAST) * (u * r);
}
static INLINE vd erfcx_full(vd x) {
  const vd a = at_most(x, 11.0);
  return polynomial((a - splat(3.75)) / (a + splat(3.75)), ERFCX_FULL) / fma(a, splat(2.0), splat(1.0));
}

static INLINE vd erfc(vd x) {
  const vd upper = exp(-x * x) * erfcx(abs(x));
  return pick(x < 0.0, splat(2.0) - upper, upper);
}
static INLINE f64 erfc(f64 x) { return __builtin_erfc(x); }

constexpr f64 ROOT_HALF = 0.7071067811865476;
constexpr f64 ROOT_TWO_PI_INVERSE = 0.3989422804014327;

// The normal distribution function; its lower tail keeps its relative accuracy.
static INLINE vd normal_cdf(vd x) {
  const vd tail = exp(x * x * splat(-0.5)) * erfcx(abs(x) * splat(ROOT_HALF)) * splat(0.5);
  return pick(x < 0.0, tail, splat(1.0) - tail);
}
static INLINE f64 normal_cdf(f64 x) { return 0.5 * __builtin_erfc(-x * ROOT_HALF); }

// --- trigonometry ----------------------------------------------------------------------------------------------------

// x = n pi/2 + r, |r| <= pi/4, for |x| <= 2^20: pi/2 in three parts, the first two with trailing zeros.
struct Quadrant {
  vd r;
  vl n;
};

constexpr f64 REDUCIBLE = 0x1p20;

static INLINE Quadrant quadrant(vd x) {
  const vd t = fma(x, splat(0.6366197723675814), splat(ROUND_TO_INTEGER));
  const vd n = t - splat(ROUND_TO_INTEGER);
  vd r = fma(n, splat(-0x1.921fb544p0), x);
  r = fma(n, splat(-0x1.0b4611a6p-34), r);
  return {fma(n, splat(-0x1.3198a2e037073p-69), r), (vl)t};
}

static INLINE vd sin_of(vd r, vd z) { return r * fma(polynomial(z, SIN), z, splat(1.0)); }
static INLINE vd cos_of(vd z) { return fma(fma(polynomial(z, COS), z, splat(-0.5)), z, splat(1.0)); }

// sin(r + n pi/2)
static INLINE vd sin_in(Quadrant q) {
  const vd z = q.r * q.r;
  const vd y = pick((q.n & 1) != 0, cos_of(z), sin_of(q.r, z));
  return (vd)((vl)y ^ ((q.n & 2) << 62));
}

static NOINLINE vd sin_far(vd x) { return each_lane(x, [](f64 v) { return __builtin_sin(v); }); }
static NOINLINE vd cos_far(vd x) { return each_lane(x, [](f64 v) { return __builtin_cos(v); }); }
static NOINLINE vd tan_far(vd x) { return each_lane(x, [](f64 v) { return __builtin_tan(v); }); }

static INLINE vd sin(vd x) {
  if (any(abs(x) > REDUCIBLE)) return sin_far(x);
  return sin_in(quadrant(x));
}
static INLINE vd cos(vd x) {
  if (any(abs(x) > REDUCIBLE)) return cos_far(x);
  const Quadrant q = quadrant(x);
  return sin_in({q.r, q.n + 1});
}
static INLINE vd tan(vd x) {
  if (any(abs(x) > REDUCIBLE)) return tan_far(x);
  const Quadrant q = quadrant(x);
  const vd z = q.r * q.r, s = sin_of(q.r, z), c = cos_of(z);
  const vl odd = (q.n & 1) != 0;
  return pick(odd, -c, s) / pick(odd, s, c);
}
static INLINE f64 sin(f64 x) { return __builtin_sin(x); }
static INLINE f64 cos(f64 x) { return __builtin_cos(x); }
static INLINE f64 tan(f64 x) { return __builtin_tan(x); }

// The angle of (x, y) in the first quadrant, x and y >= 0 and finite: one division, |t| <= tan(pi/8).
static INLINE vd angle(vd y, vd x) {
  const vl steep = y > x * splat(2.414213562373095), middle = y > x * splat(0.4142135623730951);
  const vd over = pick(steep, -x, pick(middle, y - x, y));
  const vd under = pick(steep, y, pick(middle, y + x, x));
  const vd base = pick(steep, splat(PI / 2), pick(middle, splat(PI / 4), vd{}));
  const vd t = over / pick(under == 0.0, splat(1.0), under), z = t * t;
  return base + t * fma(polynomial(z, ATAN), z, splat(1.0));
}

static INLINE vd atan(vd x) { return copysign(angle(at_most(abs(x), 1e300), splat(1.0)), x); }
static INLINE f64 atan(f64 x) { return __builtin_atan(x); }

// sqrt(1 - x^2) without losing what is left near 1
template <class V> static INLINE V cosine_of_sine(V x) { return sqrt((1.0 - x) * (1.0 + x)); }

static INLINE vd asin(vd x) { return copysign(angle(abs(x), cosine_of_sine(x)), x); }
static INLINE f64 asin(f64 x) { return __builtin_asin(x); }
static INLINE vd acos(vd x) {
  const vd a = angle(cosine_of_sine(x), abs(x));
  return pick(x < 0.0, splat(PI) - a, a);
}
static INLINE f64 acos(f64 x) { return __builtin_acos(x); }

}  // namespace NSP
