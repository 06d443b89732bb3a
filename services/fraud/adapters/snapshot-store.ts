import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import type { ParkedProfile } from '@florin/ml/features';
import { withHotTransaction } from '@florin/postgres';
import type pg from 'pg';
import type { ProfileCopy } from '../domain/profile-copy.ts';
import * as sql from '../sql/snapshots.ts';
import type { StreamPosition } from './fold-streams.ts';

/** Profiles are mostly zeros: the fastest level leaves a tenth. */
const LEVEL = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
const PARKED_ROWS = 1_000;

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** All profiles, and what they were made of: everything up to these positions. */
export interface StoredSnapshot {
  generation: bigint;
  positions: StreamPosition[];
  bytes: Uint8Array;
}

/** What a snapshot's bytes are stored as, in order. */
export interface PackedSnapshot {
  chunks: Buffer[];
  /** Of the bytes before they were compressed. */
  length: number;
}

/** A parked profile, and the snapshot that is without it. */
export interface StoredProfile extends ParkedProfile {
  generation: bigint;
}

export type SnapshotStore = ReturnType<typeof createSnapshotStore>;

/**
 * Keeps snapshots and parked profiles in Postgres: what a snapshot leaves out and where that is
 * parked must change in one database transaction, or a profile would be lost or counted twice.
 */
export function createSnapshotStore(pool: pg.Pool, featureVersion: string) {
  async function park(
    client: pg.PoolClient,
    generation: bigint,
    profiles: readonly ParkedProfile[],
  ): Promise<void> {
    for (let from = 0; from < profiles.length; from += PARKED_ROWS) {
      const rows = profiles.slice(from, from + PARKED_ROWS);
      const values = [
        rows.map(({ walletId }) => walletId),
        generation,
        featureVersion,
        rows.map(({ cells }) => `\\x${bytesOf(cells).toString('hex')}`),
      ];
      await client.query({ ...sql.parkProfiles, values });
    }
  }

  return {
    /** The newest one of these features, if there is any. */
    async newest(): Promise<StoredSnapshot | undefined> {
      type Row = { generation: bigint; positions: StreamPosition[] };
      const { rows } = await pool.query<Row>({ ...sql.newestSnapshot, values: [featureVersion] });
      const [row] = rows;
      if (row === undefined) return undefined;
      const chunks = await pool.query<{ bytes: Buffer }>({
        ...sql.snapshotChunks,
        values: [row.generation],
      });
      const parts: Buffer[] = [];
      for (const { bytes } of chunks.rows) parts.push(await decompress(bytes));
      return { ...row, bytes: Buffer.concat(parts) };
    },

    async newestGeneration(): Promise<bigint> {
      type Row = { generation: bigint };
      const { rows } = await pool.query<Row>({ ...sql.newestSnapshot, values: [featureVersion] });
      return rows[0]?.generation ?? 0n;
    },

    /** Compresses a copy, part by part: others have their turns while another thread does it. */
    async pack({ parts, head }: Pick<ProfileCopy, 'parts' | 'head'>): Promise<PackedSnapshot> {
      const chunks: Buffer[] = [];
      let length = 0;
      const add = async (part: Uint8Array): Promise<Buffer> => {
        length += part.length;
        return compress(part, LEVEL);
      };
      for (const part of parts()) chunks.push(await add(part));
      return { chunks: [await add(head()), ...chunks], length };
    },

    /** Stores all of it or nothing. Answers the generation. */
    async save(snapshot: {
      packed: PackedSnapshot;
      positions: readonly StreamPosition[];
      profiles: number;
      parked: readonly ParkedProfile[];
    }): Promise<bigint> {
      return withHotTransaction(pool, async (client) => {
        const { positions, profiles } = snapshot;
        const values = [featureVersion, JSON.stringify(positions), profiles];
        const { rows } = await client.query<{ generation: bigint }>({
          ...sql.insertSnapshot,
          values,
        });
        const generation = rows[0]?.generation ?? 0n;
        for (const [chunk, bytes] of snapshot.packed.chunks.entries()) {
          await client.query({ ...sql.insertSnapshotChunk, values: [generation, chunk, bytes] });
        }
        await park(client, generation, snapshot.parked);
        await client.query(sql.deleteOldSnapshots);
        return generation;
      });
    },

    async isAnyParked(): Promise<boolean> {
      const { rows } = await pool.query<{ any: boolean }>({
        ...sql.isAnyParked,
        values: [featureVersion],
      });
      return rows[0]?.any ?? false;
    },

    async find(walletIds: readonly string[]): Promise<StoredProfile[]> {
      const values = [walletIds, featureVersion];
      const { rows } = await pool.query<sql.ParkedRow>({ ...sql.findParked, values });
      return rows.map(profileOf);
    },

    /** What was parked by the snapshots after one, up to another, in pages. */
    async *parkedSince(after: bigint, upTo: bigint): AsyncGenerator<StoredProfile[]> {
      for (let last: string | null = null; ;) {
        const values = [after, upTo, featureVersion, last];
        const page: pg.QueryResult<sql.ParkedRow> = await pool.query({
          ...sql.parkedSince,
          values,
        });
        yield page.rows.map(profileOf);
        last = page.rows.at(-1)?.wallet_id ?? null;
        if (last === null) return;
      }
    },
  };
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float64Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

const profileOf = ({ wallet_id: walletId, generation, cells }: sql.ParkedRow): StoredProfile => ({
  walletId,
  generation,
  // A copy of its own: the driver's buffer may not start at a multiple of 8 bytes.
  cells: new Float64Array(Uint8Array.from(cells).buffer),
});
