-- Work goes through lanes, and in each of them through the shares of the teams.
CREATE TYPE "operation_lane" AS ENUM ('work', 'probes');
ALTER TABLE "operation" ADD COLUMN "lane" "operation_lane" NOT NULL DEFAULT 'work';
ALTER TABLE "operation" ADD COLUMN "team_id" UUID;
ALTER TABLE "operation" ADD CONSTRAINT "operation_team_id_fkey"
  FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE SET NULL ON UPDATE CASCADE;
UPDATE "operation" o SET "team_id" = coalesce(
  (SELECT team_id FROM request WHERE id = o.request_id),
  (SELECT team_id FROM endpoint WHERE id = o.endpoint_id),
  (SELECT owner_team_id FROM zone WHERE id = o.zone_id));

-- Whose share it counts for is not for whoever writes the row to say.
CREATE FUNCTION operation_for_team() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.team_id := coalesce(
    (SELECT team_id FROM request WHERE id = NEW.request_id),
    (SELECT team_id FROM endpoint WHERE id = NEW.endpoint_id),
    (SELECT owner_team_id FROM zone WHERE id = NEW.zone_id));
  RETURN NEW;
END $$;
CREATE TRIGGER "operation_for_team" BEFORE INSERT ON "operation" FOR EACH ROW EXECUTE FUNCTION operation_for_team();

CREATE INDEX "endpoint_team_id_next_check_at_idx" ON "endpoint"("team_id", "next_check_at");
-- How many of a team are open.
CREATE INDEX "request_open_of_team" ON "request"("team_id") WHERE "state" IN ('in-review', 'approved');

CREATE TABLE "lane" (
    "name" TEXT NOT NULL,
    "taken_at" TIMESTAMPTZ(3),
    "waiting_since" TIMESTAMPTZ(3),

    CONSTRAINT "lane_pkey" PRIMARY KEY ("name")
);
