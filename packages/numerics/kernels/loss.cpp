#include "common/loss.h"

namespace NSP {

struct Squared {
  static constexpr f64 NS = 0.4;
  template <class V> static INLINE LossValue<V> at(V x, V t, V, f64) {
    const V d = x - t;
    return {d * d, d + d, -(d + d)};
  }
};

struct Absolute {
  static constexpr f64 NS = 0.4;
  template <class V> static INLINE LossValue<V> at(V x, V t, V, f64) {
    const V d = x - t, s = sign_of(d);
    return {abs(d), s, -s};
  }
};

struct Huber {
  static constexpr f64 NS = 0.5;
  template <class V> static INLINE LossValue<V> at(V x, V t, V, f64 delta) {
    const V d = x - t, a = abs(d), inner = d * d * 0.5;
    const V g = pick(a <= delta, d, sign_of(d) * delta);
    return {pick(a <= delta, inner, (a - delta * 0.5) * delta), g, -g};
  }
};

struct SmoothAbsolute {
  static constexpr f64 NS = 0.6;
  template <class V> static INLINE LossValue<V> at(V x, V t, V, f64 beta) {
    const V d = x - t, a = abs(d);
    const V g = pick(a < beta, d / beta, sign_of(d));
    return {pick(a < beta, d * d * 0.5 / beta, a - beta * 0.5), g, -g};
  }
};

// t w softplus(-x) + (1 - t) softplus(x), with w the weight of the positive class.
struct LogisticEntropy {
  static constexpr f64 NS = 2.2;
  template <class V> static INLINE LossValue<V> at(V x, V t, V w, f64) {
    const V e = exp_full(-abs(x)), one = all<V>(1.0);
    V share, l;
    if constexpr (is_same<V, f64>) {
      share = one / (one + e);
      l = log1p(e);
    } else {
      // One division for both 1 / (1 + e) and the s = e / (2 + e) of log(1 + e) = 2 atanh(s).
      const V u = one + e, v = u + one, inverse = one / (u * v), s = e * u * inverse;
      share = v * inverse;
      l = s * polynomial(s * s, LOG1P_FAST);
    }
    const V other = e * share;
    const V p = pick(x >= 0.0, share, other), q = pick(x >= 0.0, other, share);
    const V positive = t * w, negative = one - t;
    const V below = positive_part(-x), above = positive_part(x);
    const V f = times(positive, l + below, x) + times(negative, l + above, x);
    // Near 0 sigmoid(x) is 1/2 + x/4 - x^3/48, of which p shows too little.
    const V bend = x * (all<V>(0.25) - x * x * (1.0 / 48)), near = (negative - positive) * 0.5 + (negative + positive) * bend;
    const V g = pick(abs(x) < 0x1p-10, near, negative * p - positive * q);
    return {f, g, (w - one) * l + w * below - above};
  }
};

// -(t log p + (1 - t) log(1 - p)). clamp: logarithms of at least -100, and a denominator of at least 1e-12, as PyTorch has them.
struct BinaryEntropy {
  static constexpr f64 NS = 3;
  template <class V> static INLINE LossValue<V> at(V p, V t, V, f64 clamp) {
    const V one = all<V>(1.0);
    V l = log_full(p), m = pick(p < 0.25, log1p(-p), log_full(one - p));
    if (clamp != 0) {
      l = at_least(l, -100.0);
      m = at_least(m, -100.0);
    }
    const V f = times(t, -l, p) + times(one - t, -m, p), spread = p * (one - p);
    if (clamp != 0) return {f, (p - t) / at_least(spread, 1e-12), m - l};
    const V edge = pick(t == 1.0, all<V>(0.0), (one - t) / (one - p)) - pick(t == 0.0, all<V>(0.0), t / p);
    return {f, pick((p > 0.0) & (p < 1.0), (p - t) / spread, edge), m - l};
  }
};

// t (log t - x), 0 where t = 0.
struct Divergence {
  static constexpr f64 NS = 2;
  template <class V> static INLINE LossValue<V> at(V x, V t, V, f64) {
    const V l = log_full(t) - x;
    return {times(t, l, x), -t, l + 1.0};
  }
};

// e^t (t - x), 0 where t = -infinity.
struct DivergenceOfLogs {
  static constexpr f64 NS = 2;
  template <class V> static INLINE LossValue<V> at(V x, V t, V, f64) {
    const V p = pick(t == -INF, all<V>(0.0), exp_full(t));
    return {times(p, t - x, x), -p, times(p, t - x + 1.0, x)};
  }
};

// softplus(margin - y x)
struct SoftMargin {
  static constexpr f64 NS = 2;
  template <class V> static INLINE LossValue<V> at(V x, V y, V, f64 margin) {
    const V z = all<V>(margin) - y * x, e = exp(-abs(z)), one = all<V>(1.0);
    const V s = pick(z >= 0.0, one, e) / (one + e);
    return {positive_part(z) + log1p_unit(e), -(y * s), -(x * s)};
  }
};

// e^x - t x of a rate's logarithm x: the exponential wins at infinity, and no events cost nothing at -infinity.
struct PoissonOfLogs {
  static constexpr f64 NS = 1.5;
  template <class V> static INLINE LossValue<V> at(V x, V t, V, f64) {
    const V e = pick(x == INF, x, exp_full(x));
    return {pick(x == INF, x, e - times(t, x, x)), e - t, -x};
  }
};

// x - t log(x + eps) of a rate x
struct Poisson {
  static constexpr f64 NS = 2;
  template <class V> static INLINE LossValue<V> at(V x, V t, V, f64 eps) {
    const V r = x + eps, l = log_full(r), slope = pick(t == 0.0, all<V>(1.0), all<V>(1.0) - t / r);
    return {pick(x == INF, x, x - times(t, l, l)), slope, -l};
  }
};

KERNEL(loss_squared, FLOATS, (const T* x, const T* t, const T* positive, const T* dy, i64 each, T* y, T* dx, T* dt, f64* partial, i64 n, f64 parameter, f64 scale)) {
  run_loss<Squared, T>({x, t, positive, dy, each, y, dx, dt, partial, n, parameter, scale});
}

KERNEL(loss_absolute, FLOATS, (const T* x, const T* t, const T* positive, const T* dy, i64 each, T* y, T* dx, T* dt, f64* partial, i64 n, f64 parameter, f64 scale)) {
  run_loss<Absolute, T>({x, t, positive, dy, each, y, dx, dt, partial, n, parameter, scale});
}

KERNEL(loss_huber, FLOATS, (const T* x, const T* t, const T* positive, const T* dy, i64 each, T* y, T* dx, T* dt, f64* partial, i64 n, f64 parameter, f64 scale)) {
  run_loss<Huber, T>({x, t, positive, dy, each, y, dx, dt, partial, n, parameter, scale});
}

KERNEL(loss_smooth_absolute, FLOATS, (const T* x, const T* t, const T* positive, const T* dy, i64 each, T* y, T* dx, T* dt, f64* partial, i64 n, f64 parameter, f64 scale)) {
  run_loss<SmoothAbsolute, T>({x, t, positive, dy, each, y, dx, dt, partial, n, parameter, scale});
}

KERNEL(loss_logistic_entropy, FLOATS, (const T* x, const T* t, const T* positive, const T* dy, i64 each, T* y, T* dx, T* dt, f64* partial, i64 n, f64 parameter, f64 scale)) {
  run_loss<LogisticEntropy, T>({x, t, positive, dy, each, y, dx, dt, partial, n, parameter, scale});
}

KERNEL(loss_binary_entropy, FLOATS, (const T* x, const T* t, const T* positive, const T* dy, i64 each, T* y, T* dx, T* dt, f64* partial, i64 n, f64 parameter, f64 scale)) {
  run_loss<BinaryEntropy, T>({x, t, positive, dy, each, y, dx, dt, partial, n, parameter, scale});
}

KERNEL(loss_divergence, FLOATS, (const T* x, const T* t, const T* positive, const T* dy, i64 each, T* y, T* dx, T* dt, f64* partial, i64 n, f64 parameter, f64 scale)) {
  run_loss<Divergence, T>({x, t, positive, dy, each, y, dx, dt, partial, n, parameter, scale});
}

KERNEL(loss_divergence_of_logs, FLOATS, (const T* x, const T* t, const T* positive, const T* dy, i64 each, T* y, T* dx, T* dt, f64* partial, i64 n, f64 parameter, f64 scale)) {
  run_loss<DivergenceOfLogs, T>({x, t, positive, dy, each, y, dx, dt, partial, n, parameter, scale});
}

KERNEL(loss_soft_margin, FLOATS, (const T* x, const T* t, const T* positive, const T* dy, i64 each, T* y, T* dx, T* dt, f64* partial, i64 n, f64 parameter, f64 scale)) {
  run_loss<SoftMargin, T>({x, t, positive, dy, each, y, dx, dt, partial, n, parameter, scale});
}

KERNEL(loss_poisson, FLOATS, (const T* x, const T* t, const T* positive, const T* dy, i64 each, T* y, T* dx, T* dt, f64* partial, i64 n, f64 parameter, f64 scale)) {
  run_loss<Poisson, T>({x, t, positive, dy, each, y, dx, dt, partial, n, parameter, scale});
}

KERNEL(loss_poisson_of_logs, FLOATS, (const T* x, const T* t, const T* positive, const T* dy, i64 each, T* y, T* dx, T* dt, f64* partial, i64 n, f64 parameter, f64 scale)) {
  run_loss<PoissonOfLogs, T>({x, t, positive, dy, each, y, dx, dt, partial, n, parameter, scale});
}

}  // namespace NSP
