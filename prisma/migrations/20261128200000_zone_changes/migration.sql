-- A zone can be removed: what is over stays without it, and what is not over keeps it.
ALTER TABLE "endpoint" DROP CONSTRAINT "endpoint_zone_id_fkey";
ALTER TABLE "request" DROP CONSTRAINT "request_zone_id_fkey";
ALTER TABLE "endpoint" ALTER COLUMN "zone_id" DROP NOT NULL;
ALTER TABLE "request" ALTER COLUMN "zone_id" DROP NOT NULL;
ALTER TABLE "endpoint" ADD CONSTRAINT "endpoint_zone_id_fkey" FOREIGN KEY ("zone_id") REFERENCES "zone"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "request" ADD CONSTRAINT "request_zone_id_fkey" FOREIGN KEY ("zone_id") REFERENCES "zone"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "endpoint" ADD CONSTRAINT "endpoint_stands_in_a_zone" CHECK ("zone_id" IS NOT NULL OR "state" = 'retired');
ALTER TABLE "request" ADD CONSTRAINT "request_is_for_a_zone" CHECK ("zone_id" IS NOT NULL OR "state" NOT IN ('in-review', 'approved'));

-- Whoever could lead a secret to another address would have it told there: it is given anew, or goes.
CREATE FUNCTION zone_secret_stays_where_it_is() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.provider, NEW.connection) IS DISTINCT FROM (OLD.provider, OLD.connection) AND NEW.secret_ciphertext = OLD.secret_ciphertext THEN
    RAISE EXCEPTION 'the connection of a zone changes together with its secret' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "zone_secret_stays_where_it_is" BEFORE UPDATE ON "zone" FOR EACH ROW EXECUTE FUNCTION zone_secret_stays_where_it_is();
