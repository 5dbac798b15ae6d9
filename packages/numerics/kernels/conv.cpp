// Convolution: forward, and the gradient with respect to the input (which is also the forward pass of the transposed convolution).
// The method is in common/conv.h.

#include "common/conv.h"

namespace NSP {

// Sums longer than this are cut, so that a tile's part of the weights stays in the first cache.
constexpr i64 CONV_DEPTH = 512;

static inline i64 conv_budget(i64 channels) { return max_of<i64>(128, min_of<i64>(2048, 65536 / max_of<i64>(channels, 1))); }

// Channels are divided among jobs only where images and groups do not give enough of them.
static inline i64 channel_parts(i64 jobs, i64 channels) {
  return max_of<i64>(1, min_of(ceil_div(8, max_of<i64>(jobs, 1)), channels / 16));
}

template <class T> struct ForwardPlan {
  ConvShape s;
  bool direct;
  Planes planes;
  Layout layout;
  i64 units, parts;
  i64 weights, taps, vector_offsets, shared;  // pieces of scratch that all threads read
  i64 window, sums, thread;                   // pieces of each thread's scratch

  explicit ForwardPlan(const ConvShape& s)
      : s(s), direct(s.direct()), layout(s, conv_budget(s.og), s.direct() ? s.in[2] : 0, LANES<T>) {
    if (direct) planes = {{s.in[0], s.in[1], s.in[2]}, s.cg};
    else planes = {{1 + s.reach(0), layout.rows + s.reach(1), layout.in_pitch}, s.cg};
    units = s.batch * layout.chunks(s);
    parts = channel_parts(units * s.groups, s.og);
    Pieces all, own;
    weights = all.take(s.groups * s.og * s.cg * s.taps() * sizeof(T));
    taps = all.take(s.cg * s.taps() * sizeof(i32));
    vector_offsets = all.take(layout.vectors * sizeof(i32));
    shared = all.used;
    window = own.take(direct ? 0 : s.all_phases() * s.cg * planes.plane() * sizeof(T));
    sums = own.take(s.og * layout.plane() * sizeof(T));
    thread = own.used;
  }
};

template <class T> struct ForwardTile {
  i64 depth;
  const T* a;
  const T* window;
  const i32* taps;
  const i32* vectors;
  T* sums;
  i64 plane;
  bool first;
  const T* bias;
};

template <class T, int M, int N> static NOINLINE void forward_tile(const ForwardTile<T>& job) {
  vec<T> acc[M][N];
  const T* b[N];
  UNROLL for (int j = 0; j < N; j++) b[j] = job.window + job.vectors[j];
  UNROLL for (int i = 0; i < M; i++) {
    const vec<T> start = job.first && job.bias != nullptr ? splat(job.bias[i]) : vec<T>{};
    UNROLL for (int j = 0; j < N; j++) acc[i][j] = job.first ? start : load(job.sums + i * job.plane + j * LANES<T>);
  }
  multiply_tile<T, M, N>(acc, job.depth, job.a, b, job.taps);
  UNROLL for (int i = 0; i < M; i++) {
    UNROLL for (int j = 0; j < N; j++) store(job.sums + i * job.plane + j * LANES<T>, acc[i][j]);
  }
}

// One chunk of one group: the output channels [o0, o1) into `sums`, in the chunk's vector layout.
template <class T>
static inline void forward_chunk(const ForwardPlan<T>& plan, const T* weights, const T* window, const i32* taps, const i32* vector_offsets,
                                 const T* bias, i64 o0, i64 o1, i64 vectors, T* sums) {
  const i64 k = plan.s.cg * plan.s.taps(), plane = plan.layout.plane();
  const Parts rows(o1 - o0, TILE_ROWS), columns(vectors, TILE_VECTORS);
  for (i64 p = 0; p < k; p += CONV_DEPTH) {
    const i64 depth = min_of(CONV_DEPTH, k - p);
    for (i64 v = 0; v < columns.count; v++) {
      const i64 v0 = columns.begin(v);
      for (i64 r = 0; r < rows.count; r++) {
        const i64 m = rows.size(r), o = o0 + rows.begin(r);
        const ForwardTile<T> job = {depth, weights + o * k + p * m, window, taps + p, vector_offsets + v0, sums + o * plane + v0 * LANES<T>, plane, p == 0,
                                    bias == nullptr ? nullptr : bias + o};
        with_tile(m, columns.size(v), [&]<int M, int N>() { forward_tile<T, M, N>(job); });
      }
    }
  }
}

template <class T> static inline void write_chunk(const ForwardPlan<T>& plan, const Chunk& c, const T* sums, i64 o0, i64 o1, T* y) {
  const ConvShape& s = plan.s;
  for (i64 o = o0; o < o1; o++) {
    const T* from = sums + o * plan.layout.plane();
    T* to = y + ((o * s.out[0] + c.z) * s.out[1] + c.y) * s.out[2] + c.x;
    for (i64 r = 0; r < c.rows; r++) {
      const i64 limit = c.columns == s.out[2] ? (c.rows - r) * c.columns : c.columns;
      copy_row(to + r * s.out[2], from + r * plan.layout.out_pitch, c.columns, limit);
    }
  }
}

// x [batch, groups * cg, in], w [groups * og, cg, kernel], bias [groups * og] or null, y [batch, groups * og, out].
KERNEL(conv, FLOATS, (const T* x, const T* w, const T* bias, T* y, Dims sizes, Dims extents, u8* scratch)) {
  const ForwardPlan<T> plan{ConvShape(sizes, extents)};
  const ConvShape& s = plan.s;
  const i64 k = s.cg * s.taps();
  T* weights = reinterpret_cast<T*>(scratch + plan.weights);
  i32* taps = reinterpret_cast<i32*>(scratch + plan.taps);
  i32* vector_offsets = reinterpret_cast<i32*>(scratch + plan.vector_offsets);
  for (i64 i = 0; i < k; i++) taps[i] = static_cast<i32>(conv_offset(s, plan.planes, i / s.taps(), i % s.taps()));
  for (i64 v = 0; v < plan.layout.vectors; v++) vector_offsets[v] = static_cast<i32>(plan.layout.vector_offset(v));
  const Parts parts(s.og, ceil_div(s.og, plan.parts));
  parallel_for(s.groups * parts.count, static_cast<f64>(s.groups * s.og * k), [&](i64 job, i64) {
    const i64 g = job / parts.count, part = job % parts.count, o0 = parts.begin(part);
    const Parts rows(parts.size(part), TILE_ROWS);
    for (i64 r = 0; r < rows.count; r++) {
      const i64 o = g * s.og + o0 + rows.begin(r);
      pack_rows<T, T>(w + o * k, k, 1, rows.size(r), k, weights + o * k);
    }
  });
  const Blocks blocks(plan.units * s.groups * parts.count, 64);
  parallel_for(blocks.count, s.nanoseconds(LANES<T>), [&](i64 block, i64 thread) {
    u8* own = scratch + plan.shared + thread * plan.thread;
    T* window = reinterpret_cast<T*>(own + plan.window);
    T* sums = reinterpret_cast<T*>(own + plan.sums);
    i64 filled = -1;
    for (i64 job = blocks.begin(block); job < blocks.end(block); job++) {
      const i64 part = job % parts.count, g = job / parts.count % s.groups, unit = job / parts.count / s.groups;
      const i64 o0 = parts.begin(part), o1 = parts.begin(part + 1);
      const Chunk c = plan.layout.chunk(s, unit / plan.layout.chunks(s), unit % plan.layout.chunks(s));
      const T* image = x + (c.image * s.groups + g) * s.cg * s.in_size();
      const T* from = window;
      if (plan.direct) from = image + (c.z * s.in[1] + c.y) * s.in[2] + c.x;
      else if (filled != job / parts.count) fill_window(s, plan.planes, c, image, window);
      filled = job / parts.count;
      forward_chunk(plan, weights + g * s.og * k, from, taps, vector_offsets, bias == nullptr ? nullptr : bias + g * s.og, o0, o1,
                    plan.layout.vectors_of(c), sums);
      write_chunk(plan, c, sums, o0, o1, y + (c.image * s.groups + g) * s.og * s.out_size());
    }
  });
}

template <class T> struct InputPlan {
  ConvShape s;
  Planes planes;
  Layout layout;
  i64 part, parts;
  i64 weights, taps, vector_offsets, shared;
  i64 sums, gradient, thread;

  explicit InputPlan(const ConvShape& s) : s(s), layout(s, conv_budget(s.og), s.out[2] + s.reach(2), LANES<T>) {
    planes = {{s.out[0] + s.reach(0), s.out[1] + s.reach(1), s.out[2] + s.reach(2)}, s.cg};
    // Planes of a few megabytes at most: they are added to many times.
    const i64 bytes = s.all_phases() * s.cg * planes.plane() * sizeof(T);
    const i64 wanted = max_of(channel_parts(s.batch * s.groups, s.cg), min_of(s.cg, ceil_div(bytes, i64{4} << 20)));
    part = ceil_div(s.cg, wanted);
    parts = ceil_div(s.cg, part);
    planes.channels = part;
    Pieces all, own;
    weights = all.take(s.groups * s.og * s.cg * s.taps() * sizeof(T));
    taps = all.take(s.taps() * sizeof(i32));
    vector_offsets = all.take(layout.vectors * sizeof(i32));
    shared = all.used;
    sums = own.take(s.all_phases() * part * planes.plane() * sizeof(T));
    gradient = own.take(s.og * layout.plane() * sizeof(T));
    thread = own.used;
  }
};

template <class T> struct InputTile {
  i64 depth;
  const T* a;
  const T* gradient;
  i64 gradient_plane;
  T* sums;
  i64 plane;
  const i32* vectors;
};

template <class T, int M, int N> static NOINLINE void input_tile(const InputTile<T>& job) {
  vec<T> acc[M][N];
  UNROLL for (int i = 0; i < M; i++) {
    UNROLL for (int j = 0; j < N; j++) acc[i][j] = vec<T>{};
  }
  multiply_tile<T, M, N>(acc, job.depth, job.a, job.gradient, job.gradient_plane);
  // The rows of a tile are different channels, so what it adds to does not overlap, except where two vectors meet: those go in order.
  UNROLL for (int j = 0; j < N; j++) {
    T* at = job.sums + job.vectors[j];
    UNROLL for (int i = 0; i < M; i++) store(at + i * job.plane, load(at + i * job.plane) + acc[i][j]);
  }
}

// dx [batch, groups * cg, in] = what of dy [batch, groups * og, out] flows back through w, plus a bias per channel if given.
KERNEL(conv_input_grad, FLOATS, (const T* dy, const T* w, const T* bias, T* dx, Dims sizes, Dims extents, u8* scratch)) {
  const InputPlan<T> plan{ConvShape(sizes, extents)};
  const ConvShape& s = plan.s;
  const i64 taps_count = s.taps(), vectors = plan.layout.vectors;
  T* weights = reinterpret_cast<T*>(scratch + plan.weights);
  i32* taps = reinterpret_cast<i32*>(scratch + plan.taps);
  i32* vector_offsets = reinterpret_cast<i32*>(scratch + plan.vector_offsets);
  for (i64 t = 0; t < taps_count; t++) taps[t] = static_cast<i32>(conv_offset(s, plan.planes, 0, t));
  for (i64 v = 0; v < vectors; v++) vector_offsets[v] = static_cast<i32>(plan.layout.vector_offset(v));
  // Weights as [group][part][tap][tile of channels][output channel][row]
  const i64 group_size = s.cg * s.og * taps_count, part_size = plan.part * s.og * taps_count;
  parallel_for(s.groups * plan.parts, static_cast<f64>(s.groups * group_size) * 2, [&](i64 job, i64) {
    const i64 g = job / plan.parts, c0 = job % plan.parts * plan.part, channels = min_of(plan.part, s.cg - c0);
    const Parts rows(channels, TILE_ROWS);
    for (i64 t = 0; t < taps_count; t++) {
      for (i64 r = 0; r < rows.count; r++) {
        const T* from = w + g * group_size + (c0 + rows.begin(r)) * taps_count + t;
        T* to = weights + g * group_size + job % plan.parts * part_size + (t * channels + rows.begin(r)) * s.og;
        pack_rows<T, T>(from, taps_count, s.cg * taps_count, rows.size(r), s.og, to);
      }
    }
  });
  const Blocks blocks(s.batch * s.groups * plan.parts, 64);
  parallel_for(blocks.count, s.nanoseconds(LANES<T>), [&](i64 block, i64 thread) {
    u8* own = scratch + plan.shared + thread * plan.thread;
    T* sums = reinterpret_cast<T*>(own + plan.sums);
    T* gradient = reinterpret_cast<T*>(own + plan.gradient);
    for (i64 job = blocks.begin(block); job < blocks.end(block); job++) {
      const i64 part = job % plan.parts, g = job / plan.parts % s.groups, image = job / plan.parts / s.groups;
      const i64 c0 = part * plan.part, channels = min_of(plan.part, s.cg - c0);
      const T* a = weights + g * group_size + part * part_size;
      const T* from = dy + (image * s.groups + g) * s.og * s.out_size();
      zero(sums, s.all_phases() * plan.part * plan.planes.plane());
      const Parts rows(channels, TILE_ROWS);
      for (i64 index = 0; index < plan.layout.chunks(s); index++) {
        const Chunk c = plan.layout.chunk(s, image, index);
        fill_gradient(s, plan.layout, c, from, s.og, gradient);
        T* base = sums + (c.z * plan.planes.size[1] + c.y) * plan.planes.row() + c.x;
        const Parts columns(plan.layout.vectors_of(c), TILE_VECTORS);
        for (i64 v = 0; v < columns.count; v++) {
          const i64 v0 = columns.begin(v);
          for (i64 t = 0; t < taps_count; t++) {
            for (i64 r = 0; r < rows.count; r++) {
              const InputTile<T> tile = {s.og,
                                         a + (t * channels + rows.begin(r)) * s.og,
                                         gradient + v0 * LANES<T>,
                                         plan.layout.plane(),
                                         base + taps[t] + rows.begin(r) * plan.planes.plane(),
                                         plan.planes.plane(),
                                         vector_offsets + v0};
              with_tile(rows.size(r), columns.size(v), [&]<int M, int N>() { input_tile<T, M, N>(tile); });
            }
          }
        }
      }
      for (i64 c = 0; c < channels; c++) {
        const i64 channel = g * s.cg + c0 + c;
        read_planes(s, plan.planes, sums, c, bias == nullptr ? T(0) : bias[channel], dx + (image * s.groups * s.cg + channel) * s.in_size());
      }
    }
  });
}

// Bytes of scratch that conv (pass 0) and conv_input_grad (pass 1) need.
KERNEL_VALUE(conv_scratch, FLOATS, (Dims sizes, Dims extents, i64 pass)) {
  const ConvShape s(sizes, extents);
  if (pass == 0) {
    const ForwardPlan<T> plan(s);
    return static_cast<f64>(plan.shared + max_threads() * plan.thread);
  }
  const InputPlan<T> plan(s);
  return static_cast<f64>(plan.shared + max_threads() * plan.thread);
}

}  // namespace NSP
