// Convolution: the gradients with respect to the weights and to the bias. The geometry is in common/conv.h.
//
// A weight's gradient is a dot product of the outputs' gradient with the input shifted by the weight's tap, over all images and outputs. Lanes run along
// outputs in both; a tile of output channels x (channel, tap) pairs is summed across lanes at the end.

#include "common/conv.h"
#include "common/dot.h"

namespace NSP {

// Chunks whose sums stay in the lanes together.
constexpr i64 MAX_GROUP = 32;

template <class T> struct WeightPlan {
  ConvShape s;
  Planes planes;
  Layout layout;
  i64 k, units, group;     // group: chunks summed before lanes are
  i64 parts, slices;       // parts of a group's output channels, slices of the units
  i64 taps, vector_offsets, partial, shared;
  i64 windows, gradients, thread;
  i64 window_size;

  explicit WeightPlan(const ConvShape& s)
      : s(s), layout(s, max_of<i64>(128, min_of<i64>(2048, 65536 / max_of(s.og, s.cg))), 0, LANES<T>) {
    planes = {{1 + s.reach(0), layout.rows + s.reach(1), layout.in_pitch}, s.cg};
    k = s.cg * s.taps();
    units = s.batch * layout.chunks(s);
    group = max_of<i64>(1, min_of<i64>(MAX_GROUP, 64 / max_of<i64>(layout.vectors, 1)));
    parts = ceil_div(s.og, 64);
    const bool small = s.nanoseconds(LANES<T>) < PARALLEL_THRESHOLD_NS;
    slices = small ? 1 : max_of<i64>(1, min_of(units, ceil_div(8, s.groups * parts)));
    window_size = s.all_phases() * s.cg * planes.plane() + LANES<T>;
    Pieces all, own;
    taps = all.take(k * sizeof(i32));
    vector_offsets = all.take(layout.vectors * sizeof(i32));
    partial = all.take(slices > 1 ? slices * s.groups * s.og * k * sizeof(T) : 0);
    shared = all.used;
    windows = own.take(group * window_size * sizeof(T));
    gradients = own.take(group * ceil_div(s.og, parts) * layout.plane() * sizeof(T));
    thread = own.used;
  }
};

template <class T> struct WeightTile {
  i64 count;             // chunks
  const i64* vectors;    // of each chunk
  const T* gradients;
  i64 gradient_plane, gradient_size;
  const T* windows;
  i64 window_size;
  const i32* taps;
  const i32* vector_offsets;
};

template <class T, int M, int N> static NOINLINE void weight_tile(const WeightTile<T>& job, T* sums) {
  vec<T> acc[M][N];
  UNROLL for (int i = 0; i < M; i++) {
    UNROLL for (int j = 0; j < N; j++) acc[i][j] = vec<T>{};
  }
  for (i64 u = 0; u < job.count; u++) {
    const T* dy = job.gradients + u * job.gradient_size;
    const T* x[N];
    UNROLL for (int j = 0; j < N; j++) x[j] = job.windows + u * job.window_size + job.taps[j];
    for (i64 v = 0; v < job.vectors[u]; v++) {
      const i64 at = job.vector_offsets[v];
      vec<T> a[M];
      UNROLL for (int i = 0; i < M; i++) a[i] = load(dy + i * job.gradient_plane + v * LANES<T>);
      UNROLL for (int j = 0; j < N; j++) {
        const vec<T> b = load(x[j] + at);
        UNROLL for (int i = 0; i < M; i++) acc[i][j] = fma(a[i], b, acc[i][j]);
      }
    }
  }
  sum_tile<T, M, N>(acc, sums);
}

// Adds to out [o1 - o0][k] what a few chunks contribute.
template <class T> static inline void weight_chunks(const WeightPlan<T>& plan, WeightTile<T> job, i64 channels, const i32* taps, T* out) {
  const Parts rows(channels, DOT_ROWS), columns(plan.k, DOT_COLUMNS);
  const T* gradients = job.gradients;
  T sums[DOT_SUMS<T>];
  // Columns outside: what a few of them read of the windows stays in the first cache while the gradients of all channels pass by.
  for (i64 q = 0; q < columns.count; q++) {
    const i64 t = columns.begin(q), n = columns.size(q);
    job.taps = taps + t;
    for (i64 r = 0; r < rows.count; r++) {
      const i64 o = rows.begin(r), m = rows.size(r);
      job.gradients = gradients + o * job.gradient_plane;
      with_dot_tile(m, n, [&]<int M, int N>() { weight_tile<T, M, N>(job, sums); });
      for (i64 i = 0; i < m; i++) {
        for (i64 j = 0; j < n; j++) out[(o + i) * plan.k + t + j] += sums[i * n + j];
      }
    }
  }
}

// dw [groups * og, cg, kernel] from x [batch, groups * cg, in] and dy [batch, groups * og, out].
KERNEL(conv_weight_grad, FLOATS, (const T* x, const T* dy, T* dw, Dims sizes, Dims extents, u8* scratch)) {
  const WeightPlan<T> plan{ConvShape(sizes, extents)};
  const ConvShape& s = plan.s;
  i32* taps = reinterpret_cast<i32*>(scratch + plan.taps);
  i32* vector_offsets = reinterpret_cast<i32*>(scratch + plan.vector_offsets);
  T* partial = plan.slices > 1 ? reinterpret_cast<T*>(scratch + plan.partial) : dw;
  for (i64 i = 0; i < plan.k; i++) taps[i] = static_cast<i32>(conv_offset(s, plan.planes, i / s.taps(), i % s.taps()));
  for (i64 v = 0; v < plan.layout.vectors; v++) vector_offsets[v] = static_cast<i32>(plan.layout.vector_offset(v));
  const Parts parts(s.og, ceil_div(s.og, plan.parts));
  const Blocks slices(plan.units, plan.slices), blocks(slices.count * s.groups * parts.count, 64);
  const i64 size = s.groups * s.og * plan.k, chunks = plan.layout.chunks(s);
  parallel_for(blocks.count, s.nanoseconds(LANES<T>), [&](i64 block, i64 thread) {
    u8* own = scratch + plan.shared + thread * plan.thread;
    T* windows = reinterpret_cast<T*>(own + plan.windows);
    T* gradients = reinterpret_cast<T*>(own + plan.gradients);
    const i64 gradient_size = parts.size(parts.count - 1) * plan.layout.plane();
    for (i64 job = blocks.begin(block); job < blocks.end(block); job++) {
      const i64 part = job % parts.count, g = job / parts.count % s.groups, slice = job / parts.count / s.groups;
      const i64 o0 = g * s.og + parts.begin(part), channels = parts.size(part);
      T* out = partial + slice * size + o0 * plan.k;
      zero(out, channels * plan.k);
      for (i64 unit = slices.begin(slice); unit < slices.end(slice); unit += plan.group) {
        i64 vectors[MAX_GROUP];
        const i64 count = min_of(plan.group, slices.end(slice) - unit);
        for (i64 u = 0; u < count; u++) {
          const Chunk c = plan.layout.chunk(s, (unit + u) / chunks, (unit + u) % chunks);
          vectors[u] = plan.layout.vectors_of(c);
          T* window = windows + u * plan.window_size;
          fill_window(s, plan.planes, c, x + (c.image * s.groups + g) * s.cg * s.in_size(), window);
          // Lanes past the window's end meet zeros of dy; they must not be NaN.
          zero(window + plan.window_size - LANES<T>, LANES<T>);
          fill_gradient(s, plan.layout, c, dy + (c.image * s.groups * s.og + o0) * s.out_size(), channels, gradients + u * gradient_size);
        }
        weight_chunks(plan, {count, vectors, gradients, plan.layout.plane(), gradient_size, windows, plan.window_size, taps, vector_offsets}, channels, taps, out);
      }
    }
  });
  if (plan.slices == 1) return;
  parallel_range(size, 4096, static_cast<f64>(plan.slices), [&](i64 begin, i64 end, i64) {
    for (i64 i = begin; i < end; i++) {
      T sum = partial[i];
      for (i64 slice = 1; slice < slices.count; slice++) sum += partial[slice * size + i];
      dw[i] = sum;
    }
  });
}

KERNEL_VALUE(conv_weight_scratch, FLOATS, (Dims sizes, Dims extents)) {
  const WeightPlan<T> plan{ConvShape(sizes, extents)};
  return static_cast<f64>(plan.shared + max_threads() * plan.thread);
}

// db [channels] = sum of dy [batch, channels, size] over batch and size, in float64.
KERNEL(conv_bias_grad, FLOATS, (const T* dy, T* db, i64 batch, i64 channels, i64 size)) {
  parallel_range(channels, 4, static_cast<f64>(batch * size) * 0.15, [&](i64 begin, i64 end, i64) {
    for (i64 c = begin; c < end; c++) {
      f64 total = 0;
      for (i64 b = 0; b < batch; b++) {
        const T* row = dy + (b * channels + c) * size;
        vd even = vd{}, odd = vd{};
        i64 i = 0;
        for (; i + 2 * DL <= size; i += 2 * DL) {
          if constexpr (is_same<T, f32>) {
            even += widen(load_half(row + i));
            odd += widen(load_half(row + i + DL));
          } else {
            even += load(row + i);
            odd += load(row + i + DL);
          }
        }
        const vd both = even + odd;
        for (i64 l = 0; l < DL; l++) total += both[l];
        for (; i < size; i++) total += static_cast<f64>(row[i]);
      }
      db[c] = static_cast<T>(total);
    }
  });
}

}  // namespace NSP
