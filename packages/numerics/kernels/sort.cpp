#include "common/kernel.h"

namespace NSP {

// Sorting along the middle of [outer, n, inner], stable, NaN greatest: radix sort of keys whose unsigned order is the elements' order.

// Unsigned integers in the order of the elements. -0 and 0 are equal, all NaN are equal.
static INLINE u64 sort_key(f32 x) {
  if (x != x) return 0xffffffffu;
  union { f32 f; u32 u; } v{x + 0.0f};
  return v.u & 0x80000000u ? static_cast<u32>(~v.u) : v.u | 0x80000000u;
}
static INLINE u64 sort_key(f64 x) {
  if (x != x) return ~static_cast<u64>(0);
  union { f64 f; u64 u; } v{x + 0.0};
  return v.u >> 63 ? ~v.u : v.u | static_cast<u64>(1) << 63;
}
static INLINE u64 sort_key(i64 x) { return static_cast<u64>(x) ^ (static_cast<u64>(1) << 63); }

template <class T> inline constexpr i64 KEY_BYTES = sizeof(T);

struct Keyed {
  u64 key;
  u64 index;
};

// Sorts a[0, n) using b; returns which of the two holds the result.
static NOINLINE Keyed* radix_sort(Keyed* a, Keyed* b, i64 n, i64 bytes) {
  for (i64 byte = 0; byte < bytes; byte++) {
    const i64 shift = byte * 8;
    i64 count[256] = {};
    for (i64 i = 0; i < n; i++) count[(a[i].key >> shift) & 255]++;
    if (count[(a[0].key >> shift) & 255] == n) continue;
    i64 at = 0;
    for (i64 d = 0; d < 256; d++) {
      const i64 c = count[d];
      count[d] = at;
      at += c;
    }
    for (i64 i = 0; i < n; i++) b[count[(a[i].key >> shift) & 255]++] = a[i];
    Keyed* const t = a;
    a = b;
    b = t;
  }
  return a;
}

// Below this many of the first, keeping a short sorted list beats sorting everything.
constexpr i64 SHORT_LIST = 32;

// The first `take` of n in order, by insertion into a list that few elements enter; equal elements stay behind earlier ones.
template <class T> static INLINE void first_few(const T* source, i64 n, i64 stride, i64 take, u64 flip, Keyed* list) {
  i64 count = 0;
  for (i64 i = 0; i < n; i++) {
    const u64 key = sort_key(source[i * stride]) ^ flip;
    if (count == take && key >= list[count - 1].key) continue;
    i64 at = count < take ? count++ : take - 1;
    for (; at > 0 && list[at - 1].key > key; at--) list[at] = list[at - 1];
    list[at] = {key, static_cast<u64>(i)};
  }
}

// The first `take` in order; values and indices are [outer, take, inner]. `scratch`: max_threads() * 2 * n * 16 bytes.
template <class T>
static NOINLINE void sort_along(const T* x, T* values, i64* indices, u8* scratch, i64 outer, i64 n, i64 inner, i64 take, i64 descending) {
  const u64 flip = descending ? ~static_cast<u64>(0) >> (64 - 8 * KEY_BYTES<T>) : 0;
  parallel_range(outer * inner, max_of<i64>(1, 4096 / (n + 1)), 12 * static_cast<f64>(n), [=](i64 from, i64 to, i64 thread) {
    Keyed* const keys = reinterpret_cast<Keyed*>(scratch) + thread * 2 * n;
    for (i64 row = from; row < to; row++) {
      const i64 o = row / inner, k = row - o * inner;
      const T* source = x + o * n * inner + k;
      const Keyed* sorted = keys;
      if (take <= SHORT_LIST && take * 4 <= n) {
        first_few(source, n, inner, take, flip, keys);
      } else {
        for (i64 i = 0; i < n; i++) keys[i] = {sort_key(source[i * inner]) ^ flip, static_cast<u64>(i)};
        sorted = radix_sort(keys, keys + n, n, KEY_BYTES<T>);
      }
      for (i64 i = 0; i < take; i++) {
        const i64 at = (o * take + i) * inner + k;
        indices[at] = static_cast<i64>(sorted[i].index);
        values[at] = source[static_cast<i64>(sorted[i].index) * inner];
      }
    }
  });
}

KERNEL(sort, FLOATS, (const T* x, T* values, i64* indices, u8* scratch, i64 outer, i64 n, i64 inner, i64 take, i64 descending)) {
  sort_along(x, values, indices, scratch, outer, n, inner, take, descending);
}

KERNEL(sort_int64, NONE, (const i64* x, i64* values, i64* indices, u8* scratch, i64 outer, i64 n, i64 inner, i64 take, i64 descending)) {
  sort_along(x, values, indices, scratch, outer, n, inner, take, descending);
}

}  // namespace NSP
