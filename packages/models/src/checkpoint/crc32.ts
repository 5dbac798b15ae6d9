/** CRC-32 of zip and gzip (polynomial 0xEDB88320, reflected). Node's own where there is one: it uses the CPU's instructions. */
export function crc32(bytes: Uint8Array): number {
  const zlib = globalThis.process?.getBuiltinModule?.("node:zlib") as
    | { crc32?: (data: Uint8Array) => number }
    | undefined;
  return zlib?.crc32 === undefined ? crc32ByTable(bytes) : zlib.crc32(bytes);
}

export function crc32ByTable(bytes: Uint8Array): number {
  const table = makeTable();
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = table[(crc ^ bytes[i]!) & 255]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

function makeTable(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let c = byte;
    for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
    return c;
  });
}
