import { gzipSync } from "node:zlib";
import { FormatError } from "@tenon/numerics";
import { describe, expect, it } from "vitest";
import { makeTar, tarHeader } from "../../fixtures/make-tar.ts";
import { gunzip } from "./gunzip.ts";
import { readIdx } from "./idx.ts";
import { readTar, type TarEntry } from "./tar.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const concat = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts));
const zip = (text: string) => new Uint8Array(gzipSync(text));

describe("gunzip", () => {
  it("reads all members", async () => {
    expect(await gunzip(concat(zip("one "), zip("two")))).toEqual(bytes("one two"));
  });

  it.each([
    ["nothing", new Uint8Array(0), "too short for a gzip header"],
    ["another format", bytes("plain text, not gzip"), "wrong magic number. Received byte 0"],
    ["a cut stream", zip("hello hello").subarray(0, 15), "damaged or cut off"],
    ["no trailer", zip("hello hello").subarray(0, -8), "cut off before the checksum"],
    ["bytes behind", concat(zip("hello"), bytes("and more text")), "no member. Received byte 25"],
  ])("refuses %s", async (_, data, message) => {
    await expect(gunzip(data)).rejects.toThrow(FormatError);
    await expect(gunzip(data)).rejects.toThrow(message);
  });

  it("refuses a wrong sum and a wrong length", async () => {
    for (const at of [-8, -4]) {
      const damaged = zip("hello");
      damaged[damaged.length + at]! ^= 1;
      await expect(gunzip(damaged)).rejects.toThrow(at === -8 ? "wrong CRC-32" : "the length field");
    }
  });

  it("stops at the limit", async () => {
    const bomb = new Uint8Array(gzipSync(new Uint8Array(1 << 22)));
    await expect(gunzip(bomb, { maxBytes: 1 << 20, name: "bomb.gz" })).rejects.toThrow(
      "inflates to more than maxBytes (1048576). Received byte 10 of bomb.gz",
    );
  });
});

async function list(data: Uint8Array | Uint8Array[], options = {}): Promise<[string, string][]> {
  const entries: TarEntry[] = [];
  for await (const entry of readTar(data, options)) entries.push(entry);
  return entries.map(({ name, data: content }) => [name, new TextDecoder().decode(content)]);
}

describe("readTar", () => {
  const archive = makeTar([
    ["a.txt", bytes("first")],
    ["folder/b.txt", bytes("second")],
  ]);

  it("reads files, whole or piece by piece", async () => {
    const expected = [
      ["a.txt", "first"],
      ["folder/b.txt", "second"],
    ];
    expect(await list(archive)).toEqual(expected);
    const pieces = Array.from({ length: Math.ceil(archive.length / 100) }, (_, i) =>
      archive.subarray(100 * i, 100 * i + 100),
    );
    expect(await list(pieces)).toEqual(expected);
  });

  it("reads pax paths and GNU long names", async () => {
    const long = `${"long/".repeat(30)}name`;
    const record = `path=${long}\n`;
    const pax = bytes(`${record.length + 4} ${record}`);
    const file = makeTar([["short", bytes("x")]]);
    const block = (data: Uint8Array) => concat(data, new Uint8Array(-data.length & 511));
    expect(await list(concat(tarHeader("pax", pax.length, "x"), block(pax), file))).toEqual([[long, "x"]]);
    const name = bytes(`${long}\0`);
    expect(await list(concat(tarHeader("gnu", name.length, "L"), block(name), file))).toEqual([[long, "x"]]);
  });

  it.each([
    ["../evil", "0", "leaves the folder"],
    ["/etc/evil", "0", "leaves the folder"],
    ["a/../../evil", "0", "leaves the folder"],
    ["C:evil", "0", "leaves the folder"],
    ["link", "2", "a symbolic link"],
    ["pipe", "6", "a FIFO"],
  ])("refuses the entry %s of type %s", async (name, type, message) => {
    const data = concat(tarHeader(name, 0, type), new Uint8Array(1024));
    await expect(list(data)).rejects.toThrow(FormatError);
    await expect(list(data)).rejects.toThrow(message);
  });

  it("refuses names used twice, cut files, and more than the limit", async () => {
    const twice = makeTar([
      ["a", bytes("1")],
      ["a", bytes("2")],
    ]);
    await expect(list(twice)).rejects.toThrow('the name appears twice. Received entry "a", byte 1024');
    await expect(list(archive.subarray(0, 515))).rejects.toThrow("5 bytes announced, the archive ends after 3");
    await expect(list(archive.subarray(0, 700))).rejects.toThrow("cut off");
    await expect(list(archive, { maxBytes: 8 })).rejects.toThrow('maxBytes (8). Received entry "folder/b.txt"');
    const damaged = archive.slice();
    damaged[0] = 99;
    await expect(list(damaged)).rejects.toThrow("wrong checksum");
  });
});

describe("readIdx", () => {
  it("reads big-endian elements of every type", () => {
    const idx = (type: number, ...data: number[]) => readIdx(Uint8Array.of(0, 0, type, 1, 0, 0, 0, 1, ...data)).data;
    expect(idx(8, 200)).toEqual(Uint8Array.of(200));
    expect(idx(9, 200)).toEqual(Int8Array.of(-56));
    expect(idx(11, 1, 2)).toEqual(Int16Array.of(258));
    expect(idx(12, 0, 0, 1, 2)).toEqual(Int32Array.of(258));
    expect(idx(13, 0x3f, 0x80, 0, 0)).toEqual(Float32Array.of(1));
    expect(idx(14, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0)).toEqual(Float64Array.of(1));
  });

  it("refuses headers that lie", () => {
    const refuse = (data: number[], message: string) => expect(() => readIdx(Uint8Array.from(data))).toThrow(message);
    refuse([0, 0, 8], "too short");
    refuse([1, 0, 8, 1, 0, 0, 0, 0], "the first two bytes must be 0");
    refuse([0, 0, 10, 1, 0, 0, 0, 0], "unknown element type 10. Received byte 2");
    refuse([0, 0, 8, 2, 0, 0, 0, 1], "cut off inside the sizes");
    refuse([0, 0, 8, 1, 0, 0, 0, 2, 7], "needs 10 bytes, the file has 9");
    refuse([0x1f, 0x8b, 8, 0], "Unpack it with gunzip() first");
  });
});
