#include "common/kernel.h"

namespace NSP {

// Philox 4x32-10: block number c of the stream `key` is a function of the two alone, so any thread can make any part. The reference is
// src/random/philox.ts; Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011), section 4.

constexpr i64 PHILOX_WIDTH = 16;  // blocks made together

struct PhiloxBlocks {
  u32 word[4][PHILOX_WIDTH];
};

static NOINLINE void philox(u32 key0, u32 key1, u64 counter, PhiloxBlocks& __restrict out) {
  u32 x0[PHILOX_WIDTH], x1[PHILOX_WIDTH], x2[PHILOX_WIDTH], x3[PHILOX_WIDTH];
  for (i64 i = 0; i < PHILOX_WIDTH; i++) {
    const u64 c = counter + static_cast<u64>(i);
    x0[i] = static_cast<u32>(c);
    x1[i] = static_cast<u32>(c >> 32);
    x2[i] = x3[i] = 0;
  }
  for (int round = 0; round < 10; round++) {
    for (i64 i = 0; i < PHILOX_WIDTH; i++) {
      const u64 a = static_cast<u64>(x0[i]) * 0xd2511f53u;
      const u64 b = static_cast<u64>(x2[i]) * 0xcd9e8d57u;
      x0[i] = static_cast<u32>(b >> 32) ^ x1[i] ^ key0;
      x2[i] = static_cast<u32>(a >> 32) ^ x3[i] ^ key1;
      x1[i] = static_cast<u32>(b);
      x3[i] = static_cast<u32>(a);
    }
    key0 += 0x9e3779b9u;
    key1 += 0xbb67ae85u;
  }
  for (i64 i = 0; i < PHILOX_WIDTH; i++) {
    out.word[0][i] = x0[i];
    out.word[1][i] = x1[i];
    out.word[2][i] = x2[i];
    out.word[3][i] = x3[i];
  }
}

// Calls use(first element, elements, blocks) for runs of PHILOX_WIDTH blocks that hold `per_block` elements each.
template <class F>
static INLINE void each_blocks(i64 n, i64 per_block, i64 key0, i64 key1, i64 offset, f64 ns_per_element, const F& use) {
  const i64 run = PHILOX_WIDTH * per_block;
  constexpr i64 RUNS = 256;
  parallel_range(ceil_div(n, run), RUNS, ns_per_element * static_cast<f64>(run), [=](i64 from, i64 to, i64) {
    PhiloxBlocks blocks;
    for (i64 r = from; r < to; r++) {
      philox(static_cast<u32>(key0), static_cast<u32>(key1), static_cast<u64>(offset) + static_cast<u64>(r * PHILOX_WIDTH), blocks);
      use(r * run, min_of(run, n - r * run), blocks);
    }
  });
}

static INLINE f64 uniform53(u32 upper, u32 lower) {
  return (static_cast<f64>(upper >> 5) * 0x1p26 + static_cast<f64>(lower >> 6)) * 0x1p-53;
}

// [0, 1): 24 bits of one word in float32, 53 bits of two words in float64.
KERNEL(philox_uniform, FLOATS, (T* y, i64 n, i64 key0, i64 key1, i64 offset)) {
  constexpr i64 PER_BLOCK = is_same<T, f32> ? 4 : 2;
  each_blocks(n, PER_BLOCK, key0, key1, offset, 1.5, [=](i64 at, i64 count, const PhiloxBlocks& b) {
    T run[PER_BLOCK * PHILOX_WIDTH];
    for (i64 block = 0; block < PHILOX_WIDTH; block++) {
      for (i64 part = 0; part < PER_BLOCK; part++) {
        T& to = run[block * PER_BLOCK + part];
        if constexpr (is_same<T, f32>) to = static_cast<f32>(static_cast<i32>(b.word[part][block] >> 8)) * 0x1p-24f;
        else to = uniform53(b.word[2 * part][block], b.word[2 * part + 1][block]);
      }
    }
    for (i64 i = 0; i < count; i++) y[at + i] = run[i];
  });
}

// Box and Muller 1958: one block makes a radius and an angle of 53 bits each, and from them two numbers.
KERNEL(philox_normal, FLOATS, (T* y, i64 n, i64 key0, i64 key1, i64 offset)) {
  each_blocks(n, 2, key0, key1, offset, 20, [=](i64 at, i64 count, const PhiloxBlocks& b) {
    for (i64 i = 0; i < count; i += 2) {
      const i64 block = i / 2;
      const f64 u = 1 - uniform53(b.word[0][block], b.word[1][block]);  // in (0, 1]: the logarithm is finite
      const f64 radius = __builtin_sqrt(-2 * __builtin_log(u));
      const f64 angle = 6.283185307179586 * uniform53(b.word[2][block], b.word[3][block]);
      y[at + i] = static_cast<T>(radius * __builtin_cos(angle));
      if (i + 1 < count) y[at + i + 1] = static_cast<T>(radius * __builtin_sin(angle));
    }
  });
}

// y = x / (1 - p) where a uniform number is p or more, else 0. The same key and offset give the same mask: nothing need be saved for the
// gradient.
KERNEL(dropout, FLOATS, (const T* x, T* y, i64 n, i64 key0, i64 key1, i64 offset, f64 p)) {
  const u32 threshold = static_cast<u32>(p * 0x1p24);
  const T scale = static_cast<T>(1 / (1 - p));
  each_blocks(n, 4, key0, key1, offset, 1.5, [=](i64 at, i64 count, const PhiloxBlocks& b) {
    T factor[4 * PHILOX_WIDTH];
    for (i64 block = 0; block < PHILOX_WIDTH; block++)
      for (i64 part = 0; part < 4; part++) factor[block * 4 + part] = (b.word[part][block] >> 8) >= threshold ? scale : T(0);
    // A dropped element is 0 whatever it was, NaN and infinities included.
    for (i64 i = 0; i < count; i++) y[at + i] = factor[i] == 0 ? T(0) : x[at + i] * factor[i];
  });
}

}  // namespace NSP
