/** The part of the WebAssembly interface that the engine uses; Node's type declarations lack it. */
interface WebAssemblyHost {
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  readonly Instance: new (module: WasmModule, imports: WasmImports) => WasmInstance;
  readonly Memory: new (descriptor: { initial: number; maximum: number; shared: boolean }) => WasmMemory;
  validate(bytes: Uint8Array): boolean;
  compile(bytes: ArrayBuffer): Promise<WasmModule>;
  instantiate(module: WasmModule, imports: WasmImports): Promise<WasmInstance>;
}

/** Compiled code; opaque, and may be sent to workers. */
export type WasmModule = object;

export interface WasmInstance {
  readonly exports: unknown;
}

export interface WasmMemory {
  readonly buffer: ArrayBufferLike;
  grow(pages: number): number;
}

export type WasmImports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What browsers have and Node has not, or not always. */
interface HostGlobals {
  readonly WebAssembly: WebAssemblyHost;
  readonly crossOriginIsolated?: boolean;
  readonly navigator?: { readonly hardwareConcurrency?: number };
  readonly document?: unknown;
  readonly Worker: new (url: string) => { postMessage(data: unknown): void };
}

export function host(): HostGlobals {
  return globalThis as unknown as HostGlobals;
}
