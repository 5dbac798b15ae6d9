#pragma once
// What the pool needs of an operating system.

#include <atomic>
#include <thread>

namespace pool {
static void work_forever(int thread);
}

namespace platform {

// About 10 microseconds: longer than the gap between two jobs of one operation, short enough not to rob a shared machine.
constexpr int SPINS = 400;

static thread_local int thread_index = 0;

static inline void set_current_thread(int thread) { thread_index = thread; }
static inline int current_thread() { return thread_index; }
static inline bool may_wait() { return true; }

static inline void relax() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("isb");
#endif
}

static inline void wait(std::atomic<unsigned>* word, unsigned seen) { word->wait(seen); }
static inline void wake(std::atomic<unsigned>* word) { word->notify_all(); }

// Detached, so that the end of the process waits for nobody.
static inline void start(int workers) {
  for (int i = 1; i <= workers; i++) {
    try {
      std::thread(pool::work_forever, i).detach();
    } catch (...) {
      return;  // The system gives no more threads: those that run, and the caller, do all blocks.
    }
  }
}

}  // namespace platform
