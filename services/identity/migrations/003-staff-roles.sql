-- Roles of the staff: what each may do stands in the gateway's table.
ALTER TABLE users DROP CONSTRAINT users_roles_check;
ALTER TABLE users ADD CONSTRAINT users_roles_check CHECK (
  cardinality(roles) > 0
  AND roles <@ ARRAY['user', 'support', 'risk-analyst', 'operator', 'admin', 'auditor']);
