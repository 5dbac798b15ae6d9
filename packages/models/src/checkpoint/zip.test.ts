import { FormatError } from "@tenon/numerics";
import { describe, expect, it } from "vitest";
import { sourceOfBytes } from "./byte-source.ts";
import { crc32 } from "./crc32.ts";
import { openZip } from "./zip.ts";

type Field = readonly [value: number | bigint, bytes: 2 | 4 | 8];

function pack(...fields: readonly Field[]): number[] {
  const out: number[] = [];
  for (const [value, bytes] of fields) {
    for (let i = 0; i < bytes; i++) out.push(Number((BigInt(value) >> BigInt(8 * i)) & 255n));
  }
  return out;
}

const FULL = 0xffffffff;

/** One stored entry, its sizes and place in ZIP64 fields only, as archives above 4 GiB have them. */
function zip64(changes: { count?: number; size?: number; locatorAt?: number; short?: number } = {}): Uint8Array {
  const name = [...Buffer.from("big")];
  const data = [1, 2, 3, 4, 5];
  const crc = crc32(new Uint8Array(data));
  const local = [
    ...pack(
      [0x04034b50, 4],
      [45, 2],
      [0, 2],
      [0, 2],
      [0, 4],
      [crc, 4],
      [FULL, 4],
      [FULL, 4],
      [name.length, 2],
      [20, 2],
    ),
    ...name,
    ...pack([1, 2], [16, 2], [data.length, 8], [data.length, 8]),
    ...data,
  ];
  const directory = [
    ...pack(
      [0x02014b50, 4],
      [45, 2],
      [45, 2],
      [0, 2],
      [0, 2],
      [0, 4],
      [crc, 4],
      [FULL, 4],
      [FULL, 4],
      [name.length, 2],
    ),
    ...pack([28, 2], [0, 2], [0, 2], [0, 2], [0, 4], [FULL, 4]),
    ...name,
    ...pack([1, 2], [24, 2], [changes.size ?? data.length, 8], [data.length, 8], [0, 8]),
  ];
  const at = local.length + directory.length;
  const count = changes.count ?? 1;
  const end64 = pack([0x06064b50, 4], [44, 8], [45, 2], [45, 2], [0, 4], [0, 4], [count, 8], [count, 8]);
  const places = pack([directory.length, 8], [local.length, 8]);
  const locator = pack([0x07064b50, 4], [0, 4], [changes.locatorAt ?? at, 8], [1, 4]);
  const short = changes.short ?? 0xffff;
  const end = pack([0x06054b50, 4], [0, 2], [0, 2], [short, 2], [short, 2], [FULL, 4], [FULL, 4], [0, 2]);
  return new Uint8Array([...local, ...directory, ...end64, ...places, ...locator, ...end]);
}

const open = (bytes: Uint8Array) => openZip(sourceOfBytes("test", bytes));

describe("openZip", () => {
  it("reads what only ZIP64 fields say", async () => {
    const archive = await open(zip64());
    const entry = archive.entries.get("big")!;
    expect(entry).toMatchObject({ size: 5, compressedSize: 5, offset: 0 });
    expect([...(await archive.read(entry))]).toEqual([1, 2, 3, 4, 5]);
  });

  it.each([
    ["an entry too many", zip64({ count: 2 }), /no room for 2 entries|entry 1 is missing/],
    ["more entries than any file holds", zip64({ count: 2 ** 52 }), /no room/],
    ["a size beyond the file", zip64({ size: 2 ** 60 }), /says it is/],
    ["a locator that points past itself", zip64({ locatorAt: 2 ** 40 }), /past its locator/],
    ["a locator that points elsewhere", zip64({ locatorAt: 0 }), /no ZIP64 end record/],
    ["end records that contradict each other", zip64({ short: 3 }), /contradict/],
    ["nothing", new Uint8Array(0), /not a zip/],
  ])("refuses %s", async (_, bytes, message) => {
    await expect(open(bytes)).rejects.toThrow(FormatError);
    await expect(open(bytes)).rejects.toThrow(message);
  });
});
