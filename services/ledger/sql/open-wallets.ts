/** Opened wallets are written empty; what the same batch moved into them follows as a change. */
export const openWallets = {
  name: 'open-wallets',
  text: `
    INSERT INTO wallets (
      id, partition, kind, owner_id, name, currency, status, overdraft_limit, created_at,
      changed_at, purpose)
    SELECT id, partition, kind, owner_id, name, currency, 'active', overdraft_limit, at, at, purpose
      FROM unnest($1::uuid[], $2::int[], $3::text[], $4::uuid[], $5::text[], $6::text[],
                  $7::bigint[], $8::timestamptz[], $9::text[])
        AS opened (id, partition, kind, owner_id, name, currency, overdraft_limit, at, purpose)`,
};
