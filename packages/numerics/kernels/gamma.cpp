// The logarithm of the gamma function and its derivatives, in double, one element at a time.

#include "common/unary.h"

extern "C" double lgamma_r(double x, int* sign);

namespace NSP {

// log |Gamma(x)|. The reentrant form: lgamma() writes a global.
static INLINE f64 lgamma(f64 x) {
  int sign;
  return x == -INF ? INF : lgamma_r(x, &sign);
}

// sum of 1 / (x + k)^(n + 1) and its tail by Euler and Maclaurin, x > 0; n is 1 or 2, the factor (-1)^(n + 1) n! aside.
static f64 zeta_sum(f64 x, int n) {
  f64 sum = 0;
  for (; x < 16; x += 1) sum += n == 1 ? 1 / (x * x) : 1 / (x * x * x);
  const f64 r = 1 / x, s = r * r;
  if (n == 1)
    return sum + r + s / 2 + r * s * (1.0 / 6 - s * (1.0 / 30 - s * (1.0 / 42 - s * (1.0 / 30 - s * (5.0 / 66 - s * (691.0 / 2730))))));
  return sum + s / 2 + r * s / 2 + s * s * (1.0 / 4 - s * (1.0 / 12 - s * (1.0 / 12 - s * (3.0 / 20 - s * (5.0 / 12)))));
}

// tan(pi x), exact reduction first
static f64 tan_pi(f64 x) { return __builtin_tan(PI * (x - __builtin_rint(x))); }

static f64 digamma(f64 x) {
  if (x == 0) return __builtin_copysign(INF, -x);
  if (x < 0) {
    if (x == __builtin_floor(x)) return NOT_A_NUMBER;
    return digamma(1 - x) - PI / tan_pi(x);
  }
  if (!(x < INF)) return x;
  f64 y = 0;
  if (x < 1) {
    y = -1 / x;
    x += 1;
  }
  if (x < 10) {
    for (; x > 2; x -= 1) y += 1 / (x - 1);
    // The root in two parts, so that the difference is exact to the last bit beside it.
    return y + ((x - 0x1.762d86356be3fp+0) - 0x1.b86a722197829p-54) * polynomial(x - 1.5, DIGAMMA);
  }
  const f64 s = 1 / (x * x);
  return __builtin_log(x) - 0.5 / x - s * (1.0 / 12 - s * (1.0 / 120 - s * (1.0 / 252 - s * (1.0 / 240 - s * (1.0 / 132 - s * (691.0 / 32760 - s / 12))))));
}

static f64 trigamma(f64 x) {
  if (x > 0) return x < INF ? zeta_sum(x, 1) : 0;
  if (x == __builtin_floor(x)) return x == -INF ? NOT_A_NUMBER : INF;
  const f64 s = __builtin_sin(PI * (x - __builtin_rint(x)));
  return PI * PI / (s * s) - zeta_sum(1 - x, 1);
}

static f64 tetragamma(f64 x) {
  if (x > 0) return x < INF ? -2 * zeta_sum(x, 2) : -0.0;
  if (x == __builtin_floor(x)) return NOT_A_NUMBER;
  const f64 t = tan_pi(x), s = __builtin_sin(PI * (x - __builtin_rint(x)));
  return -2 * zeta_sum(1 - x, 2) - 2 * PI * PI * PI / (t * s * s);
}

template <class F> struct EachLane {
  static INLINE f64 of(f64 x) { return F::of(x); }
  static INLINE vd of(vd x) { return each_lane(x, [](f64 v) { return F::of(v); }); }
};
struct Lgamma { static INLINE f64 of(f64 x) { return lgamma(x); } };
struct Digamma { static INLINE f64 of(f64 x) { return digamma(x); } };
struct Trigamma { static INLINE f64 of(f64 x) { return trigamma(x); } };
struct Tetragamma { static INLINE f64 of(f64 x) { return tetragamma(x); } };

UNARY(lgamma) {
  FORMULA value(V x) { return EachLane<Lgamma>::of(x); }
  FORMULA derivative(V x) { return EachLane<Digamma>::of(x); }
};

UNARY(digamma) {
  FORMULA value(V x) { return EachLane<Digamma>::of(x); }
  FORMULA derivative(V x) { return EachLane<Trigamma>::of(x); }
};

UNARY(trigamma) {
  FORMULA value(V x) { return EachLane<Trigamma>::of(x); }
  FORMULA derivative(V x) { return EachLane<Tetragamma>::of(x); }
};

}  // namespace NSP
