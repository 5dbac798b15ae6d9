#pragma once
// Convolution geometry, shared by the forward pass and both gradients. One method serves any number of dimensions up to three, any stride,
// padding, dilation and number of groups:
//
// Output positions become the lanes of vectors. For a tap (kz, ky, kx) of the kernel the inputs of neighbouring outputs are neighbours as well,
// once the input is copied into a window that has the padding's zeros and, for stride s, the s phases of each dimension as planes of their own.
// So the input of a whole vector of outputs is one load at `window + offset of (channel, tap) + offset of the vector`, and the convolution is a matrix
// product whose B is never built. Without padding and with stride 1 the input itself is the window.
//
// Vectors are laid over the outputs in one of two ways, whichever needs fewer: row by row (the last vector of a row is partly wasted), or flat over
// the pitch of the window (the kernel's reach is wasted at the end of each row).

#include "common/tile.h"

namespace NSP {

struct ConvShape {
  i64 batch, groups, cg, og;  // channels per group in and out
  i64 in[3], out[3], kernel[3], stride[3], pad[3], dilation[3];

  // sizes: batch, groups, cg, og, stride[3], pad[3]; extents: in[3], out[3], kernel[3], dilation[3]
  ConvShape(const Dims& sizes, const Dims& extents) : batch(sizes[0]), groups(sizes[1]), cg(sizes[2]), og(sizes[3]) {
    for (i64 d = 0; d < 3; d++) {
      stride[d] = sizes[4 + d];
      pad[d] = sizes[7 + d];
      in[d] = extents[d];
      out[d] = extents[3 + d];
      kernel[d] = extents[6 + d];
      dilation[d] = extents[9 + d];
    }
  }

  i64 taps() const { return kernel[0] * kernel[1] * kernel[2]; }
  i64 in_size() const { return in[0] * in[1] * in[2]; }
  i64 out_size() const { return out[0] * out[1] * out[2]; }
  i64 phases(i64 d) const { return min_of(stride[d], (kernel[d] - 1) * dilation[d] + 1); }
  i64 all_phases() const { return phases(0) * phases(1) * phases(2); }
  // How far beyond an output's own position its inputs lie, in a phase's plane.
  i64 reach(i64 d) const { return (kernel[d] - 1) * dilation[d] / stride[d]; }
  bool direct() const {
    for (i64 d = 0; d < 3; d++) {
      if (stride[d] != 1 || pad[d] != 0) return false;
    }
    return true;
  }
  f64 nanoseconds(i64 lanes) const {
    return static_cast<f64>(batch * out_size()) * static_cast<f64>(groups * og) * static_cast<f64>(cg * taps()) / (2.5 * static_cast<f64>(lanes));
  }
};

// Planes of one channel: [phases][channels][size[0]][size[1]][size[2]]; without copying, the input's own layout.
struct Planes {
  i64 size[3];
  i64 channels;
  i64 row() const { return size[2]; }
  i64 layer() const { return size[1] * size[2]; }
  i64 plane() const { return size[0] * layer(); }
};

static inline i64 conv_offset(const ConvShape& s, const Planes& p, i64 c, i64 tap) {
  const i64 t[3] = {tap / (s.kernel[1] * s.kernel[2]), tap / s.kernel[2] % s.kernel[1], tap % s.kernel[2]};
  i64 phase = 0, at = 0;
  for (i64 d = 0; d < 3; d++) {
    const i64 shift = t[d] * s.dilation[d];
    phase = phase * s.phases(d) + shift % s.stride[d];
    at = at * p.size[d] + shift / s.stride[d];
  }
  return (phase * p.channels + c) * p.plane() + at;
}

// A rectangle of outputs of one image: one z, some rows, all or a part of each row.
struct Chunk {
  i64 image, z, y, x, rows, columns;
};

// How outputs are cut into chunks and chunks into vectors.
struct Layout {
  i64 rows, columns;                  // of a full chunk
  i64 row_chunks, column_chunks;
  bool flat;
  i64 in_pitch, out_pitch, per_row;   // out_pitch: of a chunk's outputs in scratch; per_row: vectors a row, if not flat
  i64 vectors;                        // of a full chunk
  i64 lanes;

