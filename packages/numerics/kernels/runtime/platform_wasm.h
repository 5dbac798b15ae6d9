#pragma once
// What the pool needs of a JavaScript host. Without atomics there is one thread and nothing to wait for.

#include <atomic>

namespace platform {

constexpr int SPINS = 4000;

#ifdef __wasm_atomics__

// Starts workers that instantiate this module with the same memory and call tenon_worker(i); returns at once.
extern "C" __attribute__((import_module("env"), import_name("start_workers"))) void tenon_start_workers(int workers);

// The workers' stacks lie one after the other, so an address on the stack tells whose it is. (thread_local would need
// run-time support that -nostdlib does not have.)
static char* stacks = nullptr;
static int stack_bytes = 0;
static int stack_count = 0;
static bool waiting_allowed = true;

static inline void set_current_thread(int) {}
static inline int current_thread() {
  char here;
  char* volatile address = &here;
  const long distance = address - stacks;
  return stacks != nullptr && distance >= 0 && distance < static_cast<long>(stack_bytes) * stack_count ? 1 + static_cast<int>(distance / stack_bytes) : 0;
}
static inline bool may_wait() { return waiting_allowed; }
static inline void relax() {}
static inline void wait(std::atomic<unsigned>* word, unsigned seen) {
  __builtin_wasm_memory_atomic_wait32(reinterpret_cast<int*>(word), static_cast<int>(seen), -1);
}
static inline void wake(std::atomic<unsigned>* word) { __builtin_wasm_memory_atomic_notify(reinterpret_cast<int*>(word), ~0u); }
static inline void start(int workers) { tenon_start_workers(workers); }

#else

static inline void set_current_thread(int) {}
static inline int current_thread() { return 0; }
static inline bool may_wait() { return false; }
static inline void relax() {}
static inline void wait(std::atomic<unsigned>*, unsigned) {}
static inline void wake(std::atomic<unsigned>*) {}
static inline void start(int) {}

#endif

}  // namespace platform
