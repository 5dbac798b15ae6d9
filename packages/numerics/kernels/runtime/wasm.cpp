// The WebAssembly module's face: the slot, run(), and the entry of its workers.

#include "runtime/pool.cpp"

using tenon_entry = void (*)(double* slot, char* base);

extern "C" {
extern const tenon_entry tenon_table_wasm[];
extern const int tenon_table_size;
extern const char tenon_table_name[];

// Throws an error that says that this binary lacks the kernel.
__attribute__((import_module("env"), import_name("missing"))) void tenon_missing(double id);
}

static double slot[512];

#define EXPORT(name) extern "C" __attribute__((export_name(name)))

EXPORT("slot") double* tenon_slot() { return slot; }

// Sixteen characters that name the numbering of the kernels.
EXPORT("table") const char* tenon_table() { return tenon_table_name; }

EXPORT("run") void tenon_run() {
  const int id = static_cast<int>(slot[0]);
  const tenon_entry entry = id >= 0 && id < tenon_table_size ? tenon_table_wasm[id] : nullptr;
  if (entry == nullptr) {
    tenon_missing(slot[0]);
    return;
  }
  entry(slot, nullptr);
}

#ifdef __wasm_atomics__
// Before the first job. `stacks`: `threads - 1` stacks of `bytes` each; `wait`: whether the caller's thread may block.
EXPORT("configure") void tenon_configure(int threads, char* stacks, int bytes, int wait) {
  platform::stacks = stacks;
  platform::stack_bytes = bytes;
  platform::stack_count = threads - 1;
  platform::waiting_allowed = wait != 0;
  tenon_set_threads(threads);
}

EXPORT("worker") void tenon_worker(int thread) { pool::work_forever(thread); }
#endif
