#include "common/loss.h"

namespace NSP {

// base^(gamma - 1) for base from 0 to 1 and gamma above 0; 0 at base 0, where what it multiplies has long been nothing.
static INLINE vd lower_power(vd base, f64 gamma) {
  if (gamma == 1) return splat(1.0);
  if (gamma == 2) return base;
  if (gamma == 3) return base * base;
  return pick(base > 0.0, exp_full(log_full(base) * splat(gamma - 1)), splat(0.0));
}
static INLINE f64 lower_power(f64 base, f64 gamma) {
  if (gamma == 1) return 1;
  if (gamma == 2) return base;
  return base > 0 ? __builtin_pow(base, gamma - 1) : 0;
}

// alpha_t m^gamma (t softplus(-x) + (1 - t) softplus(x)) with m = t sigmoid(-x) + (1 - t) sigmoid(x) and alpha_t = alpha t + (1 - alpha) (1 - t), or 1
// for an alpha below 0.
struct SigmoidFocal {
  static constexpr f64 NS = 3;
  template <class V> static INLINE LossValue<V> at(V x, V t, V alpha, f64 gamma) {
    const V e = exp_full(-abs(x)), one = all<V>(1.0), share = one / (one + e), other = e * share, l = log1p_unit_full(e);
    const V p = pick(x >= 0.0, share, other), q = pick(x >= 0.0, other, share), negative = one - t;
    const V below = l + positive_part(-x), above = l + positive_part(x);
    const V entropy = times(t, below, x) + times(negative, above, x);
    const V m = t * q + negative * p, lower = gamma == 0 ? all<V>(0.0) : lower_power(m, gamma), power = gamma == 0 ? one : lower * m;
    const V none = all<V>(0.0), balance = pick(alpha < 0.0, one, alpha * t + (one - alpha) * negative);
    const V tilt = pick(alpha < 0.0, none, alpha + alpha - one);
    // An infinite loss has long had a constant factor.
    const V finite = pick(abs(x) < INF, entropy, none);
    const V held = lower * gamma * finite;
    // Near 0 the sigmoids are 1/2 +- (x/4 - x^3/48), of which they show too little.
    const V bend = x * (all<V>(0.25) - x * x * (1.0 / 48));
    const V slope = pick(abs(x) < 0x1p-10, (negative - t) * 0.5 + bend, negative * p - t * q);
    const V gap = pick(abs(x) < 0x1p-10, bend * -2.0, q - p);
    const V dx = balance * (held * (negative - t) * p * q + power * slope);
    const V dt = balance * (held * gap - times(power, x, x)) + tilt * power * finite;
    return {balance * times(power, entropy, x), dx, dt};
  }
};

KERNEL(loss_sigmoid_focal, FLOATS, (const T* x, const T* t, const T* positive, const T* dy, i64 each, T* y, T* dx, T* dt, f64* partial, i64 n, f64 gamma, f64 scale, f64 alpha)) {
  run_loss<SigmoidFocal, T>({x, t, positive, dy, each, y, dx, dt, partial, n, gamma, scale, alpha});
}

}  // namespace NSP
