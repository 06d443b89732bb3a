export const insertSnapshot = {
  name: 'insert-snapshot',
  text: `
    INSERT INTO snapshots (taken_at, feature_version, positions, profiles)
    VALUES (now(), $1, $2, $3) RETURNING generation`,
};

export const insertSnapshotChunk = {
  name: 'insert-snapshot-chunk',
  text: `INSERT INTO snapshot_chunks (generation, chunk, bytes) VALUES ($1, $2, $3)`,
};

/** The one before the newest stays, for a reader that is half-way through it. */
export const deleteOldSnapshots = {
  name: 'delete-old-snapshots',
  text: `
    DELETE FROM snapshots
     WHERE generation < (SELECT generation FROM snapshots
                          ORDER BY generation DESC OFFSET 1 LIMIT 1)`,
};

export const newestSnapshot = {
  name: 'newest-snapshot',
  text: `
    SELECT generation, positions FROM snapshots WHERE feature_version = $1
     ORDER BY generation DESC LIMIT 1`,
};

export const snapshotChunks = {
  name: 'snapshot-chunks',
  text: `SELECT bytes FROM snapshot_chunks WHERE generation = $1 ORDER BY chunk`,
};

export const parkProfiles = {
  name: 'park-profiles',
  text: `
    INSERT INTO parked_profiles (wallet_id, generation, feature_version, cells)
    SELECT wallet_id, $2, $3, cells FROM unnest($1::uuid[], $4::bytea[]) AS u (wallet_id, cells)
    ON CONFLICT (wallet_id) DO UPDATE
       SET generation = excluded.generation, feature_version = excluded.feature_version,
           cells = excluded.cells`,
};

export const findParked = {
  name: 'find-parked',
  text: `
    SELECT wallet_id, generation, cells FROM parked_profiles
     WHERE wallet_id = ANY ($1::uuid[]) AND feature_version = $2`,
};

export const isAnyParked = {
  name: 'is-any-parked',
  text: `SELECT EXISTS (SELECT FROM parked_profiles WHERE feature_version = $1) AS any`,
};

/** What others have parked since, in pages. */
export const parkedSince = {
  name: 'parked-since',
  text: `
    SELECT wallet_id, generation, cells FROM parked_profiles
     WHERE generation > $1 AND generation <= $2 AND feature_version = $3
       AND ($4::uuid IS NULL OR wallet_id > $4)
     ORDER BY wallet_id LIMIT 1000`,
};

export interface ParkedRow {
  wallet_id: string;
  generation: bigint;
  cells: Buffer;
}
