import { readFileSync } from "node:fs";
import { ArgumentError, DTypeError, Generator, ShapeError } from "@tenon/numerics";
import { describe, expect, it } from "vitest";
import { builtIns } from "../built-ins.ts";
import { fromSpec, toSpec } from "../spec.ts";
import type { DenseArray, Image } from "../value.ts";
import { CenterCrop } from "./center-crop.ts";
import { Compose } from "./compose.ts";
import { Lambda } from "./lambda.ts";
import { Normalize } from "./normalize.ts";
import { RandomCrop } from "./random-crop.ts";
import { RandomHorizontalFlip, RandomVerticalFlip } from "./random-flip.ts";
import { Resize, type ResizeOptions } from "./resize.ts";
import { ToTensor } from "./to-tensor.ts";
import type { Size, Transform } from "./transform.ts";

interface StoredImage {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: string;
}

const stored = (name: string) => JSON.parse(readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), "utf8"));
const image = (row: StoredImage): Image => ({ ...row, data: new Uint8Array(Buffer.from(row.data, "base64")) });
const floats = (text: string): Float32Array => new Float32Array(new Uint8Array(Buffer.from(text, "base64")).buffer);

/** A row of pixels with one channel. */
const row = (...data: number[]): Image => ({ data: Uint8Array.from(data), width: data.length, height: 1, channels: 1 });

describe("Resize", () => {
  const { source, rows, floats: plane, floatRows } = stored("resizes.json");

  it.each(rows as (StoredImage & { size: Size; options: ResizeOptions })[])(
    "gives Pillow's pixels for size $size $options",
    ({ size, options, ...expected }) => {
      const result = new Resize(size, options).apply(image(source));
      expect([result.width, result.height]).toEqual([expected.width, expected.height]);
      expect([...result.data]).toEqual([...image(expected).data]);
    },
  );

  it("gives the same bytes for planes as for pixels", () => {
    const from = image(source);
    const planes = new Uint8Array(from.data.length);
    const size = from.width * from.height;
    from.data.forEach((byte, i) => {
      planes[(i % 3) * size + Math.floor(i / 3)] = byte;
    });
    const resized = new Resize([14, 17]).apply({ data: planes, shape: [3, from.height, from.width] });
    const pixels = new Resize([14, 17]).apply(from).data;
    expect(resized.shape).toEqual([3, 14, 17]);
    expect([...resized.data]).toEqual([...pixels].map((_, i) => pixels[(i % 238) * 3 + Math.floor(i / 238)]));
  });

  it.each(floatRows as { size: Size; antialias: boolean; data: string }[])(
    "gives PyTorch's numbers for size $size with antialias $antialias",
    ({ size, antialias, data }) => {
      const result = new Resize(size, { antialias }).apply({
        data: floats(plane),
        shape: [2, source.height, source.width],
      });
      const expected = floats(data);
      expect(result.data.length).toBe(expected.length);
      const worst = Math.max(...expected.map((x, i) => Math.abs(x - (result.data[i] as number))));
      expect(worst).toBeLessThan(1e-6);
    },
  );

  it("returns a picture of the right size as it is, and keeps the aspect for one number", () => {
    const picture = image(source);
    expect(new Resize([29, 41]).apply(picture)).toBe(picture);
    expect(new Resize(29).apply(picture)).toBe(picture);
  });

  it("refuses sizes that make no sense", () => {
    expect(() => new Resize(0)).toThrow(ArgumentError);
    expect(() => new Resize([3, 3], { maxSize: 9 })).toThrow("maxSize needs a single number");
    expect(() => new Resize(3, { interpolation: "cubic" as never })).toThrow('Expected "bilinear" or "bicubic"');
    expect(() => new Resize(3).apply(7 as never)).toThrow("Resize: takes pictures. Received number");
  });
});

describe("CenterCrop, ToTensor, Normalize", () => {
  const { source, centre, toTensor, normalised } = stored("crops.json");

  it.each(centre as (StoredImage & { size: Size })[])("crops to $size as torchvision", ({ size, ...expected }) => {
    const result = new CenterCrop(size).apply(image(source));
    expect([...result.data]).toEqual([...image(expected).data]);
  });

  it("gives torchvision's numbers bit for bit, step by step and fused", () => {
    const tensor = new ToTensor().apply(image(source));
    expect(tensor.shape).toEqual([3, 6, 9]);
    expect(tensor.data).toEqual(floats(toTensor));
    const normalize = new Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]);
    expect(normalize.apply(tensor).data).toEqual(floats(normalised));
    const fused = new Compose([new ToTensor(), normalize]).apply(image(source) as never) as DenseArray;
    expect(fused).toEqual({ data: floats(normalised), shape: [3, 6, 9] });
  });

  it("scales arrays of bytes and leaves floating ones", () => {
    expect(new ToTensor().apply({ data: Uint8Array.of(0, 255), shape: [1, 2] }).data).toEqual(Float32Array.of(0, 1));
    const already = { data: Float32Array.of(3), shape: [1, 1] };
    expect(new ToTensor().apply(already)).toBe(already);
  });

  it("normalises float64 in float64", () => {
    const result = new Normalize([0.1], [0.3]).apply({ data: Float64Array.of(0.7, 1), shape: [2, 1, 1] });
    expect(result.data).toEqual(Float64Array.of((0.7 - 0.1) / 0.3, (1 - 0.1) / 0.3));
  });

  it("refuses what cannot be normalised", () => {
    expect(() => new Normalize([0], [0])).toThrow("Normalize: division by a std of 0");
    expect(() => new Normalize([0, 1], [1])).toThrow(ArgumentError);
    expect(() => new Normalize([0], [1]).apply(image(source) as never)).toThrow(DTypeError);
    expect(() => new Normalize([0], [1]).apply(image(source) as never)).toThrow("Put ToTensor before it");
    const two = { data: new Float32Array(3), shape: [3, 1, 1] };
    expect(() => new Normalize([0, 0], [1, 1]).apply(two)).toThrow(ShapeError);
    const fused = new Compose([new ToTensor(), new Normalize([0, 0], [1, 1])]);
    expect(() => fused.apply(image(source) as never)).toThrow("3 channels, 2 means");
  });
});

