import { crc32, deflateRawSync } from 'node:zlib';

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END = 0x06054b50;
const VERSION = 20;
/** Names are UTF-8. */
const FLAGS = 0x0800;
const DEFLATE = 8;
const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
const END_BYTES = 22;

/** Time and date as MS-DOS had them: two seconds fine, since 1980. */
function dosTime(ms: number): { time: number; date: number } {
  const at = new Date(ms);
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1);
  const date =
    ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate();
  return { time, date };
}

interface Member {
  name: Buffer;
  packed: Buffer;
  size: number;
  crc: number;
}

function memberOf([name, text]: [string, string]): Member {
  const content = Buffer.from(text);
  const packed = deflateRawSync(content);
  return { name: Buffer.from(name), packed, size: content.length, crc: crc32(content) };
}

/** The fields that both headers of a member have, in their order. */
function writeCommon(header: Buffer, at: number, member: Member, nowMs: number): void {
  const { time, date } = dosTime(nowMs);
  header.writeUInt16LE(VERSION, at);
  header.writeUInt16LE(FLAGS, at + 2);
  header.writeUInt16LE(DEFLATE, at + 4);
  header.writeUInt16LE(time, at + 6);
  header.writeUInt16LE(date, at + 8);
  header.writeUInt32LE(member.crc, at + 10);
  header.writeUInt32LE(member.packed.length, at + 14);
  header.writeUInt32LE(member.size, at + 18);
  header.writeUInt16LE(member.name.length, at + 22);
}

function localHeader(member: Member, nowMs: number): Buffer {
  const header = Buffer.alloc(LOCAL_BYTES);
  header.writeUInt32LE(LOCAL_HEADER, 0);
  writeCommon(header, 4, member, nowMs);
  return header;
}

function centralHeader(member: Member, nowMs: number, offset: number): Buffer {
  const header = Buffer.alloc(CENTRAL_BYTES);
  header.writeUInt32LE(CENTRAL_HEADER, 0);
  header.writeUInt16LE(VERSION, 4);
  writeCommon(header, 6, member, nowMs);
  header.writeUInt32LE(offset, 42);
  return header;
}

/** A few texts as a ZIP archive, for people who open files by double click. */
export function zipOf(files: Record<string, string>, nowMs: number): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  const members = Object.entries(files).map(memberOf);
  for (const member of members) {
    directory.push(centralHeader(member, nowMs, offset), member.name);
    const local = [localHeader(member, nowMs), member.name, member.packed];
    parts.push(...local);
    offset += local.reduce((sum, { length }) => sum + length, 0);
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(END_BYTES);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, central, end]);
}
