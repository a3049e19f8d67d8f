-- Logs of Certificate Transparency that are read, how far each is, and what was seen in them.
CREATE TABLE "transparency_log" (
    "id" UUID NOT NULL,
    "address" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "public_key" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "next_read_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "taken_at" TIMESTAMPTZ(3),
    "first_entry" BIGINT,
    "position" BIGINT,
    "tree_size" BIGINT,
    "root" BYTEA,
    "read_at" TIMESTAMPTZ(3),
    "unreadable" INTEGER NOT NULL DEFAULT 0,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "fault" TEXT,
    "forked_at" TIMESTAMPTZ(3),

    CONSTRAINT "transparency_log_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "transparency_log_address_key" ON "transparency_log"("address");

CREATE TABLE "log_sighting" (
    "certificate_id" UUID NOT NULL,
    "log_id" UUID NOT NULL,
    "entry" BIGINT NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "log_sighting_pkey" PRIMARY KEY ("certificate_id", "log_id")
);
CREATE INDEX "log_sighting_log_id_idx" ON "log_sighting"("log_id");
ALTER TABLE "log_sighting" ADD CONSTRAINT "log_sighting_certificate_id_fkey" FOREIGN KEY ("certificate_id") REFERENCES "discovered_certificate"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "log_sighting" ADD CONSTRAINT "log_sighting_log_id_fkey" FOREIGN KEY ("log_id") REFERENCES "transparency_log"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Known by what was to be signed, until what was signed is found.
ALTER TABLE "discovered_certificate" ADD COLUMN "precertificate" BOOLEAN NOT NULL DEFAULT false;
CREATE INDEX "discovered_certificate_serial_idx" ON "discovered_certificate"("serial");

CREATE CONSTRAINT TRIGGER transparency_log_is_audited AFTER INSERT OR UPDATE OR DELETE ON transparency_log DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('discovery.connect-log=id', 'discovery.remove-log=id', 'discovery.read-log=id');
