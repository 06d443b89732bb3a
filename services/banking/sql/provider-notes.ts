const COLUMNS =
  'first_asked_at AS "askedAt", provider_reference AS reference, provider_keys AS keys';

export const noteAsking = {
  name: 'note-asking',
  text: `
    UPDATE payments SET first_asked_at = coalesce(first_asked_at, now())
    WHERE transaction_id = $1 RETURNING ${COLUMNS}`,
};

export const readNote = {
  name: 'read-note',
  text: `SELECT ${COLUMNS} FROM payments WHERE transaction_id = $1`,
};

/** Written once: who came first is what the provider really made. */
export const noteFound = {
  name: 'note-found',
  text: `
    UPDATE payments SET provider_reference = $2
    WHERE transaction_id = $1 AND provider_reference IS NULL`,
};

export const noteRefusedKey = {
  name: 'note-refused-key',
  text: 'UPDATE payments SET provider_keys = provider_keys + 1 WHERE transaction_id = $1',
};
