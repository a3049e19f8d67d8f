-- Parts of names are looked for among hundreds of thousands: trigrams find them (and say at once where there is none).
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- array_to_string is not immutable for every kind of element; of text it is.
CREATE FUNCTION names_text(names TEXT[]) RETURNS TEXT LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ SELECT array_to_string(names, ' ') $$;

CREATE INDEX endpoint_hostname_trgm ON endpoint USING gin (hostname gin_trgm_ops);
CREATE INDEX request_hostname_trgm ON request USING gin (hostname gin_trgm_ops);
CREATE INDEX certificate_names_trgm ON certificate USING gin (names_text(names) gin_trgm_ops);
-- Hexadecimal digits sort by bytes; so the unique index of serials finds them by how they begin.
ALTER TABLE certificate ALTER COLUMN serial TYPE TEXT COLLATE "C";

-- The board counts every certificate in use by its end and its lifetime, and reads no more of it.
CREATE INDEX certificate_in_use_validity ON certificate (not_after, not_before) WHERE state IN ('issued', 'served');

-- The history of an endpoint is that of its requests, too.
CREATE INDEX "request_endpoint_id_idx" ON "request"("endpoint_id");
