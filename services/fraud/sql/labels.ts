/**
 * Writes down what turned out about a transaction. Where the decision knows more than whoever
 * reports it, that is added. No row when it was known already.
 */
export const recordLabel = {
  name: 'record-label',
  text: `
    INSERT INTO labels AS known (transaction_id, source, label, wallet_id, counterparty_wallet_id,
                                 device_id, address, reported_by, labelled_at)
    SELECT $1, $2, $3, $4, coalesce($5::uuid, d.counterparty_wallet_id),
           coalesce($6, d.device_id), coalesce($7, d.address), $8, $9
      FROM (SELECT) AS one LEFT JOIN decisions d ON d.transaction_id = $1::uuid
    ON CONFLICT (transaction_id, source) DO UPDATE
       SET label = excluded.label, reported_by = excluded.reported_by,
           labelled_at = excluded.labelled_at, told = false
     WHERE known.label <> excluded.label
    RETURNING transaction_id`,
};

/** Labels that the stream may not have yet. */
export const untoldLabels = {
  name: 'untold-labels',
  text: `
    SELECT transaction_id, source, label, wallet_id, counterparty_wallet_id, device_id, address,
           reported_by, labelled_at
      FROM labels WHERE NOT told ORDER BY labelled_at LIMIT 100`,
};

export interface LabelRow {
  transaction_id: string;
  source: 'chargeback' | 'report' | 'review';
  label: 'fraud' | 'legitimate';
  wallet_id: string;
  counterparty_wallet_id: string | null;
  device_id: string | null;
  address: string | null;
  reported_by: string;
  labelled_at: Date;
}

/** The label is told, unless it has changed meanwhile. */
export const labelTold = {
  name: 'label-told',
  text: `UPDATE labels SET told = true WHERE transaction_id = $1 AND source = $2 AND label = $3`,
};
