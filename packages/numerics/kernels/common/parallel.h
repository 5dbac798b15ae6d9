#pragma once
// Splitting work over the pool. The pool itself (runtime/pool.*) is one per process and not part of any instruction set.

extern "C" {
using tenon_body = void (*)(void* context, long long block, long long thread);
// Runs body(context, b, thread) for b = 0 .. blocks-1 on all threads; returns when all are done. Safe to nest: inside a block of
// a job that runs on all threads an inner call runs in place, on the thread of that block.
void tenon_parallel(long long blocks, tenon_body body, void* context);
int tenon_threads();
}

namespace NSP {

// Below this much work, waking another thread costs more than it gives.
constexpr f64 PARALLEL_THRESHOLD_NS = 60000;

static inline i64 max_threads() { return tenon_threads(); }

// Out of line, so that a kernel's body is compiled once and not once for each way of running it.
template <class F> static NOINLINE void run_block(void* context, long long block, long long thread) {
  (*static_cast<const F*>(context))(static_cast<i64>(block), static_cast<i64>(thread));
}

// Runs body(block, thread) for every block. Which thread takes a block is not fixed, so a result must depend on the block alone;
// `thread` (< max_threads()) only picks scratch. `work_ns` is the estimated single-thread time of all blocks together.
template <class F> static inline void parallel_for(i64 blocks, f64 work_ns, const F& body) {
  void* context = const_cast<F*>(&body);
  if (blocks <= 1 || work_ns < PARALLEL_THRESHOLD_NS || tenon_threads() <= 1) {
    for (i64 b = 0; b < blocks; b++) run_block<F>(context, b, 0);
    return;
  }
  tenon_parallel(blocks, run_block<F>, context);
}

// Splits [0, n) into blocks of `size` and runs body(begin, end, thread) for each.
template <class F> static inline void parallel_range(i64 n, i64 size, f64 ns_per_item, const F& body) {
  parallel_for(ceil_div(n, size), ns_per_item * static_cast<f64>(n), [&](i64 b, i64 thread) {
    const i64 begin = b * size;
    body(begin, min_of(n, begin + size), thread);
  });
}

}  // namespace NSP
