/**
 * Every invariant of the books, recomputed from the entries. Each query answers one row per break,
 * in a column `detail`. Run in one repeatable-read snapshot, they see one moment of the books.
 * Months that are archived count by the balances that were carried over from them.
 */

/** What wallets had where the entries in the books begin. */
const opened = `
  SELECT DISTINCT ON (wallet_id) wallet_id, sequence, balance FROM opening_balances
   ORDER BY wallet_id, month DESC`;

export const brokenInvariants: readonly { invariant: string; query: string }[] = [
  {
    invariant: 'I1 entries of a transaction sum to zero per currency',
    query: `
      SELECT 'transaction ' || transaction_id || ' is off by ' || sum(delta) || ' ' || currency
             AS detail
        FROM (SELECT transaction_id, currency, delta FROM entries
              UNION ALL SELECT transaction_id, currency, delta FROM carried_entries
              UNION ALL SELECT transaction_id, currency, delta FROM entries_elsewhere) AS sides
       GROUP BY transaction_id, currency HAVING sum(delta) <> 0`,
  },
  {
    invariant: 'I1 the books of a currency sum to zero',
    query: `
      SELECT currency || ' is off by ' || sum(posted) AS detail
        FROM (SELECT currency, posted FROM wallets
              UNION ALL SELECT currency, delta FROM entries_elsewhere) AS sides
       GROUP BY currency HAVING sum(posted) <> 0`,
  },
  {
    invariant: 'I2 I5 posted is the sum of gap-free entries',
    query: `
      SELECT 'wallet ' || w.id || ' says ' || w.posted || ' after ' || w.sequence
             || ' entries, its entries say ' || coalesce(o.balance, 0) + coalesce(e.total, 0)
             || ' after ' || coalesce(o.sequence, 0) + coalesce(e.entries, 0) AS detail
        FROM wallets w
        LEFT JOIN (${opened}) o ON o.wallet_id = w.id
        LEFT JOIN (SELECT wallet_id, sum(delta) AS total, count(*) AS entries,
                          min(sequence) AS first, max(sequence) AS last
                     FROM entries GROUP BY wallet_id) e ON e.wallet_id = w.id
       WHERE w.posted <> coalesce(o.balance, 0) + coalesce(e.total, 0)
          OR w.sequence <> coalesce(o.sequence, 0) + coalesce(e.entries, 0)
          OR (e.entries > 0 AND (e.first <> coalesce(o.sequence, 0) + 1
                                 OR e.last <> coalesce(o.sequence, 0) + e.entries))`,
  },
  {
    invariant: 'I1 the balances carried over from archived months sum to zero',
    query: `
      SELECT coalesce(o.currency, c.currency) || ' is off by '
             || coalesce(o.total, 0) - coalesce(c.total, 0) AS detail
        FROM (SELECT w.currency, sum(o.balance) AS total
                FROM (${opened}) o JOIN wallets w ON w.id = o.wallet_id GROUP BY w.currency) o
        FULL JOIN (SELECT currency, sum(delta) AS total FROM carried_entries GROUP BY currency) c
          ON c.currency = o.currency
       WHERE coalesce(o.total, 0) <> coalesce(c.total, 0)`,
  },
  {
    invariant: 'I2 balance after is the balance before plus the entry',
    query: `
      SELECT 'wallet ' || wallet_id || ' entry ' || sequence AS detail FROM (
        SELECT e.wallet_id, e.sequence, balance_after, delta,
               coalesce(lag(balance_after) OVER (PARTITION BY e.wallet_id ORDER BY e.sequence),
                        o.balance, 0) AS before
          FROM entries e LEFT JOIN (${opened}) o ON o.wallet_id = e.wallet_id) steps
       WHERE balance_after <> before + delta`,
  },
  {
    invariant: 'I3 no wallet below its limit',
    query: `
      SELECT 'wallet ' || id AS detail FROM wallets
       WHERE posted - held < -overdraft_limit OR held < 0`,
  },
  {
    invariant: 'I4 completed payments have their entries, all else has none',
    query: `
      SELECT 'transaction ' || t.id || ' is ' || t.status || ' with ' || coalesce(e.entries, 0)
             || ' entries' AS detail
        FROM (SELECT t.id, t.status, t.type, t.completed_at,
                     CASE WHEN t.type = 'conversion' AND t.event_sequence IS NOT NULL THEN 4
                          ELSE 2 END
                       + (f.transaction_id IS NOT NULL AND t.event_sequence IS NOT NULL)::int
                       AS sides
                FROM transactions t LEFT JOIN fees f ON f.transaction_id = t.id) t
        FULL JOIN (SELECT transaction_id, sum(entries) AS entries
                     FROM (SELECT transaction_id, 1 AS entries FROM entries
                           UNION ALL SELECT transaction_id, entries FROM carried_entries
                           UNION ALL SELECT transaction_id, 1 FROM entries_elsewhere) AS parts
                    GROUP BY transaction_id) e
          ON e.transaction_id = t.id
       WHERE NOT (e.entries IS NULL AND t.completed_at < entries_begin())
         AND ((t.status IN ('completed', 'reversed') AND t.type NOT IN ('hold', 'release'))
             IS DISTINCT FROM (coalesce(e.entries, 0) = coalesce(t.sides, 0))
          OR coalesce(e.entries, 0) NOT IN (0, coalesce(t.sides, 0)))`,
  },
  {
    invariant: 'I4 the accounts of fees have what completed payments cost',
    query: `
      SELECT 'transaction ' || coalesce(f.id, e.id) || ' cost ' || coalesce(f.amount, 0)
             || ', paid to the account of fees ' || coalesce(e.amount, 0) AS detail
        FROM (SELECT t.id, f.amount, t.completed_at
                FROM fees f JOIN transactions t ON t.id = f.transaction_id
                JOIN wallets payer ON payer.id = t.wallet_id
               WHERE t.status IN ('completed', 'reversed') AND t.event_sequence IS NOT NULL) f
        FULL JOIN (SELECT e.transaction_id AS id, e.delta AS amount
                     FROM wallets w JOIN entries e ON e.wallet_id = w.id
                    WHERE w.kind = 'fees') e ON e.id = f.id
       WHERE f.amount IS DISTINCT FROM e.amount
         AND NOT (e.id IS NULL AND f.completed_at < entries_begin())`,
  },
  {
    invariant: 'I4 what was given back of a transaction is what its reversals moved',
    query: `
      SELECT 'transaction ' || coalesce(t.id, r.related_id) || ' says '
             || coalesce(t.reversed, 0) || ', its reversals say ' || coalesce(r.total, 0) AS detail
        FROM (SELECT id, reversed FROM transactions WHERE reversed IS NOT NULL) t
        FULL JOIN (SELECT f.related_id, sum(t.amount) AS total
                     FROM follow_ups f JOIN transactions t ON t.id = f.transaction_id
                    WHERE t.type = 'reversal' AND t.status = 'completed'
                      -- Of both halves of one that both lie here, and tell of one payment, one.
                      AND NOT (t.event_sequence IS NULL AND EXISTS (
                        SELECT FROM follow_ups half
                         WHERE half.transaction_id = departed_id(t.id)
                           AND half.related_id = f.related_id))
                    GROUP BY f.related_id) r ON r.related_id = t.id
       WHERE t.reversed IS DISTINCT FROM r.total
         -- What was given back while both wallets were here, of a payment that has moved away.
         AND NOT (t.id IS NULL
                  AND NOT EXISTS (SELECT FROM transactions p WHERE p.id = r.related_id)
                  AND EXISTS (SELECT FROM follow_ups f
                                JOIN entries_elsewhere x USING (transaction_id)
                               WHERE f.related_id = r.related_id))`,
  },
  {
    invariant: 'I4 with what is under way no more is given back than was moved',
    query: `
      SELECT 'transaction ' || t.id || ' of ' || t.amount || ' has given back '
             || coalesce(t.reversed, 0) || ', and under way is ' || sum(r.amount) AS detail
        FROM follow_ups f
        JOIN transactions r
          ON r.id = f.transaction_id AND r.type = 'reversal' AND r.status = 'held'
        JOIN transactions t ON t.id = f.related_id
        LEFT JOIN transactions arrived
          ON arrived.id = arrived_id(r.id) AND arrived.status = 'completed'
       WHERE arrived.id IS NULL
       GROUP BY t.id HAVING sum(r.amount) + coalesce(t.reversed, 0) > t.amount`,
  },
  {
    invariant: 'I1 the open positions of a currency are what conversions moved',
    query: `
      SELECT coalesce(p.currency, c.currency) || ' positions are ' || coalesce(p.total, 0)
             || ', its conversions say ' || coalesce(c.total, 0) AS detail
        FROM (SELECT currency, sum(posted) AS total FROM wallets
               WHERE kind = 'fx-position' GROUP BY currency) p
        FULL JOIN (
          SELECT side.currency, sum(side.amount) AS total
            FROM conversions JOIN transactions t ON t.id = transaction_id
            JOIN wallets payer ON payer.id = t.wallet_id
            CROSS JOIN LATERAL (VALUES (from_currency, from_amount), (to_currency, -to_amount))
              AS side (currency, amount)
           WHERE t.status = 'completed' AND t.event_sequence IS NOT NULL
           GROUP BY side.currency) c ON c.currency = p.currency
       WHERE coalesce(p.total, 0) <> coalesce(c.total, 0)`,
  },
  {
    invariant: 'I4 a conversion has what it converts to, and nothing else has',
    query: `
      SELECT 'transaction ' || coalesce(t.id, c.transaction_id) || ' is a '
             || coalesce(t.type, 'ghost') AS detail
        FROM (SELECT * FROM transactions WHERE type = 'conversion') t
        FULL JOIN conversions c ON c.transaction_id = t.id
       WHERE t.id IS NULL OR c.transaction_id IS NULL
          OR (t.amount, t.currency) IS DISTINCT FROM (c.from_amount, c.from_currency)
          OR (t.status <> 'failed' AND c.uses_quote <> (t.event_sequence IS NOT NULL))`,
  },
  {
    invariant: 'I4 an approved adjustment has its transaction, and no other has one',
    query: `
      SELECT 'adjustment ' || coalesce(a.id, t.id) || ' is ' || coalesce(a.status, 'missing')
             || ', its transaction ' || coalesce(t.status, 'missing') AS detail
        FROM (SELECT * FROM adjustments WHERE status = 'approved') a
        FULL JOIN (SELECT * FROM transactions WHERE type = 'adjustment') t ON t.id = a.id
       WHERE (a.wallet_id, a.amount, a.currency) IS DISTINCT FROM
             (t.wallet_id, t.amount, t.currency)`,
  },
  {
    invariant: 'I7 what was captured and released of a hold is what its follow-ups say',
    query: `
      SELECT 'hold ' || t.id || ' is ' || t.status || ', captured ' || h.captured
             || ', its captures say ' || f.captured AS detail
        FROM transactions t
        JOIN holds h ON h.transaction_id = t.id
       CROSS JOIN LATERAL (
         SELECT coalesce(sum(c.amount) FILTER (WHERE c.type = 'capture' AND c.status <> 'held'),
                         0) AS captured,
                coalesce(sum(c.amount) FILTER (WHERE c.type = 'release'), 0) AS released
           FROM follow_ups f JOIN transactions c ON c.id = f.transaction_id
          -- Not of what arrived: both halves of a capture may lie here after a move.
          WHERE f.related_id = t.id AND c.status <> 'failed' AND c.event_sequence IS NOT NULL) f
       WHERE t.type = 'hold'
         AND (h.captured <> f.captured OR h.released < f.released
              OR (t.status = 'held') = (h.settled_at IS NOT NULL)
              OR (t.status = 'completed') <> (h.settled_at IS NOT NULL AND h.captured > 0)
              OR (t.status = 'reversed' AND h.captured > 0))`,
  },
  {
    invariant: 'I7 captures under way are within their hold',
    query: `
      SELECT 'hold ' || f.related_id || ' has '
             || coalesce(h.amount - h.captured - h.released, 0)
             || ' left, its captures under way take ' || sum(c.amount) AS detail
        FROM follow_ups f
        JOIN transactions c
          ON c.id = f.transaction_id AND c.type = 'capture' AND c.status = 'held'
        LEFT JOIN holds h ON h.transaction_id = f.related_id
       GROUP BY f.related_id, h.transaction_id
      HAVING sum(c.amount) > coalesce(h.amount - h.captured - h.released, 0)`,
  },
  {
    invariant: 'I7 held is the sum of open holds',
    query: `
      SELECT 'wallet ' || w.id || ' holds ' || w.held || ', its open holds say '
             || coalesce(h.open, 0) AS detail
        FROM wallets w
        LEFT JOIN (SELECT wallet_id, sum(amount - captured - released) AS open
                     FROM holds GROUP BY wallet_id) h ON h.wallet_id = w.id
       WHERE w.held <> coalesce(h.open, 0)`,
  },
  {
    invariant: 'I7 what is held has a hold of its amount, and nothing else has one',
    query: `
      SELECT 'transaction ' || coalesce(t.id, h.transaction_id) || ' is '
             || coalesce(t.status, 'missing') || ' with '
             || coalesce(h.open, 0) || ' of ' || coalesce(t.amount, 0) || ' held' AS detail
        FROM (SELECT t.id, t.status,
                     t.amount + coalesce(f.amount, 0) - coalesce(own.captured + own.released, 0)
                     AS amount
                FROM transactions t
                LEFT JOIN fees f ON f.transaction_id = t.id AND f.paid_by = 'sender'
                LEFT JOIN holds own ON own.transaction_id = t.id AND t.type = 'hold'
               WHERE t.status = 'held' AND t.type NOT IN ('deposit', 'capture')) t
        FULL JOIN (SELECT transaction_id, amount - captured - released AS open
                     FROM holds WHERE amount > captured + released) h
          ON h.transaction_id = t.id
       WHERE t.amount IS DISTINCT FROM h.open`,
  },
  {
    invariant: 'I7 what neither bank, person nor other shard is asked about does not wait',
    query: `
      SELECT 'transaction ' || t.id || ', ' || t.type || ', is held without an open review'
             AS detail
        FROM transactions t
       WHERE t.status = 'held' AND t.type NOT IN ('withdrawal', 'hold')
         AND NOT EXISTS (SELECT FROM reviews r
                          WHERE r.transaction_id = t.id AND r.status = 'open')
         AND NOT EXISTS (SELECT FROM departures d
                          WHERE d.transaction_id = t.id AND d.settled_at IS NULL)`,
  },
  {
    invariant: 'I1 accounts between shards have what departed less what arrived',
    query: `
      SELECT coalesce(w.name, c.name) || ' has ' || coalesce(w.total, 0) || ' '
             || coalesce(w.currency, c.currency) || ', departures and arrivals say '
             || coalesce(c.total, 0) AS detail
        FROM (SELECT name, currency, sum(posted) AS total FROM wallets
               WHERE kind = 'transit' GROUP BY name, currency) w
        FULL JOIN (
          SELECT 'transit ' || pair AS name, currency, sum(amount) AS total
            FROM (SELECT pair, currency, amount FROM departures WHERE credited
                   UNION ALL
                  SELECT pair, currency, -amount FROM arrivals) AS crossing
           GROUP BY pair, currency) c ON c.name = w.name AND c.currency = w.currency
       WHERE coalesce(w.total, 0) <> coalesce(c.total, 0)`,
  },
  {
    invariant: 'I7 a departure and its transaction tell the same',
    query: `
      SELECT 'transaction ' || d.transaction_id || ' is ' || coalesce(t.status, 'missing')
             || ', its departure ' || CASE WHEN d.settled_at IS NULL THEN 'waits'
                                           WHEN d.credited THEN 'was credited'
                                           ELSE 'was refused' END AS detail
        FROM departures d LEFT JOIN transactions t ON t.id = d.transaction_id
       WHERE t.id IS NULL
          OR t.status <> CASE WHEN d.settled_at IS NULL THEN 'held'
                              WHEN NOT d.credited THEN 'failed'
                              WHEN t.status = 'reversed' THEN 'reversed' ELSE 'completed' END`,
  },
  {
    invariant: 'I4 what arrived from another shard is one payment with its entry',
    query: `
      SELECT 'arrival ' || coalesce(a.transaction_id, t.id) || ' is '
             || coalesce(t.status, 'missing') AS detail
        FROM (SELECT * FROM transactions WHERE event_sequence IS NULL AND status <> 'failed') t
        FULL JOIN arrivals a ON a.transaction_id = t.id
        LEFT JOIN fees f ON f.transaction_id = t.id AND f.paid_by = 'recipient'
        LEFT JOIN conversions c ON c.transaction_id = t.id
        LEFT JOIN entries e ON e.wallet_id = a.account_id AND e.sequence = a.account_sequence
       WHERE t.id IS NULL OR a.transaction_id IS NULL
          OR (e.transaction_id IS DISTINCT FROM t.id
              AND NOT (e.transaction_id IS NULL AND t.completed_at < entries_begin()))
          OR e.delta <> -a.amount
          OR (coalesce(c.to_amount, t.amount - coalesce(f.amount, 0)),
              coalesce(c.to_currency, t.currency))
             IS DISTINCT FROM (a.amount, a.currency)`,
  },
  {
    invariant: 'I4 a key stands for one payment in all shards',
    query: `
      SELECT 'transaction ' || transaction_id || ' is another payment in shard ' || shard AS detail
        FROM reused_keys`,
  },
  {
    invariant: 'I7 a review and its transaction tell the same',
    query: `
      SELECT 'transaction ' || r.transaction_id || ' is ' || coalesce(t.status, 'missing')
             || ', its review is ' || r.status AS detail
        FROM reviews r LEFT JOIN transactions t ON t.id = r.transaction_id
       WHERE t.id IS NULL
          OR (r.status = 'open' AND t.status <> 'held')
          OR (r.status IN ('declined', 'expired')
              AND t.failure_code IS DISTINCT FROM 'risk-blocked')
          OR (r.status = 'approved' AND t.type IN ('transfer', 'conversion')
              AND t.status NOT IN ('completed', 'reversed')
              AND NOT EXISTS (SELECT FROM departures d WHERE d.transaction_id = t.id))`,
  },
];
