#pragma once
// Elementwise losses of an input x and a target t: value and derivatives in float64, rounded once. One pass gives the single losses or their
// sum, and the gradient with it.

#include "exact.h"
#include "parallel.h"

namespace NSP {

constexpr i64 LOSS_BLOCK = 4096;

template <class V> struct LossValue {
  V f, dx, dt;
};

template <class V> static INLINE V positive_part(V x) { return pick(x > 0.0, x, all<V>(0.0)); }
template <class V> static INLINE V sign_of(V x) { return pick(x > 0.0, all<V>(1.0), pick(x < 0.0, all<V>(-1.0), x)); }

// a * b, where a = 0 gives 0 even if b is infinite: no such event, no loss. `x` is what b was made of; its NaN stays.
template <class V> static INLINE V times(V a, V b, V x) { return pick(a == 0.0, pick(x == x, all<V>(0.0), x), a * b); }

// Arguments shared by all losses. Null pointers: `positive` means `weight`, `dy` means 1, `y`, `dx`, `dt`, `partial` are not wanted.
// dx = derivative * scale * dy (dy has one value, or one for each element); partial has the sum of each block of LOSS_BLOCK.
template <class T> struct LossCall {
  const T *x, *t, *positive, *dy;
  i64 each;
  T *y, *dx, *dt;
  f64* partial;
  i64 n;
  f64 parameter, scale;
  f64 weight = 1;  // where `positive` is null
};

static INLINE void put(f32* p, vd v, i64 count) {
  if (count == DL) return store_half(p, narrow(v));
  for (i64 k = 0; k < count; k++) p[k] = static_cast<f32>(v[k]);
}
static INLINE void put(f64* p, f64 v, i64) { *p = v; }

template <class Loss, bool GRADIENT, class V, class T>
static INLINE V loss_at(const LossCall<T>& c, const Loss& loss, i64 i, V x, V t, V w, V g, i64 count) {
  const LossValue<V> v = loss.template at<V>(x, t, w, c.parameter);
  if (c.y != nullptr) put(c.y + i, v.f, count);
  if (GRADIENT && c.dx != nullptr) put(c.dx + i, v.dx * g, count);
  if (GRADIENT && c.dt != nullptr) put(c.dt + i, v.dt * g, count);
  return v.f;
}

// float32: vectors of doubles. The last, partial vector reads past the end, which the heap allows, and leaves those lanes out.
template <class Loss, bool GRADIENT> static INLINE f64 loss_block(const LossCall<f32>& c, const Loss& loss, i64 from, i64 to, f64 factor) {
  vd sum{};
  for (i64 i = from; i < to; i += DL) {
    const i64 count = min_of(to - i, DL);
    const vd w = c.positive != nullptr ? load_as<f64>(c.positive + i) : splat(c.weight);
    const vd g = c.each ? load_as<f64>(c.dy + i) * splat(factor) : splat(factor);
    const vd f = loss_at<Loss, GRADIENT, vd>(c, loss, i, load_as<f64>(c.x + i), load_as<f64>(c.t + i), w, g, count);
    sum += count == DL ? f : pick((vl)first_lanes<f64>(count), f, vd{});
  }
  f64 total = 0;
  for (i64 k = 0; k < DL; k++) total += sum[k];
  return total;
}

// float64: libm, one by one.
template <class Loss, bool GRADIENT> static INLINE f64 loss_block(const LossCall<f64>& c, const Loss& loss, i64 from, i64 to, f64 factor) {
  f64 sum = 0;
  for (i64 i = from; i < to; i++) {
    const f64 w = c.positive != nullptr ? c.positive[i] : c.weight;
    sum += loss_at<Loss, GRADIENT, f64>(c, loss, i, c.x[i], c.t[i], w, c.each ? c.dy[i] * factor : factor, 1);
  }
  return sum;
}

// A loss with more numbers than `parameter` holds them itself.
template <class Loss, class T> static NOINLINE void run_loss(const LossCall<T>& c, const Loss& loss = {}) {
  const f64 factor = c.dy != nullptr && !c.each ? c.scale * static_cast<f64>(*c.dy) : c.scale;
  parallel_for(ceil_div(c.n, LOSS_BLOCK), Loss::NS * static_cast<f64>(c.n), [&](i64 block, i64) {
    const i64 from = block * LOSS_BLOCK;
    const i64 to = min_of(c.n, from + LOSS_BLOCK);
    // Without gradients the compiler drops what only they need.
    const bool gradient = c.dx != nullptr || c.dt != nullptr;
    const f64 sum = gradient ? loss_block<Loss, true>(c, loss, from, to, factor) : loss_block<Loss, false>(c, loss, from, to, factor);
    if (c.partial != nullptr) c.partial[block] = sum;
  });
}

}  // namespace NSP
