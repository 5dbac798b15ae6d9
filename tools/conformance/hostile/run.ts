import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Worker } from "node:worker_threads";
import type { Row } from "../../runner/report.ts";
import { READERS } from "./readers.ts";
import type { Reading } from "./worker.ts";

/** A row of the manifest; the set's README explains the fields. */
interface HostileFile {
  readonly file: string;
  readonly format: string;
  readonly attack: string;
  readonly expected: "FormatError" | "ok";
  readonly either?: boolean;
}

const MAX_SECONDS = 1;
const MAX_MEBIBYTES = 256;
/** A reader that does not answer is ended after this long. */
const PATIENCE_MS = 10_000;

/** One thread that reads files; it is replaced when a file takes it down. */
class ReaderThread {
  #worker: Worker | null = null;
  #answer: ((result: Reading | string) => void) | null = null;

  #started(): Worker {
    if (this.#worker !== null) return this.#worker;
    const worker = new Worker(new URL("./start-worker.mjs", import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 64, stackSizeMb: 4 },
    });
    worker.on("message", (reading: Reading) => this.#answer?.(reading));
    worker.on("error", (error) => this.#lose(worker, `the reader's thread died: ${error.message}`));
    worker.on("exit", (code) => this.#lose(worker, `the reader's thread ended with code ${code}`));
    this.#worker = worker;
    return worker;
  }

  #lose(worker: Worker, why: string): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    void worker.terminate();
    this.#answer?.(why);
  }

  /** The reading, or in words how the thread ended instead. */
  async read(path: string, format: string): Promise<Reading | string> {
    const worker = this.#started();
    const timer = setTimeout(() => this.#lose(worker, `no answer after ${PATIENCE_MS / 1000} s`), PATIENCE_MS);
    try {
      return await new Promise((answer) => {
        this.#answer = answer;
        worker.postMessage({ path, format });
      });
    } finally {
      clearTimeout(timer);
      this.#answer = null;
    }
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }
}

function verdictOf(row: HostileFile, reading: Reading): string | undefined {
  const { outcome, error, message = "", seconds, mebibytes, polluted } = reading;
  if (polluted) return "Object.prototype was changed";
  if (seconds > MAX_SECONDS) return `${seconds.toFixed(1)} s of CPU, allowed ${MAX_SECONDS}`;
  if (mebibytes > MAX_MEBIBYTES) return `${mebibytes.toFixed(0)} MiB, allowed ${MAX_MEBIBYTES}`;
  if (outcome === "refused" && error !== "FormatError" && error !== "UnsupportedError") return `${error}: ${message}`;
  if (row.either) return undefined;
  if (row.expected === "ok") return outcome === "loaded" ? undefined : `should load: ${message}`;
  return outcome === "refused" ? undefined : "should be refused";
}

function describe({ outcome, message, seconds, mebibytes }: Reading): string {
  const cost = `${(1000 * seconds).toFixed(0)} ms, ${mebibytes.toFixed(0)} MiB`;
  return outcome === "refused" ? `${cost}; ${message}` : `${cost}; loaded`;
}

/** Reads every file of the set with the public reader of its format, inside the bounds of time and memory. */
export async function runHostile(dir: string, { only }: { readonly only: RegExp }): Promise<Row[]> {
  const root = resolve(dir);
  const files = (JSON.parse(readFileSync(join(root, "manifest.json"), "utf8")) as HostileFile[]).filter(({ file }) =>
    only.test(file),
  );
  const list = () => readdirSync(root, { recursive: true }).sort().join("\n");
  const before = list();
  const cwd = process.cwd();
  const scratch = mkdtempSync(join(tmpdir(), "tenon-hostile-"));
  process.chdir(scratch);
  // Libraries that cannot be loaded are no verdict about a file.
  await Promise.all([...new Set(files.map(({ format }) => format))].map((format) => READERS[format]?.()));
  const worker = new ReaderThread();
  const rows: Row[] = [];
  try {
    // The first reading pays for loading the libraries.
    for (const { file, format } of new Map(files.map((f) => [f.format, f])).values()) {
      await worker.read(join(root, file), format);
    }
    for (const row of files) {
      const reading = await worker.read(join(root, row.file), row.format);
      const name = row.file;
      if (typeof reading === "string") rows.push({ name, verdict: "failed", detail: `${reading} (${row.attack})` });
      else if (reading.outcome === "absent") {
        rows.push({ name, verdict: "skipped", detail: `no reader for ${row.format} yet` });
      } else {
        const wrong = verdictOf(row, reading);
        const detail = wrong === undefined ? describe(reading) : `${wrong} (${row.attack})`;
        rows.push({ name, verdict: wrong === undefined ? "passed" : "failed", detail });
      }
    }
    const left = readdirSync(scratch);
    const clean = left.length === 0 && list() === before;
    rows.push({
      name: "nothing written",
      verdict: clean ? "passed" : "failed",
      detail: clean ? "" : `files appeared: ${left.join(", ")}`,
    });
  } finally {
    await worker.close();
    process.chdir(cwd);
    rmSync(scratch, { recursive: true, force: true });
  }
  return rows;
}
