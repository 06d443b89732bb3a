/**
 * Keeps a quote, and takes a few away that ended long ago ($5): as many as come are gone again, and
 * nobody has to sweep.
 */
export const writeQuote = {
  name: 'write-quote',
  text: `
    WITH ended AS (
      DELETE FROM quotes WHERE id IN (
        SELECT id FROM quotes WHERE expires_at < $5::timestamptz
         ORDER BY expires_at LIMIT 4))
    INSERT INTO quotes (id, client_id, expires_at, signed)
    VALUES ($1::uuid, $2, $3::timestamptz, $4::json)`,
};

export const findQuote = {
  name: 'find-quote',
  text: 'SELECT signed FROM quotes WHERE id = $1::uuid AND client_id = $2',
};
