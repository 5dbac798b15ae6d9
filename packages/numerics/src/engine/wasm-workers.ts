import { host, type WasmMemory, type WasmModule } from "./host.ts";

/** What a worker needs to take part: the module, the memory, and stacks of their own that lie one after the other. */
interface WorkerJob {
  readonly module: WasmModule;
  readonly memory: WasmMemory;
  readonly count: number;
  readonly stacks: number;
  readonly stackBytes: number;
}

/** Starts workers and returns at once; until they run, the caller's thread does all the work. */
export type StartWorkers = (job: WorkerJob) => void;

// A worker never returns from `worker`, it waits for jobs until the process ends. Plain text, because a worker made from a
// file would need its own entry in every bundle.
const LOOP = `
const enter = ({ module, memory, stack, index }) => {
  const env = { memory, start_workers() {}, missing() {} };
  const { exports } = new WebAssembly.Instance(module, { env });
  exports.__stack_pointer.value = stack;
  exports.worker(index);
};`;

// A trap in a worker leaves a block undone for which the caller would wait forever.
const NODE_WORKER = `${LOOP}
try {
  enter(require("node:worker_threads").workerData);
} catch (error) {
  require("node:fs").writeSync(2, "tenon: a kernel failed in a worker: " + (error && error.stack) + "\\n");
  process.kill(process.pid, "SIGABRT");
}`;

const BROWSER_WORKER = `${LOOP}
onmessage = ({ data }) => enter(data);`;

function perWorker({ module, memory, count, stacks, stackBytes }: WorkerJob, start: (data: unknown) => void): void {
  for (let index = 1; index <= count; index++) start({ module, memory, index, stack: stacks + index * stackBytes });
}

/** Workers of Node; they do not keep the process alive. */
export function startNodeWorkers(job: WorkerJob): void {
  const { Worker } = process.getBuiltinModule("node:worker_threads");
  perWorker(job, (workerData) => {
    try {
      // Without the loaders that the main thread was started with: they would cost far more than the worker itself.
      const worker = new Worker(NODE_WORKER, { eval: true, workerData, execArgv: [] });
      worker.on("error", () => {});
      worker.unref();
    } catch {
      // No further thread to be had: those that run, and the caller, do all blocks.
    }
  });
}

/** Workers of a browser. */
export function startBrowserWorkers(job: WorkerJob): void {
  const url = URL.createObjectURL(new Blob([BROWSER_WORKER], { type: "text/javascript" }));
  const { Worker } = host();
  perWorker(job, (data) => new Worker(url).postMessage(data));
}
