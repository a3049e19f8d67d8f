-- A zone of a million records: what a reading counted is kept with the zone, and not counted again for every page.
ALTER TABLE "zone" ADD COLUMN "record_set_count" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN "record_count" INTEGER NOT NULL DEFAULT 0;

UPDATE "zone" SET "record_set_count" = held.sets, "record_count" = held.records
  FROM (SELECT zone_id, count(*) AS sets, coalesce(sum(cardinality("values")), 0) AS records FROM "zone_record_set" GROUP BY zone_id) AS held
 WHERE held.zone_id = "zone".id;

-- Names are found by how they begin, through the key, whatever the database sorts texts by.
ALTER TABLE "zone_record_set" ALTER COLUMN "name" TYPE TEXT COLLATE "C";

-- Where a reading waits until it is whole. Not logged: after a crash of the database it is read again.
CREATE UNLOGGED TABLE "read_record_set" (
    "zone_id" UUID NOT NULL,
    "reading" UUID NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "type" TEXT NOT NULL,
    "part" INTEGER NOT NULL,
    "ttl" INTEGER NOT NULL,
    "values" TEXT[],

    CONSTRAINT "read_record_set_pkey" PRIMARY KEY ("zone_id","reading","name","type","part")
);
