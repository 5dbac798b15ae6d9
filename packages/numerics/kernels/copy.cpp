// Moving elements without looking at them: by their size, whatever the layout on either side.

#include "common/kernel.h"

namespace NSP {

// Bytes that one block of work moves: enough to be worth a thread, few enough to balance.
constexpr i64 COPY_BLOCK_BYTES = 256 * 1024;
// Time per byte on one thread, read and written, with the data outside the caches.
constexpr f64 COPY_NS_PER_BYTE = 0.12;

typedef u8 bytes16 __attribute__((vector_size(16)));
typedef bytes16 bytes16_u __attribute__((aligned(1), may_alias));
typedef u8 bytesv __attribute__((vector_size(VBYTES)));
typedef bytesv bytesv_u __attribute__((aligned(1), may_alias));

static INLINE bytes16 load16(const void* p) { return *static_cast<const bytes16_u*>(p); }
static INLINE void store16(void* p, bytes16 v) { *static_cast<bytes16_u*>(p) = v; }

template <class T> static INLINE void copy_row(const T* src, T* dst, i64 n) {
  constexpr i64 L = VBYTES / static_cast<i64>(sizeof(T));
  i64 i = 0;
  for (; i + 4 * L <= n; i += 4 * L) {
    const bytesv a = *reinterpret_cast<const bytesv_u*>(src + i), b = *reinterpret_cast<const bytesv_u*>(src + i + L);
    const bytesv c = *reinterpret_cast<const bytesv_u*>(src + i + 2 * L), d = *reinterpret_cast<const bytesv_u*>(src + i + 3 * L);
    *reinterpret_cast<bytesv_u*>(dst + i) = a;
    *reinterpret_cast<bytesv_u*>(dst + i + L) = b;
    *reinterpret_cast<bytesv_u*>(dst + i + 2 * L) = c;
    *reinterpret_cast<bytesv_u*>(dst + i + 3 * L) = d;
  }
  for (; i + L <= n; i += L) *reinterpret_cast<bytesv_u*>(dst + i) = *reinterpret_cast<const bytesv_u*>(src + i);
  for (; i < n; i++) dst[i] = src[i];
}

template <class T> static INLINE void fill_row(T value, T* dst, i64 n) {
  for (i64 i = 0; i < n; i++) dst[i] = value;
}

// The two halves of two vectors' elements, alternating: a0 b0 a1 b1 ...
#define ZIP(LOW, ...) static INLINE bytes16 LOW(bytes16 a, bytes16 b) { return __builtin_shufflevector(a, b, __VA_ARGS__); }
ZIP(zip_low_1, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
ZIP(zip_high_1, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
ZIP(zip_low_2, 0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23)
ZIP(zip_high_2, 8, 9, 24, 25, 10, 11, 26, 27, 12, 13, 28, 29, 14, 15, 30, 31)
ZIP(zip_low_4, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23)
ZIP(zip_high_4, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31)
ZIP(zip_low_8, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23)
ZIP(zip_high_8, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31)
#undef ZIP

template <i64 WIDTH> static INLINE bytes16 zip_low(bytes16 a, bytes16 b) {
  if constexpr (WIDTH == 1) return zip_low_1(a, b);
  if constexpr (WIDTH == 2) return zip_low_2(a, b);
  if constexpr (WIDTH == 4) return zip_low_4(a, b);
  return zip_low_8(a, b);
}

template <i64 WIDTH> static INLINE bytes16 zip_high(bytes16 a, bytes16 b) {
  if constexpr (WIDTH == 1) return zip_high_1(a, b);
  if constexpr (WIDTH == 2) return zip_high_2(a, b);
  if constexpr (WIDTH == 4) return zip_high_4(a, b);
  return zip_high_8(a, b);
}

// Transposes L x L elements held in L vectors: log2(L) rounds of zipping row i with row i + L/2.
template <i64 WIDTH> static INLINE void transpose_vectors(bytes16* rows) {
  constexpr i64 L = 16 / WIDTH;
  bytes16 next[L];
  for (i64 round = 1; round < L; round *= 2) {
    for (i64 i = 0; i < L / 2; i++) {
      next[2 * i] = zip_low<WIDTH>(rows[i], rows[i + L / 2]);
      next[2 * i + 1] = zip_high<WIDTH>(rows[i], rows[i + L / 2]);
    }
    for (i64 i = 0; i < L; i++) rows[i] = next[i];
  }
}

// dst[i * dst_stride + j] = src[j * src_stride + i] for i, j < one cache line of elements. Whole lines are read into a small
// buffer first and written whole: with strides that are powers of two, lines touched twice would have been evicted between.
template <class T> static NOINLINE void transpose_tile(const T* src, i64 src_stride, T* dst, i64 dst_stride) {
  constexpr i64 W = sizeof(T), E = 64 / W, L = 16 / W;
  alignas(64) T buffer[E * E];
  for (i64 j = 0; j < E; j++) {
    for (i64 k = 0; k < 4; k++) store16(buffer + j * E + k * L, load16(src + j * src_stride + k * L));
  }
  for (i64 i = 0; i < E; i += L) {
    for (i64 j = 0; j < E; j += L) {
      bytes16 rows[L];
      for (i64 k = 0; k < L; k++) rows[k] = load16(buffer + (j + k) * E + i);
      transpose_vectors<W>(rows);
      for (i64 k = 0; k < L; k++) store16(dst + (i + k) * dst_stride + j, rows[k]);
    }
  }
}

// One dimension of a copy: length, and distances in elements on both sides.
struct CopyDim {
  i64 n, src, dst;
};

struct CopyPlan {
  i64 n;
  CopyDim d[MAX_DIMS];
};

static INLINE i64 magnitude(i64 x) { return x < 0 ? -x : x; }

// Drops dimensions of length 1, orders the others by distance in dst (widest first), joins those that are one run on both sides.
// n = -1 means that there is nothing to copy.
static INLINE CopyPlan plan_copy(const Dims& shape, const Dims& src_strides, const Dims& dst_strides) {
  CopyPlan p{0, {}};
  for (i64 i = 0; i < shape.n; i++) {
    if (shape[i] == 0) return {-1, {}};
    if (shape[i] == 1) continue;
    CopyDim dim{shape[i], src_strides[i], dst_strides[i]};
    i64 at = p.n++;
    for (; at > 0 && magnitude(p.d[at - 1].dst) < magnitude(dim.dst); at--) p.d[at] = p.d[at - 1];
    p.d[at] = dim;
  }
  i64 last = 0;
  for (i64 i = 1; i < p.n; i++) {
    CopyDim &outer = p.d[last], &inner = p.d[i];
    if (outer.src == inner.src * inner.n && outer.dst == inner.dst * inner.n) {
      outer = {outer.n * inner.n, inner.src, inner.dst};
    } else {
      p.d[++last] = inner;
    }
  }
  if (p.n == 0) p.d[0] = {1, 1, 1};
  p.n = last + 1;
  return p;
}

// Offsets of the outer dimensions' index number `index` (row-major).
static INLINE CopyDim outer_offset(const CopyPlan& p, i64 dims, i64 index) {
  CopyDim at{0, 0, 0};
  for (i64 i = dims - 1; i >= 0; i--) {
    const i64 k = index % p.d[i].n;
    index /= p.d[i].n;
    at.src += k * p.d[i].src;
    at.dst += k * p.d[i].dst;
  }
  return at;
}

template <class T> static NOINLINE void copy_line(const T* src, T* dst, const CopyDim& d, i64 n) {
  if (d.dst == 1 && d.src == 1) return copy_row(src, dst, n);
  if (d.dst == 1 && d.src == 0) return fill_row(*src, dst, n);
  if (d.dst == 1) {
    for (i64 i = 0; i < n; i++) dst[i] = src[i * d.src];
    return;
  }
  for (i64 i = 0; i < n; i++) dst[i * d.dst] = src[i * d.src];
}

// dst runs along `across`, src along `along`: whole tiles by registers, the rest one by one with the longer loop inside.
template <class T> static INLINE void copy_transposed(const T* src, T* dst, const CopyDim& along, const CopyDim& across) {
  constexpr i64 E = 64 / static_cast<i64>(sizeof(T));
  const i64 rows = along.n - along.n % E, cols = across.n - across.n % E;
  for (i64 i = 0; i < rows && cols > 0; i += E) {
    for (i64 j = 0; j < cols; j += E) transpose_tile(src + i + j * across.src, across.src, dst + i * along.dst + j, along.dst);
  }
  const i64 whole = cols > 0 ? rows : 0;
  for (i64 j = cols; j < across.n; j++) {
    for (i64 i = 0; i < whole; i++) dst[i * along.dst + j] = src[i + j * across.src];
  }
  if (across.n < along.n - whole) {
    for (i64 j = 0; j < across.n; j++) {
      for (i64 i = whole; i < along.n; i++) dst[i * along.dst + j] = src[i + j * across.src];
    }
  } else {
    for (i64 i = whole; i < along.n; i++) {
      for (i64 j = 0; j < across.n; j++) dst[i * along.dst + j] = src[i + j * across.src];
    }
  }
}

// The outer dimension (not the last) along which src is contiguous, if the last one jumps in src and not in dst; else -1.
static INLINE i64 transposable(const CopyPlan& p) {
  const CopyDim& inner = p.d[p.n - 1];
  if (inner.dst != 1 || inner.src == 1 || inner.src == 0) return -1;
  for (i64 i = 0; i < p.n - 1; i++) {
    if (p.d[i].src == 1) return i;
  }
  return -1;
}

static INLINE i64 product(const CopyPlan& p, i64 dims) {
  i64 n = 1;
  for (i64 i = 0; i < dims; i++) n *= p.d[i].n;
  return n;
}

// src is contiguous along dimension `with`, dst along the last one: bands of whole tiles (256 KB for a row of 1024 floats).
template <class T> static INLINE void copy_tiles(const T* src, T* dst, CopyPlan& p, i64 with) {
  const CopyDim along = p.d[with], across = p.d[p.n - 1];
  const i64 dims = p.n - 2;
  for (i64 i = with; i < dims; i++) p.d[i] = p.d[i + 1];
  constexpr i64 E = 64 / static_cast<i64>(sizeof(T));
  const i64 band = E * max_of<i64>(1, COPY_BLOCK_BYTES / (across.n * 64));
  const i64 bands = ceil_div(along.n, band), outer = product(p, dims);
  const f64 work = COPY_NS_PER_BYTE * 2 * static_cast<f64>(outer) * static_cast<f64>(along.n * across.n) * sizeof(T);
  parallel_for(outer * bands, work, [&](i64 block, i64) {
    const i64 begin = block % bands * band;
    const CopyDim at = outer_offset(p, dims, block / bands);
    const CopyDim part{min_of(band, along.n - begin), along.src, along.dst};
    copy_transposed(src + at.src + begin, dst + at.dst + begin * along.dst, part, across);
  });
}

// Lines from number `begin` to `end`, counting through the outer dimensions like an odometer.
template <class T> static NOINLINE void copy_lines(const T* src, T* dst, const CopyPlan& p, i64 begin, i64 end) {
  const i64 dims = p.n - 1;
  const CopyDim inner = p.d[dims];
  CopyDim at = outer_offset(p, dims, begin);
  i64 index[MAX_DIMS];
  for (i64 rest = begin, i = dims - 1; i >= 0; i--) {
    index[i] = rest % p.d[i].n;
    rest /= p.d[i].n;
  }
  for (i64 line = begin; line < end; line++) {
    copy_line(src + at.src, dst + at.dst, inner, inner.n);
    for (i64 i = dims - 1; i >= 0; i--) {
      at.src += p.d[i].src;
      at.dst += p.d[i].dst;
      if (++index[i] < p.d[i].n) break;
      at.src -= p.d[i].src * p.d[i].n;
      at.dst -= p.d[i].dst * p.d[i].n;
      index[i] = 0;
    }
  }
}

// dst[index . dst_strides] = src[index . src_strides] for every index of shape; strides in elements. The sides must not overlap.
KERNEL(copy_strided, WIDTHS, (const T* src, T* dst, Dims shape, Dims src_strides, Dims dst_strides)) {
  CopyPlan p = plan_copy(shape, src_strides, dst_strides);
  if (p.n < 0) return;
  const i64 with = transposable(p);
  if (with >= 0) return copy_tiles(src, dst, p, with);
  const i64 dims = p.n - 1, outer = product(p, dims);
  const CopyDim inner = p.d[dims];
  const i64 chunk = COPY_BLOCK_BYTES / static_cast<i64>(sizeof(T));
  const f64 work = COPY_NS_PER_BYTE * static_cast<f64>(outer) * static_cast<f64>(inner.n) * sizeof(T);
  if (inner.n > chunk) {
    const i64 chunks = ceil_div(inner.n, chunk);
    parallel_for(outer * chunks, work, [&](i64 block, i64) {
      const i64 begin = block % chunks * chunk;
      const CopyDim at = outer_offset(p, dims, block / chunks);
      copy_line(src + at.src + begin * inner.src, dst + at.dst + begin * inner.dst, inner, min_of(chunk, inner.n - begin));
    });
    return;
  }
  const i64 lines = chunk / inner.n;
  parallel_for(ceil_div(outer, lines), work,
               [&](i64 block, i64) { copy_lines(src, dst, p, block * lines, min_of(outer, (block + 1) * lines)); });
}

// dst[0 .. n) = the element whose bits are low + high * 2^32 (both below 2^32).
KERNEL(fill, WIDTHS, (T* dst, i64 n, i64 low, i64 high)) {
  const T value = static_cast<T>(static_cast<u64>(low) | static_cast<u64>(high) << 32);
  parallel_range(n, COPY_BLOCK_BYTES / static_cast<i64>(sizeof(T)), COPY_NS_PER_BYTE / 2 * sizeof(T),
                 [&](i64 begin, i64 end, i64) { fill_row(value, dst + begin, end - begin); });
}

}  // namespace NSP
