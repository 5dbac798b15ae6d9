import { parentPort } from "node:worker_threads";
import { READERS } from "./readers.ts";

/** What the worker reports about one file. */
export interface Reading {
  readonly outcome: "loaded" | "refused" | "absent";
  /** The error's class and text, or what was loaded. */
  readonly error?: string;
  readonly message?: string;
  /** Seconds of CPU. */
  readonly seconds: number;
  /** Mebibytes above what the process used before. */
  readonly mebibytes: number;
  readonly polluted: boolean;
}

const MEBI = 2 ** 20;

async function readOne(path: string, format: string): Promise<Reading> {
  const reader = await READERS[format]?.();
  if (reader === undefined) return { outcome: "absent", seconds: 0, mebibytes: 0, polluted: false };
  const keys = Reflect.ownKeys(Object.prototype).length;
  const before = process.memoryUsage().rss;
  const peak = process.resourceUsage().maxRSS;
  const start = process.cpuUsage();
  const failure = await reader(path).then(
    () => undefined,
    (error: unknown) => error as Error,
  );
  const { user, system } = process.cpuUsage(start);
  const after = process.resourceUsage().maxRSS;
  const measured = {
    seconds: (user + system) / 1e6,
    // The peak of a process only rises; one that did not move says that this file needed no more than earlier ones.
    mebibytes: after > peak ? (after * 1024 - before) / MEBI : 0,
    polluted: Reflect.ownKeys(Object.prototype).length !== keys,
  };
  if (failure === undefined) return { outcome: "loaded", ...measured };
  return { outcome: "refused", error: failure?.name ?? String(failure), message: failure?.message ?? "", ...measured };
}

parentPort!.on("message", async ({ path, format }: { path: string; format: string }) => {
  parentPort!.postMessage(await readOne(path, format));
});
