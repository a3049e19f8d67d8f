-- Every name that an endpoint holds is a row of its own: its hostname and the extra names of its certificate alike.
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE TABLE "held_name" (
  "hostname" TEXT NOT NULL,
  "endpoint_id" UUID NOT NULL,
  "team_id" UUID NOT NULL,
  "skeleton" TEXT NOT NULL,
  "held_back_until" TIMESTAMPTZ(3),
  CONSTRAINT "held_name_pkey" PRIMARY KEY ("hostname", "endpoint_id"),
  CONSTRAINT "held_name_endpoint_id_fkey" FOREIGN KEY ("endpoint_id") REFERENCES "endpoint"("id") ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT "held_name_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX "held_name_endpoint_id_idx" ON "held_name"("endpoint_id");
CREATE INDEX "held_name_team_id_idx" ON "held_name"("team_id");
CREATE INDEX "held_name_skeleton_idx" ON "held_name"("skeleton");

-- Names are written canonically in stored contracts. What reads like a name is known for hostnames; a worker knows it for the
-- extra names from the next revision on. Where two teams have one, the one whose hostname it is has it, or the older one.
INSERT INTO "held_name" ("hostname", "endpoint_id", "team_id", "skeleton", "held_back_until")
SELECT e."hostname", e."id", e."team_id", e."skeleton", CASE WHEN e."state" = 'retired' THEN e."quarantine_ends" END
  FROM "endpoint" e WHERE e."state" <> 'retired' OR e."quarantine_ends" IS NOT NULL;
INSERT INTO "held_name" ("hostname", "endpoint_id", "team_id", "skeleton")
SELECT name, id, team_id, name FROM (
  SELECT extra.name, e.id, e.team_id, e.created_at, first_value(e.team_id) OVER (PARTITION BY extra.name ORDER BY e.created_at, e.id) AS first_team
    FROM "endpoint" e
    JOIN "endpoint_revision" r ON r."endpoint_id" = e."id" AND r."number" = e."revision"
    CROSS JOIN LATERAL jsonb_array_elements_text(coalesce(r."contract" -> 'tls' -> 'extraNames', '[]')) AS extra(name)
   WHERE e."state" <> 'retired'
) AS wanted
 WHERE team_id = first_team
   AND NOT EXISTS (SELECT 1 FROM "held_name" h WHERE h."hostname" = wanted.name AND h."held_back_until" IS NULL AND h."team_id" <> wanted.team_id)
ON CONFLICT DO NOTHING;
ALTER TABLE "held_name" ADD CONSTRAINT "held_name_of_one_team"
  EXCLUDE USING gist ("hostname" WITH =, "team_id" WITH <>) WHERE ("held_back_until" IS NULL);
ALTER TABLE "endpoint" DROP COLUMN "quarantine_ends";

-- For whom a certificate was ordered: whoever has the name later is somebody else.
ALTER TABLE "certificate_order" ADD COLUMN "team_id" UUID;
UPDATE "certificate_order" o SET "team_id" = e."team_id" FROM "endpoint" e WHERE e."id" = o."endpoint_id";
ALTER TABLE "certificate_order" ALTER COLUMN "team_id" SET NOT NULL;
ALTER TABLE "certificate_order" ADD CONSTRAINT "certificate_order_team_id_fkey"
  FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
