export const writeDeadLetters = {
  name: 'write-dead-letters',
  text: `
    INSERT INTO dead_letters (partition, stream_sequence, item, reason, body)
    SELECT partition, stream_sequence, item, reason, decode(body, 'base64')
      FROM unnest($1::int[], $2::bigint[], $3::int[], $4::text[], $5::text[])
        AS u (partition, stream_sequence, item, reason, body)
    ON CONFLICT DO NOTHING`,
};
