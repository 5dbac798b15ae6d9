/**
 * Runs jobs ahead of their use and gives the results in the jobs' order.
 * @param ahead jobs under way beyond the one that is waited for; 0 runs each when it is asked for
 */
export async function* inOrder<J, R>(
  jobs: Iterable<J>,
  run: (job: J) => R | Promise<R>,
  ahead: number,
): AsyncGenerator<Awaited<R>> {
  const started: (R | Promise<R>)[] = [];
  for (const job of jobs) {
    const result = run(job);
    // A failure is reported when its turn comes; until then it must not count as unhandled.
    if (result instanceof Promise) result.catch(() => {});
    started.push(result);
    if (started.length > ahead) yield await started.shift()!;
  }
  for (const result of started) yield await result;
}
