/** The first item with the greatest score; undefined where there is none. */
export function most(items: readonly number[], score: (item: number) => number): number | undefined {
  let best: number | undefined;
  for (const item of items) if (best === undefined || score(item) > score(best)) best = item;
  return best;
}

/** The first item with the least score. */
export function least(items: readonly number[], score: (item: number) => number): number | undefined {
  return most(items, (item) => -score(item));
}