describe("random transforms", () => {
  it("flip always with probability 1, never with 0", () => {
    expect([...new RandomHorizontalFlip(1).apply(row(1, 2, 3)).data]).toEqual([3, 2, 1]);
    const column = { data: Uint8Array.of(1, 2, 3), width: 1, height: 3, channels: 1 };
    expect([...new RandomVerticalFlip(1).apply(column).data]).toEqual([3, 2, 1]);
    expect(new RandomHorizontalFlip(0).apply(column)).toBe(column);
    expect(() => new RandomVerticalFlip(1.5)).toThrow("RandomVerticalFlip: the probability");
  });

  it("crop every place equally often, padding included", () => {
    const random = new Generator(1);
    const seen = new Map<string, number>();
    const crop = new RandomCrop([1, 3], { padding: [1, 0], fill: 9 });
    for (let i = 0; i < 4000; i++) {
      const key = [...crop.apply(row(1, 2, 3, 4), random).data].join("");
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
    expect([...seen.keys()].sort()).toEqual(["123", "234", "349", "912"]);
    // Five standard deviations of a binomial count.
    for (const count of seen.values()) expect(Math.abs(count - 1000)).toBeLessThan(5 * Math.sqrt(750));
  });

  it("refuse or pad pictures that are too small", () => {
    expect(() => new RandomCrop(3).apply(row(1, 2))).toThrow("Received 2 wide with padding. Expected at least 3");
    const padded = new RandomCrop([1, 3], { padIfNeeded: true }).apply(row(5), new Generator(0));
    expect([...padded.data].sort()).toEqual([0, 0, 5]);
  });

  it("depend on the generator only", () => {
    const crop = new RandomCrop(4, { padding: 3 });
    const picture = image(stored("crops.json").source);
    const at = (stream: number) => crop.apply(picture, new Generator(3).stream(stream)).data;
    expect(at(5)).toEqual(at(5));
    expect(at(5)).not.toEqual(at(6));
  });
});

describe("Compose", () => {
  const chains: readonly (readonly [string, () => Transform<never, unknown>[]])[] = [
    [
      "a crop with padding, a flip and numbers",
      () => [
        new RandomCrop(6, { padding: 3 }),
        new RandomHorizontalFlip(),
        new ToTensor(),
        new Normalize([0.5], [0.5]),
      ],
    ],
    [
      "moves alone",
      () => [new RandomVerticalFlip(), new RandomCrop([5, 4], { padding: 2, fill: 7 }), new RandomHorizontalFlip()],
    ],
    [
      "a crop inside a crop's padding",
      () => [
        new CenterCrop([4, 4]),
        new RandomCrop(6, { padding: 4 }),
        new RandomCrop(5),
        new RandomHorizontalFlip(1),
        new RandomCrop(7, { padding: 3 }),
        new ToTensor(),
      ],
    ],
    [
      "paddings of different values",
      () => [new RandomCrop(8, { padding: 4, fill: 1 }), new RandomCrop(9, { padding: 4, fill: 2 }), new ToTensor()],
    ],
    [
      "a resize between moves",
      () => [
        new RandomCrop(6),
        new Resize(9),
        new RandomHorizontalFlip(),
        new ToTensor(),
        new Normalize([0.1, 0.2, 0.3], [1, 2, 3]),
      ],
    ],
    [
      "moves of arrays",
      () => [
        new ToTensor(),
        new RandomCrop(6, { padding: 3 }),
        new RandomHorizontalFlip(),
        new Normalize([0.5], [0.5]),
      ],
    ],
  ];

  it.each(chains)("does %s in one pass with the result of single steps", (_, make) => {
    const picture = image(stored("crops.json").source);
    const steps = make();
    const composed = new Compose(steps as [Transform<never, unknown>]);
    for (let i = 0; i < 50; i++) {
      const random = new Generator(9).stream(i);
      let expected: unknown = picture;
      for (const step of steps) expected = step.apply(expected as never, random);
      expect(composed.apply(picture as never, new Generator(9).stream(i))).toEqual(expected);
    }
  });

  it("comes back from its spec", async () => {
    for (const [, make] of chains) {
      const composed = new Compose(make() as [Transform<never, unknown>]);
      const again = (await fromSpec(structuredClone(toSpec(composed, "test")), builtIns)) as Transform<Image>;
      const picture = image(stored("crops.json").source);
      expect(again.apply(picture, new Generator(1))).toEqual(composed.apply(picture as never, new Generator(1)));
    }
  });

  it("has no spec with a function in it", () => {
    const composed = new Compose([new Lambda((x: Image) => x), new ToTensor()]);
    expect(() => toSpec(composed, "DataLoader")).toThrow("Received Lambda");
  });
});
