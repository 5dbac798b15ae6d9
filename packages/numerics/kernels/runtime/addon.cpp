// The Node-API addon: one reserved region as heap, the choice of the instruction set, run().

#include <node_api.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

extern "C" {
using tenon_entry = void (*)(double* slot, char* base);
extern const int tenon_table_size;
extern const char tenon_table_name[];
void tenon_set_threads(int threads);
int tenon_threads();
#if defined(__x86_64__)
extern const tenon_entry tenon_table_baseline[];
extern const tenon_entry tenon_table_avx2[];
extern const tenon_entry tenon_table_avx512[];
#else
extern const tenon_entry tenon_table_neon[];
#endif
}

namespace {

struct Isa {
  const char* name;
  const tenon_entry* table;
  bool supported;
};

// Best first.
struct Isas {
  Isa list[3];
  int count;
};

Isas isas() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
                      __builtin_cpu_supports("avx512bw");
  return {{{"avx512", tenon_table_avx512, avx512}, {"avx2", tenon_table_avx2, avx2}, {"baseline", tenon_table_baseline, true}}, 3};
#else
  return {{{"neon", tenon_table_neon, true}}, 1};
#endif
}

// One engine: several may live in a process (worker threads, two copies of the package), each with its own heap.
struct Engine {
  char* base = nullptr;
  size_t bytes = 0;
  const tenon_entry* table = nullptr;
  napi_ref adopted = nullptr;
};

napi_value string_value(napi_env env, const char* text) {
  napi_value value;
  napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &value);
  return value;
}

napi_value run(napi_env env, napi_callback_info info) {
  void* data;
  napi_get_cb_info(env, info, nullptr, nullptr, nullptr, &data);
  const Engine* engine = static_cast<const Engine*>(data);
  double* slot = reinterpret_cast<double*>(engine->base);
  const int id = static_cast<int>(slot[0]);
  const tenon_entry entry = id >= 0 && id < tenon_table_size ? engine->table[id] : nullptr;
  if (entry == nullptr) {
    napi_throw_error(env, "TENON_KERNEL_MISSING", "this build of the native engine lacks the kernel; run `npm run kernels -w packages/numerics`");
    return nullptr;
  }
  entry(slot, engine->base);
  return nullptr;
}

// segment(index, bytes): that part of the reservation as an ArrayBuffer that owns nothing; undefined if the host refuses.
napi_value segment(napi_env env, napi_callback_info info) {
  void* data;
  size_t count = 2;
  napi_value args[2];
  napi_get_cb_info(env, info, &count, args, nullptr, &data);
  double offset = 0, bytes = 0;
  napi_get_value_double(env, args[0], &offset);
  napi_get_value_double(env, args[1], &bytes);
  const Engine* engine = static_cast<const Engine*>(data);
  napi_value buffer = nullptr;
  if (engine->base == nullptr || offset < 0 || bytes < 0 || offset + bytes > static_cast<double>(engine->bytes)) return nullptr;
  const auto keep = [](napi_env, void*, void*) {};
  if (napi_create_external_arraybuffer(env, engine->base + static_cast<size_t>(offset), static_cast<size_t>(bytes), keep, nullptr, &buffer) != napi_ok) {
    return nullptr;
  }
  return buffer;
}

// adopt(arrayBuffer): uses a buffer that JavaScript allocated as the heap, where external buffers are refused.
napi_value adopt(napi_env env, napi_callback_info info) {
  void* data;
  size_t count = 1;
  napi_value args[1];
  napi_get_cb_info(env, info, &count, args, nullptr, &data);
  Engine* engine = static_cast<Engine*>(data);
  void* base = nullptr;
  size_t bytes = 0;
  if (napi_get_arraybuffer_info(env, args[0], &base, &bytes) != napi_ok) {
    napi_throw_type_error(env, "TENON_ADDON", "adopt needs an ArrayBuffer");
    return nullptr;
  }
  if (engine->base != nullptr) munmap(engine->base, engine->bytes);
  napi_create_reference(env, args[0], 1, &engine->adopted);
  engine->base = static_cast<char*>(base);
  engine->bytes = bytes;
  return nullptr;
}

void add_function(napi_env env, napi_value object, const char* name, napi_callback callback, void* data) {
  napi_value function;
  napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, data, &function);
  napi_set_named_property(env, object, name, function);
}

// As much address space as the system gives; no memory is used before it is touched.
void reserve(Engine* engine, size_t bytes) {
  for (size_t size = bytes; size >= (size_t{1} << 30); size /= 2) {
    void* base = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (base == MAP_FAILED) continue;
#ifdef MADV_HUGEPAGE
    madvise(base, size, MADV_HUGEPAGE);
#endif
    engine->base = static_cast<char*>(base);
    engine->bytes = size;
    return;
  }
}

// start(threads, isa, bytes): an engine as { isa, threads, bytes, run, segment, adopt }.
// isa "" takes the best one; one that this CPU does not have throws.
napi_value start(napi_env env, napi_callback_info info) {
  size_t count = 3;
  napi_value args[3];
  napi_get_cb_info(env, info, &count, args, nullptr, nullptr);
  int32_t threads = 1;
  double bytes = 0;
  char wanted[32] = "";
  size_t length;
  napi_get_value_int32(env, args[0], &threads);
  napi_get_value_string_utf8(env, args[1], wanted, sizeof wanted, &length);
  napi_get_value_double(env, args[2], &bytes);

  const Isas known = isas();
  const Isa* chosen = nullptr;
  for (int i = known.count - 1; i >= 0; i--) {
    const Isa& isa = known.list[i];
    if (isa.supported && (wanted[0] == 0 || strcmp(wanted, isa.name) == 0)) chosen = &isa;
  }
  if (chosen == nullptr) {
    napi_throw_error(env, "TENON_ISA", "this CPU or build does not have the instruction set that TENON_ISA asks for");
    return nullptr;
  }
  Engine* engine = new Engine;
  engine->table = chosen->table;
  reserve(engine, static_cast<size_t>(bytes));
  tenon_set_threads(threads);

  napi_value result, number;
  napi_create_object(env, &result);
  napi_set_named_property(env, result, "isa", string_value(env, chosen->name));
  napi_create_int32(env, tenon_threads(), &number);
  napi_set_named_property(env, result, "threads", number);
  napi_create_double(env, static_cast<double>(engine->bytes), &number);
  napi_set_named_property(env, result, "bytes", number);
  add_function(env, result, "run", run, engine);
  add_function(env, result, "segment", segment, engine);
  add_function(env, result, "adopt", adopt, engine);
  // Not when some object is collected: the functions above hold the engine until the end.
  const auto release = [](void* data) {
    Engine* engine = static_cast<Engine*>(data);
    if (engine->base != nullptr && engine->adopted == nullptr) munmap(engine->base, engine->bytes);
    delete engine;
  };
  napi_add_env_cleanup_hook(env, release, engine);
  return result;
}

}  // namespace

NAPI_MODULE_INIT() {
  napi_set_named_property(env, exports, "table", string_value(env, tenon_table_name));
  add_function(env, exports, "start", start, nullptr);
  return exports;
}
