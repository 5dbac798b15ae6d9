import type { Callback, Logs } from "../trainer/callback.ts";
import type { Trainer } from "../trainer/trainer.ts";

/** Where progress is written: `process.stdout`, or anything like it. */
export interface ProgressStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface ProgressBarOptions {
  readonly stream?: ProgressStream;
  /** Least time between two drawings, in milliseconds. Default 100. */
  readonly interval?: number;
}

const WIDTH = 24;
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** `0:07`, `12:30`, `1:02:03`. */
export function formatDuration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  const two = (n: number) => String(n).padStart(2, "0");
  const minutes = Math.floor(s / 60);
  if (minutes < 60) return `${minutes}:${two(s % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(s % 60)}`;
}

function bar(share: number): string {
  const cells = Math.min(1, Math.max(0, share)) * WIDTH;
  const full = Math.floor(cells);
  return ("█".repeat(full) + (full < WIDTH ? EIGHTHS[Math.floor((cells - full) * 8)] : "")).padEnd(WIDTH);
}

function formatLogs(logs: Logs): string {
  return Object.entries(logs)
    .filter(([name]) => name !== "lr")
    .map(([name, value]) => {
      const percent = name.endsWith("accuracy");
      return `${name} ${percent ? `${(100 * value).toFixed(1)} %` : value.toPrecision(4)}`;
    })
    .join("  ");
}

/**
 * Shows each epoch's progress: loss and metrics so far, samples per second, time left. On a terminal one line is redrawn; elsewhere
 * there is one plain line an epoch, without control characters.
 */
export function progressBar(options: ProgressBarOptions = {}): Callback {
  const { interval = 100 } = options;
  const stream = options.stream ?? process.stdout;
  const live = stream.isTTY === true;
  let started = 0;
  let drawn = 0;
  let firstBatch = 0;

  const epochName = (trainer: Trainer, epoch: number) => `epoch ${epoch}/${trainer.running?.options.epochs ?? "?"}`;

  function draw(trainer: Trainer, logs: Logs): void {
    const seconds = (performance.now() - started) / 1000;
    const total = trainer.running?.source.length;
    const rate = trainer.samples / seconds;
    const parts = [epochName(trainer, trainer.epoch + 1)];
    if (total !== undefined) parts.push(`${bar(trainer.batch / total)} ${Math.round((100 * trainer.batch) / total)} %`);
    parts.push(formatLogs(logs), `${Math.round(rate)} samples/s`);
    if (total !== undefined) {
      const done = trainer.batch - firstBatch;
      parts.push(`${formatDuration(((total - trainer.batch) * seconds) / Math.max(1, done))} left`);
    }
    const line = parts.join("  ");
    stream.write(`\r${line.slice(0, (stream.columns ?? 120) - 1)}\u001b[K`);
  }

  return {
    epochStart(trainer) {
      started = performance.now();
      drawn = 0;
      firstBatch = trainer.batch;
    },
    // Without it no step has to put its logs together.
    ...(live && {
      stepEnd(trainer: Trainer, logs: Logs) {
        const now = performance.now();
        if (now - drawn < interval) return;
        drawn = now;
        draw(trainer, logs);
      },
    }),
    epochEnd(trainer, logs) {
      const { seconds } = trainer.history.at(-1)!;
      const line = `${epochName(trainer, trainer.epoch)}  ${formatLogs(logs)}  ${formatDuration(seconds)}`;
      stream.write(live ? `\r${line}\u001b[K\n` : `${line}\n`);
    },
    fitError() {
      if (live) stream.write("\n");
    },
  };
}
