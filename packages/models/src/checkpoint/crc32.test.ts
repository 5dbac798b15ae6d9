import { expect, it } from "vitest";
import { crc32, crc32ByTable } from "./crc32.ts";

it("gives the check value of the standard, with and without Node's own", () => {
  const bytes = new TextEncoder().encode("123456789");
  expect(crc32(bytes)).toBe(0xcbf43926);
  expect(crc32ByTable(bytes)).toBe(0xcbf43926);
});
