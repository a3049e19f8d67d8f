-- A plan starts once. Of those that were started more than once already the first keeps its hash.
UPDATE "campaign" SET "plan_hash" = "plan_hash" || ':' || "id"
 WHERE EXISTS (SELECT 1 FROM "campaign" AS "first"
                WHERE "first"."plan_hash" = "campaign"."plan_hash" AND "first"."as_of" = "campaign"."as_of"
                  AND ("first"."created_at", "first"."id") < ("campaign"."created_at", "campaign"."id"));

CREATE UNIQUE INDEX "campaign_plan_hash_as_of_key" ON "campaign"("plan_hash", "as_of");
