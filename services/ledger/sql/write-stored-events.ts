export const writeStoredEvents = {
  name: 'write-stored-events',
  text: `
    INSERT INTO stored_events (partition, sequence, name, envelope)
    SELECT * FROM unnest($1::int[], $2::bigint[], $3::text[], $4::json[])`,
};
