-- Certificates are handed to clusters that somebody connects, too; where each was put is written down, so that it can be taken back.
ALTER TYPE "operation_kind" ADD VALUE 'destination';

CREATE TABLE "destination" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "settings" JSONB NOT NULL,
    "secret_key_id" TEXT,
    "secret_ciphertext" BYTEA,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "destination_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "destination_slug_key" ON "destination"("slug");

ALTER TABLE "cluster" ADD COLUMN "destination_id" UUID;
CREATE INDEX "cluster_destination_id_idx" ON "cluster"("destination_id");
ALTER TABLE "cluster" ADD CONSTRAINT "cluster_destination_id_fkey" FOREIGN KEY ("destination_id") REFERENCES "destination"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TABLE "delivery" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "endpoint_id" UUID NOT NULL,
    "hostname" TEXT NOT NULL,
    "destination_id" UUID,
    "namespace" TEXT NOT NULL,
    "fingerprint" TEXT,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,
    "delivered_at" TIMESTAMPTZ(3),

    CONSTRAINT "delivery_pkey" PRIMARY KEY ("id")
);
-- The directory of the worker is one place, too.
CREATE UNIQUE INDEX "delivery_place_key" ON "delivery"("endpoint_id", "hostname", "destination_id", "namespace") NULLS NOT DISTINCT;
CREATE INDEX "delivery_destination_id_idx" ON "delivery"("destination_id");
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_endpoint_id_fkey" FOREIGN KEY ("endpoint_id") REFERENCES "endpoint"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_destination_id_fkey" FOREIGN KEY ("destination_id") REFERENCES "destination"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Whoever could lead a secret to another address would have it told there: it is given anew.
CREATE FUNCTION destination_secret_stays_where_it_is() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.kind, NEW.settings) IS DISTINCT FROM (OLD.kind, OLD.settings) AND NEW.secret_ciphertext = OLD.secret_ciphertext THEN
    RAISE EXCEPTION 'the connection of a destination changes together with its secret' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "destination_secret_stays_where_it_is" BEFORE UPDATE ON "destination" FOR EACH ROW EXECUTE FUNCTION destination_secret_stays_where_it_is();

CREATE CONSTRAINT TRIGGER destination_is_audited AFTER INSERT OR UPDATE OR DELETE ON destination DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('destination.connect=id', 'destination.update=id', 'destination.remove=id');
-- The portal forgets what is at a destination that is gone for good, and nothing else.
CREATE CONSTRAINT TRIGGER delivery_is_audited AFTER DELETE ON delivery DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('destination.remove=destination_id');

DROP TRIGGER connection_trial_is_audited ON connection_trial;
CREATE CONSTRAINT TRIGGER connection_trial_is_audited AFTER INSERT ON connection_trial DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('zone.try=id', 'issuer.try=id', 'destination.try=id');

-- A test begins work, and a newer one takes the place of one that is under way.
DROP TRIGGER operation_is_audited ON operation;
CREATE CONSTRAINT TRIGGER operation_is_audited AFTER INSERT ON operation DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('request.create=request_id', 'request.approve=request_id', 'request.cancel=request_id', 'request.supersede=request_id', 'endpoint.recheck=endpoint_id', 'zone.create=zone_id', 'zone.update=zone_id', 'zone.reread=zone_id', 'zone.test=zone_id', 'zone.try', 'issuer.test', 'issuer.try', 'destination.test', 'destination.try', 'certificate.ask-revocation', 'authority.make-root', 'authority.connect-root', 'authority.import', 'authority.activate-root', 'authority.withdraw-root', 'authority.request-intermediate', 'authority.install-intermediate', 'authority.drop-request', 'authority.install-crl', 'certificate.ask-key');
DROP TRIGGER operation_change_is_audited ON operation;
CREATE CONSTRAINT TRIGGER operation_change_is_audited AFTER UPDATE ON operation DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('request.create', 'request.approve', 'request.cancel', 'endpoint.recheck', 'zone.create', 'zone.update', 'zone.reread', 'zone.test', 'issuer.test', 'destination.test', 'zone.give-up', 'zone.remove', 'certificate.ask-revocation', 'certificate.ask-key');
