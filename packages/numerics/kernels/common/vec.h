#pragma once
// Vectors by the compilers' vector extensions: the same source for SSE2, AVX2, AVX-512, NEON and WebAssembly SIMD.

namespace NSP {

#if defined(__AVX512F__)
constexpr i64 VBYTES = 64;
#elif defined(__AVX__)
constexpr i64 VBYTES = 32;
#else
constexpr i64 VBYTES = 16;
#endif

// Whether a * b + c is one instruction with one rounding.
#if defined(__FMA__) || defined(__ARM_FEATURE_FMA) || defined(__wasm_relaxed_simd__)
constexpr bool HAS_FMA = true;
#else
constexpr bool HAS_FMA = false;
#endif

constexpr i64 FL = VBYTES / 4;  // lanes of vf
constexpr i64 DL = VBYTES / 8;  // lanes of vd

typedef f32 vf __attribute__((vector_size(VBYTES)));
typedef i32 vi __attribute__((vector_size(VBYTES)));
typedef u32 vu __attribute__((vector_size(VBYTES)));
typedef f64 vd __attribute__((vector_size(VBYTES)));
typedef i64 vl __attribute__((vector_size(VBYTES)));
typedef u64 vul __attribute__((vector_size(VBYTES)));
// As many floats as vd has doubles: what widens to one vd.
typedef f32 vh __attribute__((vector_size(VBYTES / 2)));
typedef i32 vhi __attribute__((vector_size(VBYTES / 2)));

// May alias anything and need not be aligned: for loads and stores.
typedef vf vf_u __attribute__((aligned(1), may_alias));
typedef vd vd_u __attribute__((aligned(1), may_alias));
typedef vh vh_u __attribute__((aligned(1), may_alias));
typedef vi vi_u __attribute__((aligned(1), may_alias));
typedef vl vl_u __attribute__((aligned(1), may_alias));

static INLINE vf load(const f32* p) { return *reinterpret_cast<const vf_u*>(p); }
static INLINE vd load(const f64* p) { return *reinterpret_cast<const vd_u*>(p); }
static INLINE vh load_half(const f32* p) { return *reinterpret_cast<const vh_u*>(p); }
static INLINE void store(f32* p, vf v) { *reinterpret_cast<vf_u*>(p) = v; }
static INLINE void store(f64* p, vd v) { *reinterpret_cast<vd_u*>(p) = v; }
static INLINE void store_half(f32* p, vh v) { *reinterpret_cast<vh_u*>(p) = v; }

// x - 0 keeps every x, -0 included, and lets the compiler broadcast from memory; 0 + x would turn -0 into +0.
static INLINE vf splat(f32 x) { return x - vf{}; }
static INLINE vd splat(f64 x) { return x - vd{}; }

static INLINE vd widen(vh v) { return __builtin_convertvector(v, vd); }
static INLINE vh narrow(vd v) { return __builtin_convertvector(v, vh); }

// Lane-wise mask ? a : b. Masks come from comparisons: all bits set or none.
static INLINE vf select(vi mask, vf a, vf b) { return (vf)((mask & (vi)a) | (~mask & (vi)b)); }
static INLINE vd select(vl mask, vd a, vd b) { return (vd)((mask & (vl)a) | (~mask & (vl)b)); }

// a * b + c; one rounding only where HAS_FMA, never to be relied upon for exactness.
#if defined(__wasm_relaxed_simd__)
static INLINE vf fma(vf a, vf b, vf c) { return (vf)__builtin_wasm_relaxed_madd_f32x4(a, b, c); }
static INLINE vd fma(vd a, vd b, vd c) { return (vd)__builtin_wasm_relaxed_madd_f64x2(a, b, c); }
#else
static INLINE vf fma(vf a, vf b, vf c) { return a * b + c; }
static INLINE vd fma(vd a, vd b, vd c) { return a * b + c; }
#endif

}  // namespace NSP
