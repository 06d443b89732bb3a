/** Facts that were put aside. Each is known by its place in a stream of that creation time. */

export const isFactRefused = {
  name: 'is-fact-refused',
  text: `
    SELECT 1 FROM refused_facts
     WHERE stream = $1 AND stream_created_at = $2 AND sequence = $3`,
};

export const noteRefusedFact = {
  name: 'note-refused-fact',
  text: `
    INSERT INTO refused_facts (stream, stream_created_at, sequence) VALUES ($1, $2, $3)
    ON CONFLICT DO NOTHING`,
};
