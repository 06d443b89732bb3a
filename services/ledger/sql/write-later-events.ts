export const writeLaterEvents = {
  name: 'write-later-events',
  text: `
    INSERT INTO later_events (partition, sequence, name, envelope)
    SELECT * FROM unnest($1::int[], $2::bigint[], $3::text[], $4::jsonb[])`,
};
