// The thread pool: one algorithm for pthreads and for WebAssembly workers.
//
// A job is a number of blocks. `ticket` holds its size and the next block to take in one word, so that taking a block also
// tells whether it belongs to a job that is still running: a thread that comes late finds next >= size and touches nothing
// else. The caller takes blocks like everybody, so a job also ends if no worker ever wakes up or starts.

#include <atomic>

#ifdef __wasm__
#include "runtime/platform_wasm.h"
#else
#include "runtime/platform_native.h"
#endif

extern "C" {
using tenon_body = void (*)(void* context, long long block, long long thread);
void tenon_parallel(long long blocks, tenon_body body, void* context);
int tenon_threads();
void tenon_set_threads(int threads);
}

namespace pool {

// More blocks than this do not fit the ticket; nobody cuts work that fine, so they simply run in place.
constexpr long long MAX_BLOCKS = 1LL << 30;

struct State {
  alignas(64) std::atomic<unsigned long long> ticket{0};  // size << 32 | next
  alignas(64) std::atomic<unsigned> signal{0};            // counts jobs; what idle workers wait on
  std::atomic<int> sleeping{0};
  alignas(64) std::atomic<unsigned> done{0};  // blocks finished; what the caller waits on
  std::atomic<int> joining{0};
  alignas(64) std::atomic<bool> busy{false};
  tenon_body body = nullptr;
  void* context = nullptr;
  int threads = 1;
  bool started = false;
};

static State state;

static void take_blocks(int thread) {
  unsigned finished = 0;
  for (;;) {
    const unsigned long long ticket = state.ticket.fetch_add(1, std::memory_order_acq_rel);
    const unsigned next = static_cast<unsigned>(ticket), size = static_cast<unsigned>(ticket >> 32);
    if (next >= size) break;
    // The job cannot end before this block is counted as done, so body and context are its own.
    state.body(state.context, next, thread);
    finished++;
  }
  if (finished == 0) return;
  state.done.fetch_add(finished, std::memory_order_seq_cst);
  if (state.joining.load(std::memory_order_seq_cst)) platform::wake(&state.done);
}

static void work_forever(int thread) {
  platform::set_current_thread(thread);
  for (;;) {
    const unsigned seen = state.signal.load(std::memory_order_acquire);
    take_blocks(thread);
    bool woken = false;
    for (int i = 0; i < platform::SPINS && !woken; i++) {
      platform::relax();
      woken = state.signal.load(std::memory_order_relaxed) != seen;
    }
    if (woken) continue;
    // The publisher raises `signal` before it reads `sleeping`, we do the opposite: one of the two sees the other.
    state.sleeping.fetch_add(1, std::memory_order_seq_cst);
    platform::wait(&state.signal, seen);
    state.sleeping.fetch_sub(1, std::memory_order_seq_cst);
  }
}

static void join(unsigned size) {
  for (int i = 0; i < platform::SPINS; i++) {
    if (state.done.load(std::memory_order_acquire) == size) return;
    platform::relax();
  }
  while (!platform::may_wait()) {
    if (state.done.load(std::memory_order_acquire) == size) return;
    platform::relax();
  }
  state.joining.store(1, std::memory_order_seq_cst);
  for (unsigned done = state.done.load(std::memory_order_seq_cst); done != size; done = state.done.load(std::memory_order_seq_cst)) {
    platform::wait(&state.done, done);
  }
  state.joining.store(0, std::memory_order_relaxed);
}

static void run_job(unsigned size, tenon_body body, void* context) {
  state.body = body;
  state.context = context;
  state.done.store(0, std::memory_order_relaxed);
  state.ticket.store(static_cast<unsigned long long>(size) << 32, std::memory_order_release);
  state.signal.fetch_add(1, std::memory_order_seq_cst);
  if (state.sleeping.load(std::memory_order_seq_cst) > 0) platform::wake(&state.signal);
  take_blocks(0);
  join(size);
}

}  // namespace pool

extern "C" {

int tenon_threads() { return pool::state.threads; }

// Before the first job only: workers are started for this number.
void tenon_set_threads(int threads) {
  if (!pool::state.started) pool::state.threads = threads < 1 ? 1 : threads > 64 ? 64 : threads;
}

void tenon_parallel(long long blocks, tenon_body body, void* context) {
  using namespace pool;
  // Busy: called from inside a block, or from another JavaScript thread of this process; both run in place.
  if (blocks <= 1 || blocks > MAX_BLOCKS || state.threads <= 1 || state.busy.exchange(true, std::memory_order_acquire)) {
    const int thread = platform::current_thread();
    for (long long b = 0; b < blocks; b++) body(context, b, thread);
    return;
  }
  if (!state.started) {
    state.started = true;
    platform::start(state.threads - 1);
  }
  run_job(static_cast<unsigned>(blocks), body, context);
  state.busy.store(false, std::memory_order_release);
}

}
