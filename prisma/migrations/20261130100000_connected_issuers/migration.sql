-- An issuer that others run is connected by somebody, changed, stopped and removed, as a zone is.
ALTER TABLE "issuer" ADD COLUMN "secret_key_id" TEXT,
ADD COLUMN "secret_ciphertext" BYTEA,
ADD COLUMN "stopped_at" TIMESTAMPTZ(3),
ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1;

-- Whoever could lead a secret to another address would have it told there: it is given anew, or goes.
CREATE FUNCTION issuer_secret_stays_where_it_is() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.kind, NEW.settings) IS DISTINCT FROM (OLD.kind, OLD.settings) AND NEW.secret_ciphertext = OLD.secret_ciphertext THEN
    RAISE EXCEPTION 'the connection of an issuer changes together with its secret' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "issuer_secret_stays_where_it_is" BEFORE UPDATE ON "issuer" FOR EACH ROW EXECUTE FUNCTION issuer_secret_stays_where_it_is();

CREATE CONSTRAINT TRIGGER issuer_is_audited AFTER INSERT OR UPDATE OR DELETE ON issuer DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('issuer.connect=id', 'issuer.update=id', 'issuer.stop=id', 'issuer.resume=id', 'issuer.remove=id');
