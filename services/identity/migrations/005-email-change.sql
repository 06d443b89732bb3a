-- Another address counts once somebody has read the letter that went there. Until then it is kept
-- with the token of that letter, sealed.
ALTER TABLE letter_tokens
  DROP CONSTRAINT letter_tokens_purpose_check,
  ADD COLUMN email_sealed bytea,
  ADD CONSTRAINT letter_tokens_purpose_check CHECK (
    purpose IN ('verify-email', 'reset-password', 'change-email')
    AND (purpose = 'change-email') = (email_sealed IS NOT NULL));
