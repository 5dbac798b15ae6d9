#include "common/loss.h"

namespace NSP {

// base^(gamma - 1) for base from 0 to 1 and gamma above 0; 0 at base 0, where what it multiplies has long been nothing.
static INLINE vd lower_power(vd base, f64 gamma) {
  if (gamma == 1) return splat(1.0);
  if (gamma == 2) return base;
  if (gamma == 3) return base * base;
  if (gamma == 4) return base * base * base;
  return pick(base > 0.0, exp_full(log_full(base) * splat(gamma - 1)), splat(0.0));
}
static INLINE f64 lower_power(f64 base, f64 gamma) {
  if (gamma == 1) return 1;
  if (gamma == 2) return base;
  return base > 0 ? __builtin_pow(base, gamma - 1) : 0;
}

template <class V> static INLINE V power_of(V base, f64 gamma) { return gamma == 0 ? all<V>(1.0) : lower_power(base, gamma) * base; }

// p = sigmoid(x), q = sigmoid(-x), below = softplus(-x), above = softplus(x), with one exponential.
template <class V> struct Logistic {
  V p, q, below, above;
  explicit INLINE Logistic(V x) {
    // At infinity the exponential itself stops short of 0.
    const V e = pick(abs(x) == INF, all<V>(0.0), exp_full(-abs(x))), one = all<V>(1.0), share = one / (one + e), other = e * share, l = log1p_unit_full(e);
    p = pick(x >= 0.0, share, other);
    q = pick(x >= 0.0, other, share);
    below = l + positive_part(-x);
    above = l + positive_part(x);
  }
};

// An infinite loss has long had a constant factor.
template <class V> static INLINE V if_finite(V x, V loss) { return pick(abs(x) < INF, loss, all<V>(0.0)); }

// t sigmoid(-x) - (1 - t) sigmoid(x), which is t - p. Near 0 the sigmoids are 1/2 +- (x/4 - x^3/48), of which they show too little.
template <class V> static INLINE V missed(V x, V t, const Logistic<V>& s) {
  const V negative = all<V>(1.0) - t, bend = x * (all<V>(0.25) - x * x * (1.0 / 48));
  return pick(abs(x) < 0x1p-10, (t - negative) * 0.5 - bend, t * s.q - negative * s.p);
}

// alpha_t m^gamma (t softplus(-x) + (1 - t) softplus(x)) with m = t sigmoid(-x) + (1 - t) sigmoid(x) and alpha_t = alpha t + (1 - alpha) (1 - t), or 1
// for an alpha below 0.
struct SigmoidFocal {
  static constexpr f64 NS = 3;
  template <class V> static INLINE LossValue<V> at(V x, V t, V alpha, f64 gamma) {
    const Logistic<V> s(x);
    const V one = all<V>(1.0), negative = one - t, p = s.p, q = s.q;
    const V entropy = times(t, s.below, x) + times(negative, s.above, x);
    const V m = t * q + negative * p, lower = gamma == 0 ? all<V>(0.0) : lower_power(m, gamma), power = gamma == 0 ? one : lower * m;
    const V none = all<V>(0.0), balance = pick(alpha < 0.0, one, alpha * t + (one - alpha) * negative);
    const V tilt = pick(alpha < 0.0, none, alpha + alpha - one);
    const V finite = if_finite(x, entropy);
    const V held = lower * gamma * finite;
    const V slope = -missed(x, t, s), bend = x * (all<V>(0.25) - x * x * (1.0 / 48));
    const V gap = pick(abs(x) < 0x1p-10, bend * -2.0, q - p);
    const V dx = balance * (held * (negative - t) * p * q + power * slope);
    const V dt = balance * (held * gap - times(power, x, x)) + tilt * power * finite;
    return {balance * times(power, entropy, x), dx, dt};
  }
};

// t q^positive softplus(-x) - (1 - t) m^negative log(1 - m), m = max(p - clip, 0). `still`: the powers are constants in the gradient.
struct Asymmetric {
  static constexpr f64 NS = 4;
  f64 positive, negative, clip;
  bool still;
  template <class V> INLINE LossValue<V> at(V x, V t, V, f64) const {
    const Logistic<V> s(x);
    const V one = all<V>(1.0), none = all<V>(0.0), other = one - t;
    const V own = power_of(s.q, positive), moved = still ? none : s.p * positive * if_finite(x, s.below);
    V rest, slope;
    if (clip == 0) {
      const V power = power_of(s.p, negative);
      rest = times(power, s.above, x);
      slope = power * (s.p + (still ? none : s.q * negative * if_finite(x, s.above)));
    } else {
      const V m = pick(s.p <= clip, none, s.p - all<V>(clip)), kept = s.q + clip;
      const V l = -pick(m < 0.25, log1p(-m), log_full(kept)), lower = negative == 0 ? none : lower_power(m, negative);
      const V power = negative == 0 ? one : lower * m;
      rest = power * l;
      slope = pick(s.p <= clip, none, s.p * s.q * ((still ? none : lower * negative * l) + power / kept));
    }
    return {times(t, own * s.below, x) + times(other, rest, x), other * slope - t * own * (moved + s.q), own * s.below - rest};
  }
};

// |t - p|^beta (t softplus(-x) + (1 - t) softplus(x))
struct QualityFocal {
  static constexpr f64 NS = 3;
  template <class V> static INLINE LossValue<V> at(V x, V t, V, f64 beta) {
    const Logistic<V> s(x);
    const V entropy = times(t, s.below, x) + times(all<V>(1.0) - t, s.above, x), miss = missed(x, t, s), size = abs(miss);
    const V lower = beta == 0 ? all<V>(0.0) : lower_power(size, beta), power = beta == 0 ? all<V>(1.0) : lower * size;
    const V turn = lower * beta * sign_of(miss) * if_finite(x, entropy);
    return {times(power, entropy, x), -(turn * s.p * s.q + power * miss), turn - times(power, x, x)};
  }
};

// t (t softplus(-x) + (1 - t) softplus(x)) for t above 0, alpha p^gamma softplus(x) for 0
struct Varifocal {
  static constexpr f64 NS = 3;
  template <class V> static INLINE LossValue<V> at(V x, V t, V alpha, f64 gamma) {
    const Logistic<V> s(x);
    const V entropy = times(t, s.below, x) + times(all<V>(1.0) - t, s.above, x), power = alpha * power_of(s.p, gamma);
    const V slope = power * (s.p + s.q * gamma * if_finite(x, s.above)), twice = t + t;
    // The entropy less t x, without infinity less infinity.
    const V growth = pick(x >= 0.0, s.below + times(all<V>(1.0) - twice, x, x), s.above - times(twice, x, x));
    return {
      pick(t == 0.0, times(power, s.above, x), t * entropy),
      pick(t == 0.0, slope, -(t * missed(x, t, s))),
      pick(t == 0.0, -times(power, x, x), growth),
    };
  }
};

// (t - p)^2
struct BinaryBrier {
  static constexpr f64 NS = 2;
  template <class V> static INLINE LossValue<V> at(V x, V t, V, f64) {
    const Logistic<V> s(x);
    const V miss = missed(x, t, s);
    return {miss * miss, miss * s.p * s.q * -2.0, miss + miss};
  }
};

KERNEL(loss_sigmoid_focal, FLOATS, (const T* x, const T* t, const T* positive, const T* dy, i64 each, T* y, T* dx, T* dt, f64* partial, i64 n, f64 gamma, f64 scale, f64 alpha)) {
  run_loss<SigmoidFocal, T>({x, t, positive, dy, each, y, dx, dt, partial, n, gamma, scale, alpha});
}

KERNEL(loss_asymmetric, FLOATS, (const T* x, const T* t, const T* positive, const T* dy, i64 each, T* y, T* dx, T* dt, f64* partial, i64 n, f64 gamma_positive, f64 scale, f64 gamma_negative, f64 clip, f64 still)) {
  run_loss<Asymmetric, T>({x, t, positive, dy, each, y, dx, dt, partial, n, gamma_positive, scale}, {gamma_positive, gamma_negative, clip, still != 0});
}

KERNEL(loss_quality_focal, FLOATS, (const T* x, const T* t, const T* positive, const T* dy, i64 each, T* y, T* dx, T* dt, f64* partial, i64 n, f64 beta, f64 scale)) {
  run_loss<QualityFocal, T>({x, t, positive, dy, each, y, dx, dt, partial, n, beta, scale});
}

KERNEL(loss_varifocal, FLOATS, (const T* x, const T* t, const T* positive, const T* dy, i64 each, T* y, T* dx, T* dt, f64* partial, i64 n, f64 gamma, f64 scale, f64 alpha)) {
  run_loss<Varifocal, T>({x, t, positive, dy, each, y, dx, dt, partial, n, gamma, scale, alpha});
}

KERNEL(loss_binary_brier, FLOATS, (const T* x, const T* t, const T* positive, const T* dy, i64 each, T* y, T* dx, T* dt, f64* partial, i64 n, f64 parameter, f64 scale)) {
  run_loss<BinaryBrier, T>({x, t, positive, dy, each, y, dx, dt, partial, n, parameter, scale});
}

}  // namespace NSP
