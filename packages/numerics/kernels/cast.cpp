// Conversions between element types, on contiguous data. Numbers convert as in PyTorch on x86: floating to integer truncates,
// and wraps modulo 2^bits into narrow integers; to bool is "not zero". float16 and bfloat16 are stored and converted, never
// computed with: they arrive as bit patterns (u16).

#include "common/kernel.h"

namespace NSP {

constexpr i64 CAST_BLOCK = 32768;
constexpr f64 CAST_NS = 0.4;

static INLINE u32 bits_of(f32 x) { return __builtin_bit_cast(u32, x); }
static INLINE f32 float_of(u32 bits) { return __builtin_bit_cast(f32, bits); }
static INLINE f32 pick(u32 mask, f32 a, f32 b) { return float_of((bits_of(a) & mask) | (bits_of(b) & ~mask)); }
static INLINE u32 pick(u32 mask, u32 a, u32 b) { return (a & mask) | (b & ~mask); }
static INLINE u32 mask_of(bool c) { return c ? ~0u : 0u; }

// A float16's value: scaling the shifted bits by 2^112 also gives subnormals, which float32 has as normal numbers.
static INLINE f32 half_to_float(u16 h) {
  const u32 rest = (h & 0x7fffu) << 13;
  const f32 scaled = float_of(rest) * 0x1p112f;
  const u32 special = mask_of(rest >= (0x7c00u << 13));
  const u32 magnitude = pick(special, rest | 0x7f800000u, bits_of(scaled));
  return float_of(magnitude | (h & 0x8000u) << 16);
}

// The nearest float16, ties to even. Subnormal results come from an addition that makes the hardware round at 2^-24.
static INLINE u16 float_to_half(f32 x) {
  const u32 bits = bits_of(x), sign = bits >> 16 & 0x8000u, rest = bits & 0x7fffffffu;
  const u32 normal = (rest - (112u << 23) + 0xfffu + (rest >> 13 & 1u)) >> 13;
  const u32 tiny = bits_of(float_of(rest) + 0.5f) - bits_of(0.5f);
  u32 h = pick(mask_of(rest < (113u << 23)), tiny, normal);
  h = pick(mask_of(rest >= 0x477ff000u), 0x7c00u, h);
  h = pick(mask_of(rest > 0x7f800000u), 0x7e00u, h);
  return static_cast<u16>(sign | h);
}

static INLINE f32 bfloat_to_float(u16 b) { return float_of(static_cast<u32>(b) << 16); }

static INLINE u16 float_to_bfloat(f32 x) {
  const u32 bits = bits_of(x);
  const u32 rounded = (bits + 0x7fffu + (bits >> 16 & 1u)) >> 16;
  return static_cast<u16>(pick(mask_of((bits & 0x7fffffffu) > 0x7f800000u), 0x7fc0u, rounded));
}

// A double rounded to float32 so that rounding once more to fewer bits gives the same as rounding once: to odd.
static INLINE f32 round_to_odd(f64 x) {
  const f32 near = static_cast<f32>(x);
  const f64 back = static_cast<f64>(near);
  const u32 bits = bits_of(near);
  const bool exact = back == x || x != x || (bits & 0x7f800000u) == 0x7f800000u;
  // The neighbour towards x has an odd last bit if ours is even.
  const bool outward = (back < x) == (x > 0);
  const u32 moved = outward ? bits + 1 : bits - 1;
  return exact || (bits & 1u) ? near : float_of(moved);
}

// What x86 gives, written out so that all instruction sets agree: the least number for NaN and for what does not fit.
static INLINE i64 truncate(f64 x) { return x >= -0x1p63 && x < 0x1p63 ? static_cast<i64>(x) : static_cast<i64>(1ULL << 63); }
static INLINE i32 truncate(f32 x) { return x >= -0x1p31f && x < 0x1p31f ? static_cast<i32>(x) : static_cast<i32>(1u << 31); }
static INLINE i32 truncate32(f64 x) { return x > -0x1p31 - 1 && x < 0x1p31 ? static_cast<i32>(x) : static_cast<i32>(1u << 31); }

// A half precision element, to tell the two apart from u16.
struct f16 {
  u16 v;
};
struct bf16 {
  u16 v;
};

template <class T> inline constexpr bool is_half = is_same<T, f16> || is_same<T, bf16>;

static INLINE f32 value_of(f16 x) { return half_to_float(x.v); }
static INLINE f32 value_of(bf16 x) { return bfloat_to_float(x.v); }

// From float32, and exact or rounded once to it.
template <class D> static INLINE D from_float(f32 x) {
  if constexpr (is_same<D, b8>) return {static_cast<u8>(x != 0)};
  else if constexpr (is_same<D, f16>) return {float_to_half(x)};
  else if constexpr (is_same<D, bf16>) return {float_to_bfloat(x)};
  else if constexpr (is_same<D, i64>) return truncate(static_cast<f64>(x));
  else if constexpr (is_float<D>) return static_cast<D>(x);
  else return static_cast<D>(truncate(x));
}

template <class S> static INLINE f32 to_float(S x) {
  if constexpr (is_same<S, b8>) return static_cast<f32>(x.v != 0);
  else if constexpr (is_half<S>) return value_of(x);
  else return static_cast<f32>(x);
}

// int64 to a double that rounds on to fewer bits as if at once: an inexact one is made odd.
static INLINE f64 sticky_double(i64 x) {
  const f64 near = static_cast<f64>(x);
  const i64 back = near >= 0x1p63 ? 0x7fffffffffffffffLL : static_cast<i64>(near);
  const u64 bits = __builtin_bit_cast(u64, near);
  const u64 moved = (back < x) == (x > 0) ? bits + 1 : bits - 1;
  return back == x || (bits & 1) ? near : __builtin_bit_cast(f64, moved);
}

// The rarer pairs go through a buffer of the widest type of their kind, so that there is code per type and not per pair.
constexpr i64 WIDE = 512;
template <class S> struct wide_of { using type = i64; };
template <> struct wide_of<f64> { using type = f64; };
template <> struct wide_of<f16> { using type = f64; };
template <> struct wide_of<bf16> { using type = f64; };

template <class S, class W> static NOINLINE void decode(const S* src, W* wide, i64 n) {
  for (i64 i = 0; i < n; i++) {
    if constexpr (is_same<S, b8>) wide[i] = src[i].v != 0;
    else if constexpr (is_half<S>) wide[i] = static_cast<W>(value_of(src[i]));
    else wide[i] = static_cast<W>(src[i]);
  }
}

template <class D, class W> static NOINLINE void encode(const W* wide, D* dst, i64 n) {
  for (i64 i = 0; i < n; i++) {
    const W x = wide[i];
    if constexpr (is_same<D, b8>) dst[i].v = static_cast<u8>(x != 0);
    else if constexpr (is_half<D> && is_same<W, f64>) dst[i] = from_float<D>(round_to_odd(x));
    else if constexpr (is_half<D>) dst[i] = from_float<D>(round_to_odd(sticky_double(x)));
    else if constexpr (is_same<W, f64> && is_same<D, i64>) dst[i] = truncate(x);
    else if constexpr (is_same<W, f64> && !is_float<D>) dst[i] = static_cast<D>(truncate32(x));
    else dst[i] = static_cast<D>(x);
  }
}

template <class S, class D> static INLINE void cast_block(const S* src, D* dst, i64 n) {
  if constexpr (is_same<S, f32>) {
    for (i64 i = 0; i < n; i++) dst[i] = from_float<D>(src[i]);
  } else if constexpr (is_same<D, f32>) {
    for (i64 i = 0; i < n; i++) dst[i] = to_float(src[i]);
  } else {
    using W = typename wide_of<S>::type;
    W wide[WIDE];
    for (i64 at = 0; at < n; at += WIDE) {
      const i64 count = min_of(WIDE, n - at);
      decode<S, W>(src + at, wide, count);
      encode<D, W>(wide, dst + at, count);
    }
  }
}

template <class S, class D> static INLINE void cast_all(const void* from, void* to, i64 n) {
  const S* src = static_cast<const S*>(from);
  D* dst = static_cast<D*>(to);
  parallel_range(n, CAST_BLOCK, CAST_NS, [=](i64 begin, i64 end, i64) { cast_block<S, D>(src + begin, dst + begin, end - begin); });
}

KERNEL(cast_to_float32, ALL, (const T* src, f32* dst, i64 n)) { cast_all<T, f32>(src, dst, n); }
KERNEL(cast_to_float64, ALL, (const T* src, f64* dst, i64 n)) { cast_all<T, f64>(src, dst, n); }
KERNEL(cast_to_int8, ALL, (const T* src, i8* dst, i64 n)) { cast_all<T, i8>(src, dst, n); }
KERNEL(cast_to_uint8, ALL, (const T* src, u8* dst, i64 n)) { cast_all<T, u8>(src, dst, n); }
KERNEL(cast_to_int16, ALL, (const T* src, i16* dst, i64 n)) { cast_all<T, i16>(src, dst, n); }
KERNEL(cast_to_int32, ALL, (const T* src, i32* dst, i64 n)) { cast_all<T, i32>(src, dst, n); }
KERNEL(cast_to_int64, ALL, (const T* src, i64* dst, i64 n)) { cast_all<T, i64>(src, dst, n); }
KERNEL(cast_to_bool, ALL, (const T* src, b8* dst, i64 n)) { cast_all<T, b8>(src, dst, n); }
KERNEL(cast_to_float16, ALL, (const T* src, u16* dst, i64 n)) { cast_all<T, f16>(src, dst, n); }
KERNEL(cast_to_bfloat16, ALL, (const T* src, u16* dst, i64 n)) { cast_all<T, bf16>(src, dst, n); }
KERNEL(cast_from_float16, ALL, (const u16* src, T* dst, i64 n)) { cast_all<f16, T>(src, dst, n); }
KERNEL(cast_from_bfloat16, ALL, (const u16* src, T* dst, i64 n)) { cast_all<bf16, T>(src, dst, n); }
KERNEL(cast_float16_to_bfloat16, NONE, (const u16* src, u16* dst, i64 n)) { cast_all<f16, bf16>(src, dst, n); }
KERNEL(cast_bfloat16_to_float16, NONE, (const u16* src, u16* dst, i64 n)) { cast_all<bf16, f16>(src, dst, n); }

}  // namespace NSP
