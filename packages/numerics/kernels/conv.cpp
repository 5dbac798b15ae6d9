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

template <class T> static NOINLINE void run_forward(const ConvShape& shape, const T* x, const T* w, const T* bias, T* y, u8* scratch) {
  const ForwardPlan<T> plan(shape);
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

// x [batch, groups * cg, in], w [groups * og, cg, kernel], bias [groups * og] or null, y [batch, groups * og, out].
KERNEL(conv, FLOATS, (const T* x, const T* w, const T* bias, T* y, Dims sizes, Dims extents, u8* scratch)) {
  run_forward<T>(ConvShape(sizes, extents), x, w, bias, y, scratch);
}

// With stride 1 the input's gradient is also a forward convolution, of dy with the kernel turned round. That reads every output's gradient anew for every
// input, so it is worth it unless inputs are many more than outputs; the other way, below, adds to memory once per tap and needs deep sums.
static inline bool turns_round(const ConvShape& s) {
  for (i64 d = 0; d < 3; d++) {
    if (s.stride[d] != 1 || s.pad[d] > (s.kernel[d] - 1) * s.dilation[d]) return false;
  }
  return s.og * s.in_size() <= (s.og + 3) * s.out_size();
}

static inline ConvShape turned_round(ConvShape s) {
  const i64 cg = s.cg;
  s.cg = s.og;
  s.og = cg;
  for (i64 d = 0; d < 3; d++) {
    const i64 in = s.in[d];
    s.in[d] = s.out[d];
    s.out[d] = in;
    s.pad[d] = (s.kernel[d] - 1) * s.dilation[d] - s.pad[d];
  }
  return s;
}

template <class T> static inline i64 turned_weights(const ConvShape& s) {
  Pieces piece;
  piece.take(s.groups * s.og * s.cg * s.taps() * sizeof(T));
  return piece.used;
}

// The gradient as a forward convolution: weights as [group][channel in][channel out][tap from the last to the first].
template <class T> static NOINLINE void run_turned_round(const ConvShape& s, const T* dy, const T* w, const T* bias, T* dx, u8* scratch) {
  T* turned = reinterpret_cast<T*>(scratch);
  const i64 taps = s.taps();
  parallel_for(s.groups * s.cg, static_cast<f64>(s.groups * s.cg * s.og * taps), [&](i64 job, i64) {
    const i64 g = job / s.cg, c = job % s.cg;
    for (i64 o = 0; o < s.og; o++) {
      const T* from = w + ((g * s.og + o) * s.cg + c) * taps;
      T* to = turned + (job * s.og + o) * taps;
      for (i64 t = 0; t < taps; t++) to[t] = from[taps - 1 - t];
    }
  });
  run_forward<T>(turned_round(s), dy, turned, bias, dx, scratch + turned_weights<T>(s));
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

// Adds to `sums` what one chunk of one group's gradient sends back through weights packed as [tap][tile of channels][output channel][row].
template <class T>
static inline void input_chunk(const InputPlan<T>& plan, const T* weights, const i32* taps, const i32* vector_offsets, const T* gradient, i64 vectors,
                               i64 channels, T* sums) {
  const i64 og = plan.s.og, plane = plan.planes.plane();
  const Parts rows(channels, TILE_ROWS), columns(vectors, TILE_VECTORS);
  for (i64 v = 0; v < columns.count; v++) {
    const i64 v0 = columns.begin(v);
    for (i64 t = 0; t < plan.s.taps(); t++) {
      for (i64 r = 0; r < rows.count; r++) {
        const i64 first = rows.begin(r);
        const InputTile<T> tile = {og,    weights + (t * channels + first) * og, gradient + v0 * LANES<T>, plan.layout.plane(), sums + taps[t] + first * plane,
                                   plane, vector_offsets + v0};
        with_tile(rows.size(r), columns.size(v), [&]<int M, int N>() { input_tile<T, M, N>(tile); });
      }
    }
  }
}

template <class T> static inline void pack_input_weights(const InputPlan<T>& plan, const T* w, T* weights) {
  const ConvShape& s = plan.s;
  const i64 taps = s.taps(), group_size = s.cg * s.og * taps;
  parallel_for(s.groups * plan.parts, static_cast<f64>(s.groups * group_size) * 2, [&](i64 job, i64) {
    const i64 g = job / plan.parts, c0 = job % plan.parts * plan.part, channels = min_of(plan.part, s.cg - c0);
    const Parts rows(channels, TILE_ROWS);
    for (i64 t = 0; t < taps; t++) {
      for (i64 r = 0; r < rows.count; r++) {
        const T* from = w + g * group_size + (c0 + rows.begin(r)) * taps + t;
        T* to = weights + g * group_size + c0 * s.og * taps + (t * channels + rows.begin(r)) * s.og;
        pack_rows<T, T>(from, taps, s.cg * taps, rows.size(r), s.og, to);
      }
    }
  });
}

// dx [batch, groups * cg, in] = what of dy [batch, groups * og, out] flows back through w, plus a bias per channel if given.
KERNEL(conv_input_grad, FLOATS, (const T* dy, const T* w, const T* bias, T* dx, Dims sizes, Dims extents, u8* scratch)) {
  const ConvShape s(sizes, extents);
  if (turns_round(s)) {
    run_turned_round<T>(s, dy, w, bias, dx, scratch);
    return;
  }
  const InputPlan<T> plan(s);
  T* weights = reinterpret_cast<T*>(scratch + plan.weights);
  i32* taps = reinterpret_cast<i32*>(scratch + plan.taps);
  i32* vector_offsets = reinterpret_cast<i32*>(scratch + plan.vector_offsets);
  for (i64 t = 0; t < s.taps(); t++) taps[t] = static_cast<i32>(conv_offset(s, plan.planes, 0, t));
  for (i64 v = 0; v < plan.layout.vectors; v++) vector_offsets[v] = static_cast<i32>(plan.layout.vector_offset(v));
  pack_input_weights(plan, w, weights);
  const Blocks blocks(s.batch * s.groups * plan.parts, 64);
  parallel_for(blocks.count, s.nanoseconds(LANES<T>), [&](i64 block, i64 thread) {
    u8* own = scratch + plan.shared + thread * plan.thread;
    T* sums = reinterpret_cast<T*>(own + plan.sums);
    T* gradient = reinterpret_cast<T*>(own + plan.gradient);
    for (i64 job = blocks.begin(block); job < blocks.end(block); job++) {
      const i64 part = job % plan.parts, g = job / plan.parts % s.groups, image = job / plan.parts / s.groups;
      const i64 c0 = part * plan.part, channels = min_of(plan.part, s.cg - c0);
      const T* from = dy + (image * s.groups + g) * s.og * s.out_size();
      zero(sums, s.all_phases() * plan.part * plan.planes.plane());
      for (i64 index = 0; index < plan.layout.chunks(s); index++) {
        const Chunk c = plan.layout.chunk(s, image, index);
        fill_gradient(s, plan.layout, c, from, s.og, gradient);
        input_chunk(plan, weights + (g * s.cg + c0) * s.og * s.taps(), taps, vector_offsets, gradient, plan.layout.vectors_of(c), channels,
                    sums + (c.z * plan.planes.size[1] + c.y) * plan.planes.row() + c.x);
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
  if (pass == 0 || turns_round(s)) {
    const ForwardPlan<T> plan(pass == 0 ? s : turned_round(s));
    return static_cast<f64>((pass == 0 ? 0 : turned_weights<T>(s)) + plan.shared + max_threads() * plan.thread);
  }
  const InputPlan<T> plan(s);
  return static_cast<f64>(plan.shared + max_threads() * plan.thread);
}

}  // namespace NSP
