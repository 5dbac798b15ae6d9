#include "common/elements.h"

namespace NSP {

// Optimizer steps in place, in PyTorch's order of operations. Everything is float32 (float64) arithmetic as PyTorch's is: the step is
// limited by memory, and its rounding is far below the gradient's noise.

constexpr i64 STEP_BLOCK = 16384;

// g = maximize ? -grad : grad; g += decay p; buffer = first ? g : momentum buffer + (1 - dampening) g;
// p -= lr (nesterov ? g + momentum buffer : buffer). `buffer` is null without momentum.
KERNEL(sgd_step, FLOATS, (T* p, const T* grad, T* buffer, i64 n, f64 lr, f64 momentum, f64 dampening, f64 decay, i64 nesterov, i64 maximize, i64 first)) {
  const T sign = maximize ? -1 : 1, wd = static_cast<T>(decay), mu = static_cast<T>(momentum);
  const T keep = first ? 0 : mu, enter = first ? 1 : static_cast<T>(1 - dampening), rate = static_cast<T>(-lr);
  parallel_range(n, STEP_BLOCK, 0.25, [=](i64 from, i64 to, i64) {
    if (buffer == nullptr) {
      for (i64 i = from; i < to; i++) p[i] += rate * (sign * grad[i] + wd * p[i]);
      return;
    }
    if (first) {
      for (i64 i = from; i < to; i++) buffer[i] = 0;
    }
    if (nesterov) {
      for (i64 i = from; i < to; i++) {
        const T g = sign * grad[i] + wd * p[i];
        const T b = keep * buffer[i] + enter * g;
        buffer[i] = b;
        p[i] += rate * (g + mu * b);
      }
      return;
    }
    for (i64 i = from; i < to; i++) {
      const T b = keep * buffer[i] + enter * (sign * grad[i] + wd * p[i]);
      buffer[i] = b;
      p[i] += rate * b;
    }
  });
}

// Adam (decoupled: AdamW, which shrinks p before). Bias corrections come as step_size = lr / (1 - beta1^t) and
// root_correction = sqrt(1 - beta2^t). With `greatest` (amsgrad) the largest second moment so far divides.
KERNEL(adam_step, FLOATS, (T* p, const T* grad, T* mean, T* square, T* greatest, i64 n, f64 lr, f64 beta1, f64 beta2, f64 eps, f64 decay, f64 step_size, f64 root_correction, i64 decoupled, i64 maximize)) {
  using V = vec_of<T>;
  constexpr i64 L = lanes_of<T>;
  const V sign = splat_of<T>(maximize ? T(-1) : T(1));
  const V shrink = splat_of<T>(static_cast<T>(decoupled ? 1 - lr * decay : 1)), l2 = splat_of<T>(static_cast<T>(decoupled ? 0 : decay));
  const V b1 = splat_of<T>(static_cast<T>(beta1)), c1 = splat_of<T>(static_cast<T>(1 - beta1));
  const V b2 = splat_of<T>(static_cast<T>(beta2)), c2 = splat_of<T>(static_cast<T>(1 - beta2));
  const V rate = splat_of<T>(static_cast<T>(-step_size)), inverse = splat_of<T>(static_cast<T>(root_correction)), e = splat_of<T>(static_cast<T>(eps));
  const auto one = [=](V& pv, V gv, V& mv, V& vv, V& av) __attribute__((always_inline)) {
    pv = pv * shrink;
    const V g = sign * gv + l2 * pv;
    mv = b1 * mv + c1 * g;
    vv = b2 * vv + c2 * (g * g);
    V second = vv;
    if (greatest != nullptr) {
      av = av > vv ? av : vv;
      second = av;
    }
    V root;
    for (i64 k = 0; k < L; k++) root[k] = is_same<T, f32> ? __builtin_sqrtf(second[k]) : __builtin_sqrt(second[k]);
    pv = pv + rate * (mv / (root / inverse + e));
  };
  parallel_range(n, STEP_BLOCK, 0.6, [=](i64 from, i64 to, i64) {
    i64 i = from;
    for (; i + L <= to; i += L) {
      V pv = load(p + i), mv = load(mean + i), vv = load(square + i), av = greatest != nullptr ? load(greatest + i) : V{};
      one(pv, load(grad + i), mv, vv, av);
      store(p + i, pv);
      store(mean + i, mv);
      store(square + i, vv);
      if (greatest != nullptr) store(greatest + i, av);
    }
    for (; i < to; i++) {
      V pv{}, gv{}, mv{}, vv{}, av{};
      pv[0] = p[i];
      gv[0] = grad[i];
      mv[0] = mean[i];
      vv[0] = square[i];
      if (greatest != nullptr) av[0] = greatest[i];
      one(pv, gv, mv, vv, av);
      p[i] = pv[0];
      mean[i] = mv[0];
      square[i] = vv[0];
      if (greatest != nullptr) greatest[i] = av[0];
    }
  });
}

}  // namespace NSP
