export interface Measurement {
  /** Seconds per call, one entry per sample. */
  readonly samples: readonly number[];
  /** Calls per sample. */
  readonly inner: number;
}

const now = () => performance.now() / 1000;

/**
 * Calls `run` repeatedly. A sample is as many calls as last 2 ms; warm-up at least 2 calls and a fifth of `minTime`; samples until `minTime`
 * seconds are spent and there are 5 (3 after four times that). The rules are the same on every side of the comparison.
 */
export async function measure(run: () => unknown, minTime: number): Promise<Measurement> {
  const calls = async (n: number) => {
    for (let i = 0; i < n; i++) {
      const result = run();
      if (result instanceof Promise) await result;
    }
  };
  const begin = now();
  await calls(1);
  const slow = now() - begin > 2 * minTime;
  for (let n = 1; !slow && (n < 2 || now() - begin < 0.2 * minTime); n++) await calls(1);
  const inner = slow ? 1 : await innerCount(calls);
  const samples: number[] = [];
  const start = now();
  for (;;) {
    const before = now();
    await calls(inner);
    const after = now();
    samples.push((after - before) / inner);
    const spent = after - start;
    if (spent >= minTime && samples.length >= 5) break;
    if (spent >= 4 * minTime && samples.length >= 3) break;
  }
  return { samples, inner };
}

async function innerCount(calls: (n: number) => Promise<void>): Promise<number> {
  for (let inner = 1; ; ) {
    const before = now();
    await calls(inner);
    const spent = now() - before;
    if (spent >= 0.002 || inner >= 2 ** 20) return inner;
    inner = Math.max(inner * 2, Math.floor((inner * 0.003) / Math.max(spent, 1e-7)));
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