  // `budget`: outputs a chunk may have; `whole_pitch`: pitch of planes that hold all outputs' inputs, 0 for windows of a chunk's own.
  Layout(const ConvShape& s, i64 budget, i64 whole_pitch, i64 lanes) : lanes(lanes) {
    const i64 height = s.out[1], width = s.out[2];
    columns = width <= budget ? width : ceil_div(ceil_div(width, ceil_div(width, budget)), lanes) * lanes;
    column_chunks = ceil_div(width, max_of<i64>(columns, 1));
    rows = column_chunks > 1 ? 1 : max_of<i64>(1, min_of(height, budget / max_of<i64>(width, 1)));
    rows = ceil_div(height, ceil_div(height, rows));
    row_chunks = ceil_div(height, max_of<i64>(rows, 1));
    in_pitch = whole_pitch > 0 ? whole_pitch : columns + s.reach(2);
    per_row = ceil_div(columns, lanes);
    const i64 flat_vectors = ceil_div((rows - 1) * in_pitch + columns, lanes);
    flat = flat_vectors <= rows * per_row;
    vectors = flat ? flat_vectors : rows * per_row;
    out_pitch = flat ? in_pitch : per_row * lanes;
  }

  i64 chunks(const ConvShape& s) const { return s.out[0] * row_chunks * column_chunks; }
  i64 plane() const { return vectors * lanes; }

  Chunk chunk(const ConvShape& s, i64 image, i64 index) const {
    Chunk c;
    c.image = image;
    c.x = index % column_chunks * columns;
    c.y = index / column_chunks % row_chunks * rows;
    c.z = index / column_chunks / row_chunks;
    c.rows = min_of(rows, s.out[1] - c.y);
    c.columns = min_of(columns, s.out[2] - c.x);
    return c;
  }

  i64 vectors_of(const Chunk& c) const {
    return flat ? ceil_div((c.rows - 1) * in_pitch + c.columns, lanes) : c.rows == 1 ? ceil_div(c.columns, lanes) : c.rows * per_row;
  }

