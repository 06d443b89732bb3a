/** How far back somebody is looked for among those whom a wallet has paid. */
const ENTRIES_BACK = 200;

/**
 * Which of these pairs (payer, payee) are not new: the payer has paid the payee within its last
 * entries. Asked only when nobody scores; an index for it would make every posting dearer.
 */
export const findKnownPayees = {
  name: 'find-known-payees',
  text: `
    SELECT asked.payer, asked.payee
      FROM unnest($1::uuid[], $2::uuid[]) AS asked (payer, payee)
      JOIN wallets w ON w.id = asked.payer
     CROSS JOIN LATERAL (
       SELECT FROM entries e JOIN transactions t ON t.id = e.transaction_id
        WHERE e.wallet_id = asked.payer AND e.sequence > w.sequence - ${ENTRIES_BACK}
          AND e.delta < 0 AND t.counterparty_wallet_id = asked.payee
        LIMIT 1) AS paid`,
};
