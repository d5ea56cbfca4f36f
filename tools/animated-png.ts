import { crc32 } from 'node:zlib';

/** A picture and how long it is shown. */
export interface Frame {
  png: Buffer;
  ms: number;
}

interface Chunk {
  type: string;
  body: Buffer;
}

const SIGNATURE = 8;

/**
 * PNGs of one size and colour type as one that moves (APNG, part of PNG since its third edition, W3C 2025, section 11.3.6):
 * their compressed pixels are taken over as they are. Where it does not move, the first picture is seen.
 */
export function animatedPng(frames: readonly Frame[]): Buffer {
  const pictures = frames.map(({ png }) => chunksOf(png));
  const head = find(pictures[0] as Chunk[], 'IHDR');
  if (pictures.some((chunks) => !find(chunks, 'IHDR').equals(head))) {
    throw new RangeError('the pictures differ in size or colour type');
  }
  let sequence = 0;
  const parts = frames.flatMap(({ ms }, i) => {
    const control = Buffer.alloc(26);
    control.writeUInt32BE(sequence++, 0);
    // Width and height as in the header; no offset, shown in place of what was there.
    head.copy(control, 4, 0, 8);
    control.writeUInt16BE(ms, 20);
    control.writeUInt16BE(1000, 22);
    const pixels = (pictures[i] as Chunk[]).filter(({ type }) => type === 'IDAT');
    return [
      chunk('fcTL', control),
      ...pixels.map(({ body }) => {
        if (i === 0) return chunk('IDAT', body);
        const numbered = Buffer.alloc(4);
        numbered.writeUInt32BE(sequence++);
        return chunk('fdAT', Buffer.concat([numbered, body]));
      }),
    ];
  });
  const animation = Buffer.alloc(8);
  animation.writeUInt32BE(frames.length, 0);
  return Buffer.concat([
    (frames[0] as Frame).png.subarray(0, SIGNATURE),
    chunk('IHDR', head),
    chunk('acTL', animation),
    ...parts,
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunksOf(png: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE; at < png.length; ) {
    const length = png.readUInt32BE(at);
    chunks.push({ type: png.toString('latin1', at + 4, at + 8), body: png.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  return chunks;
}

function find(chunks: readonly Chunk[], type: string): Buffer {
  const found = chunks.find((each) => each.type === type);
  if (!found) throw new RangeError(`no PNG: ${type} is missing`);
  return found.body;
}

function chunk(type: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const framed = Buffer.alloc(named.length + 8);
  framed.writeUInt32BE(body.length, 0);
  named.copy(framed, 4);
  framed.writeUInt32BE(crc32(named), named.length + 4);
  return framed;
}
