-- What a run shall do stands in its row, not in the trail that it leaves for readers.
CREATE TYPE "operation_purpose" AS ENUM ('revision', 'reversal', 'retirement', 'renewal', 'look', 'read', 'test');

ALTER TABLE "operation" ADD COLUMN "purpose" "operation_purpose",
                        ADD COLUMN "not_before" TIMESTAMPTZ(3),
                        ADD COLUMN "progress" JSONB,
                        ADD COLUMN "parent_id" UUID;

-- Until now the purpose was told by steps that the trail called skipped, and by the request.
UPDATE "operation" SET "purpose" = CASE
  WHEN "kind" = 'test-zone' THEN 'test'
  WHEN "kind" = 'sync-zone' THEN 'read'
  WHEN "trail" @> '[{"step": "records-verified", "state": "skipped"}]' THEN 'renewal'
  WHEN "trail" @> '[{"step": "records-applied", "state": "skipped"}]' THEN 'look'
  WHEN EXISTS (SELECT 1 FROM "request" r WHERE r."id" = "operation"."request_id" AND r."kind" = 'retire') THEN 'retirement'
  WHEN "request_id" IS NULL AND EXISTS (SELECT 1 FROM "endpoint" e WHERE e."id" = "operation"."endpoint_id" AND e."state" IN ('retiring', 'retired')) THEN 'retirement'
  WHEN "request_id" IS NULL THEN 'reversal'
  ELSE 'revision'
END::"operation_purpose";
ALTER TABLE "operation" ALTER COLUMN "purpose" SET NOT NULL;

CREATE TYPE "operation_kind_new" AS ENUM ('endpoint', 'zone');
ALTER TABLE "operation" ALTER COLUMN "kind" TYPE "operation_kind_new"
  USING (CASE "kind"::text WHEN 'reconcile-endpoint' THEN 'endpoint' ELSE 'zone' END)::"operation_kind_new";
DROP TYPE "operation_kind";
ALTER TYPE "operation_kind_new" RENAME TO "operation_kind";
-- A connection test tells its checks in the trail; it has one step.
UPDATE "operation" SET "step" = 'checked' WHERE "purpose" = 'test';

-- A zone that is gone left its operations behind with an id of nothing.
UPDATE "operation" SET "zone_id" = NULL WHERE "zone_id" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "zone" z WHERE z."id" = "operation"."zone_id");
CREATE INDEX "operation_zone_id_idx" ON "operation"("zone_id");
CREATE INDEX "operation_parent_id_idx" ON "operation"("parent_id");
ALTER TABLE "operation" ADD CONSTRAINT "operation_zone_id_fkey" FOREIGN KEY ("zone_id") REFERENCES "zone"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "operation" ADD CONSTRAINT "operation_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "operation"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- Whether a revision's records may be, and are, in the zone: stored when it happens, not guessed from where an error came up.
ALTER TABLE "endpoint_revision" ADD COLUMN "sent_at" TIMESTAMPTZ(3), ADD COLUMN "applied_at" TIMESTAMPTZ(3);
UPDATE "endpoint_revision" v SET "sent_at" = v."approved_at", "applied_at" = v."approved_at"
 WHERE EXISTS (SELECT 1 FROM "operation" o WHERE o."request_id" = v."request_id" AND o."trail" @> '[{"step": "records-applied", "state": "done"}]');
UPDATE "endpoint_revision" v SET "sent_at" = v."approved_at"
 WHERE v."sent_at" IS NULL AND EXISTS (SELECT 1 FROM "operation" o WHERE o."request_id" = v."request_id" AND o."attempts" > 0 AND o."step" <> 'admitted');

-- It follows from the facts.
ALTER TABLE "endpoint" DROP COLUMN "summary";

-- Work on an endpoint is work on a name: it can begin before the endpoint's first revision is there.
UPDATE "operation" o SET "subject" = 'endpoint:' || e."view"::text || ':' || e."hostname"
  FROM "endpoint" e WHERE e."id" = o."endpoint_id" AND o."subject" = 'endpoint:' || e."id";
