const columns = `
    version, rules, changed_by, note,
    (extract(epoch FROM changed_at) * 1000000)::int8 AS changed_us`;

/** The version $1; without it the newest. */
export const findFeeSchedule = {
  name: 'find-fee-schedule',
  text: `
    SELECT ${columns} FROM fee_schedules
     WHERE $1::int IS NULL OR version = $1
     ORDER BY version DESC LIMIT 1`,
};

/** Newest first, older than $1. */
export const listFeeSchedules = {
  name: 'list-fee-schedules',
  text: `
    SELECT ${columns} FROM fee_schedules
     WHERE $1::int IS NULL OR version < $1
     ORDER BY version DESC LIMIT $2`,
};

/** Follows version $1, if that is still the newest: of two at once the key lets one pass. */
export const addFeeSchedule = {
  name: 'add-fee-schedule',
  text: `
    INSERT INTO fee_schedules (version, rules, changed_by, note)
    SELECT $1::int + 1, $2::json, $3, $4
     WHERE $1::int = coalesce((SELECT max(version) FROM fee_schedules), 0)
    ON CONFLICT DO NOTHING
    RETURNING ${columns}`,
};

/** The version $1 of another shard, which says who made it. */
export const copyFeeSchedule = {
  name: 'copy-fee-schedule',
  text: `
    INSERT INTO fee_schedules (version, rules, changed_by, changed_at)
    VALUES ($1, $2::json, 'another shard', coalesce($3::timestamptz, now()))
    ON CONFLICT DO NOTHING`,
};
