/** Whether the point (x, y) belongs to the figure, which fits into the unit circle. y points down. */
export type Figure = (x: number, y: number) => boolean;

const square = (x: number) => x * x;

function polygon(points: readonly (readonly [number, number])[]): Figure {
  const xs = Float64Array.from(points, ([x]) => x);
  const ys = Float64Array.from(points, ([, y]) => y);
  return (x, y) => {
    let inside = false;
    for (let i = 0, j = xs.length - 1; i < xs.length; j = i++) {
      const yi = ys[i]!;
      const yj = ys[j]!;
      if (yi > y !== yj > y && x < ((xs[j]! - xs[i]!) * (y - yi)) / (yj - yi) + xs[i]!) inside = !inside;
    }
    return inside;
  };
}

function corners(count: number, radius: (i: number) => number): (readonly [number, number])[] {
  return Array.from({ length: count }, (_, i) => {
    const angle = (2 * Math.PI * i) / count - Math.PI / 2;
    return [radius(i) * Math.cos(angle), radius(i) * Math.sin(angle)] as const;
  });
}

/** The ten classes. They are told apart by outline alone; all are drawn in any colour, place, size and rotation. */
export const figures: Readonly<Record<string, Figure>> = {
  circle: (x, y) => square(x) + square(y) < 0.72,
  ring: (x, y) => square(x) + square(y) < 0.9 && square(x) + square(y) > 0.3,
  square: (x, y) => Math.max(Math.abs(x), Math.abs(y)) < 0.7,
  triangle: polygon(corners(3, () => 1)),
  star: polygon(corners(10, (i) => (i % 2 === 0 ? 1 : 0.4))),
  cross: (x, y) => Math.max(Math.abs(x), Math.abs(y)) < 0.95 && Math.min(Math.abs(x), Math.abs(y)) < 0.25,
  crescent: (x, y) => square(x) + square(y) < 0.9 && square(x - 0.5) + square(y) > 0.56,
  bars: (x, y) => Math.abs(x) < 0.85 && Math.abs(y) > 0.25 && Math.abs(y) < 0.6,
  corner: (x, y) => Math.max(Math.abs(x), Math.abs(y)) < 0.75 && (x < -0.3 || y > 0.3),
  arrow: polygon([
    [0, -1],
    [0.8, -0.05],
    [0.25, -0.05],
    [0.25, 0.9],
    [-0.25, 0.9],
    [-0.25, -0.05],
    [-0.8, -0.05],
  ]),
};