  // Where in the planes vector v reads, relative to the chunk's first output.
  i64 vector_offset(i64 v) const { return flat ? v * lanes : v / per_row * in_pitch + v % per_row * lanes; }
};

// Copies `columns` elements; may write more, up to `limit` elements in all, where that makes whole vectors.
template <class T> static INLINE void copy_row(T* to, const T* from, i64 columns, i64 limit) {
  constexpr i64 L = LANES<T>;
  for (i64 x = 0; x < columns; x += L) {
    if (x + L <= limit) store(to + x, load(from + x));
    else store_first(to + x, load(from + x), min_of(L, columns - x));
  }
}

template <class T> static INLINE void zero(T* to, i64 n) {
  for (i64 i = 0; i < n; i++) to[i] = T(0);
}

// One row of a window: every stride-th element of the input's row from position `first`, which may lie in the padding.
template <class T> static INLINE void window_row(const T* from, i64 width, i64 first, i64 stride, T* to, i64 n) {
  i64 begin = 0, end = n;
  if (first < 0) begin = min_of(n, ceil_div(-first, stride));
  if (first + (n - 1) * stride >= width) end = first >= width ? 0 : ceil_div(width - first, stride);
  if (end < begin) end = begin;
  zero(to, begin);
  if (stride == 1) copy_row(to + begin, from + first + begin, end - begin, n - begin);
  else {
    for (i64 i = begin; i < end; i++) to[i] = from[first + i * stride];
  }
  zero(to + end, n - end);
}

// Fills a window with what the outputs of a full chunk starting at c's place need of one group's channels.
template <class T> static inline void fill_window(const ConvShape& s, const Planes& p, const Chunk& c, const T* x, T* window) {
  for (i64 phase = 0; phase < s.all_phases(); phase++) {
    const i64 phases[3] = {phase / (s.phases(1) * s.phases(2)), phase / s.phases(2) % s.phases(1), phase % s.phases(2)};
    const i64 z0 = c.z * s.stride[0] + phases[0] - s.pad[0], y0 = c.y * s.stride[1] + phases[1] - s.pad[1];
    const i64 x0 = c.x * s.stride[2] + phases[2] - s.pad[2];
    for (i64 ch = 0; ch < s.cg; ch++) {
      for (i64 z = 0; z < p.size[0]; z++) {
        const i64 iz = z0 + z * s.stride[0];
        T* to = window + (phase * p.channels + ch) * p.plane() + z * p.layer();
        for (i64 y = 0; y < p.size[1]; y++, to += p.row()) {
          const i64 iy = y0 + y * s.stride[1];
          const bool inside = iz >= 0 && iz < s.in[0] && iy >= 0 && iy < s.in[1];
          if (inside) window_row(x + ((ch * s.in[0] + iz) * s.in[1] + iy) * s.in[2], s.in[2], x0, s.stride[2], to, p.row());
          else zero(to, p.row());
        }
      }
    }
  }
}

// The reverse of a window: one channel's input from planes over all outputs, plus `bias`. Inputs that no tap reaches get the bias alone.
template <class T> static inline void read_planes(const ConvShape& s, const Planes& p, const T* planes, i64 channel, T bias, T* x) {
  for (i64 iz = 0; iz < s.in[0]; iz++) {
    for (i64 iy = 0; iy < s.in[1]; iy++, x += s.in[2]) {
      const i64 qz = iz + s.pad[0], qy = iy + s.pad[1];
      const i64 pz = qz % s.stride[0], py = qy % s.stride[1], z = qz / s.stride[0], y = qy / s.stride[1];
      const bool reached = pz < s.phases(0) && py < s.phases(1) && z < p.size[0] && y < p.size[1];
      const i64 phase = (pz * s.phases(1) + py) * s.phases(2);
      const T* row = planes + (phase * p.channels + channel) * p.plane() + z * p.layer() + y * p.row();
      if (reached && s.stride[2] == 1) {
        const i64 n = max_of<i64>(0, min_of(s.in[2], p.size[2] - s.pad[2]));
        for (i64 ix = 0; ix < n; ix++) x[ix] = row[ix + s.pad[2]] + bias;
        for (i64 ix = n; ix < s.in[2]; ix++) x[ix] = bias;
        continue;
      }
      for (i64 ix = 0; ix < s.in[2]; ix++) {
        const i64 q = ix + s.pad[2], px = q % s.stride[2], column = q / s.stride[2];
        const bool hit = reached && px < s.phases(2) && column < p.size[2];
        x[ix] = hit ? row[px * p.channels * p.plane() + column] + bias : bias;
      }
    }
  }
}

// A chunk of the outputs' gradient in the chunk's vector layout, zero in lanes that are no output: they then add nothing.
template <class T> static inline void fill_gradient(const ConvShape& s, const Layout& l, const Chunk& c, const T* dy, i64 channels, T* to) {
  const i64 n = l.vectors_of(c) * l.lanes;
  for (i64 o = 0; o < channels; o++, to += l.plane()) {
    const T* from = dy + ((o * s.out[0] + c.z) * s.out[1] + c.y) * s.out[2] + c.x;
    for (i64 y = 0; y < c.rows; y++) {
      T* row = to + y * l.out_pitch;
      const i64 end = y + 1 < c.rows ? l.out_pitch : n - y * l.out_pitch;
      copy_row(row, from + y * s.out[2], c.columns, end);
      zero(row + c.columns, end - c.columns);
    }
  }
}

// Consecutive pieces of a caller's scratch, each on a cache line and with room for a vector read or written past its end.
struct Pieces {
  i64 used = 0;
  i64 take(i64 bytes) {
    const i64 at = used;
    used += (bytes + 63) / 64 * 64 + 4 * VBYTES;
    return at;
  }
};

// Pieces of work per block, so that there are at most `most` blocks: fixed by the shape alone.
struct Blocks {
  i64 jobs, count;
  Blocks(i64 jobs, i64 most) : jobs(jobs), count(min_of(jobs, most)) {}
  i64 begin(i64 b) const { return b * jobs / count; }
  i64 end(i64 b) const { return (b + 1) * jobs / count; }
};

}  // namespace NSP
