-- A token that a token made ends with it. Of those that are there, the audit trail says which made which.
ALTER TABLE "service_token" ADD COLUMN "maker_id" UUID;
ALTER TABLE "service_token" ADD CONSTRAINT "service_token_maker_id_fkey"
  FOREIGN KEY ("maker_id") REFERENCES "service_token"("id") ON DELETE SET NULL ON UPDATE CASCADE;
CREATE INDEX "service_token_maker_id_idx" ON "service_token"("maker_id");

UPDATE service_token AS made SET maker_id = maker.id
  FROM audit_event AS event JOIN service_token AS maker ON maker.id::text = event.actor_id
 WHERE event.action = 'token.create' AND event.actor_kind = 'service' AND event.subject_id = made.id::text AND maker.owner_id = made.owner_id;

WITH RECURSIVE ended AS (
  SELECT id, revoked_at, expires_at FROM service_token WHERE maker_id IS NULL
  UNION ALL
  SELECT made.id, least(made.revoked_at, ended.revoked_at), least(made.expires_at, ended.expires_at)
    FROM ended JOIN service_token AS made ON made.maker_id = ended.id
)
UPDATE service_token AS token SET revoked_at = ended.revoked_at, expires_at = ended.expires_at
  FROM ended
 WHERE ended.id = token.id AND (token.revoked_at IS DISTINCT FROM ended.revoked_at OR token.expires_at <> ended.expires_at);

-- When the token that acts ends; null for a person.
CREATE FUNCTION acting_token_end() RETURNS TIMESTAMPTZ LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT k.expires_at FROM service_token k WHERE k.id = acting_token()
$$;
