-- Whether lines of a piece may have been sent: then they get their results, though their file was
-- cancelled since, and its process died.

ALTER TABLE bulk_pieces ADD COLUMN begun boolean NOT NULL DEFAULT false;
CREATE INDEX bulk_pieces_begun ON bulk_pieces (file_id) WHERE begun AND results IS NULL;
