-- Where workers may look for certificates, what they found, and where.
CREATE TABLE "discovery_scope" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "targets" TEXT[],
    "ports" INTEGER[],
    "every_hours" INTEGER NOT NULL,
    "team_id" UUID,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "next_look_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "position" INTEGER NOT NULL DEFAULT 0,
    "answered" INTEGER NOT NULL DEFAULT 0,
    "taken_at" TIMESTAMPTZ(3),
    "looked_at" TIMESTAMPTZ(3),
    "looked_places" INTEGER NOT NULL DEFAULT 0,
    "looked_answered" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "discovery_scope_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "discovery_scope_name_key" ON "discovery_scope"("name");
CREATE INDEX "discovery_scope_team_id_idx" ON "discovery_scope"("team_id");
ALTER TABLE "discovery_scope" ADD CONSTRAINT "discovery_scope_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TABLE "discovered_certificate" (
    "id" UUID NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "chain" BYTEA[],
    "subject" TEXT NOT NULL,
    "issuer" TEXT NOT NULL,
    "names" TEXT[],
    "names_total" INTEGER NOT NULL,
    "serial" TEXT,
    "key_algorithm" TEXT,
    "not_before" TIMESTAMPTZ(3),
    "not_after" TIMESTAMPTZ(3),
    "unreadable" TEXT,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "known_reason" TEXT,
    "known_by" TEXT,
    "known_at" TIMESTAMPTZ(3),
    "known_until" TIMESTAMPTZ(3),

    CONSTRAINT "discovered_certificate_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "discovered_certificate_fingerprint_key" ON "discovered_certificate"("fingerprint");
CREATE INDEX "discovered_certificate_not_after_id_idx" ON "discovered_certificate"("not_after", "id");

CREATE TABLE "sighting" (
    "certificate_id" UUID NOT NULL,
    "scope_id" UUID NOT NULL,
    "address" TEXT NOT NULL,
    "port" INTEGER NOT NULL,
    "server_name" TEXT NOT NULL,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "gone_at" TIMESTAMPTZ(3),

    CONSTRAINT "sighting_pkey" PRIMARY KEY ("certificate_id", "scope_id", "address", "port", "server_name")
);
CREATE INDEX "sighting_scope_id_address_port_server_name_idx" ON "sighting"("scope_id", "address", "port", "server_name");
ALTER TABLE "sighting" ADD CONSTRAINT "sighting_certificate_id_fkey" FOREIGN KEY ("certificate_id") REFERENCES "discovered_certificate"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "sighting" ADD CONSTRAINT "sighting_scope_id_fkey" FOREIGN KEY ("scope_id") REFERENCES "discovery_scope"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What the portal writes of either stands in the audit trail.
CREATE CONSTRAINT TRIGGER discovery_scope_is_audited AFTER INSERT OR UPDATE OR DELETE ON discovery_scope DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('discovery.allow=id', 'discovery.update=id', 'discovery.remove=id', 'discovery.look=id');
CREATE CONSTRAINT TRIGGER discovered_certificate_is_audited AFTER UPDATE ON discovered_certificate DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('discovered.mark-known=id', 'discovered.withdraw=id');
