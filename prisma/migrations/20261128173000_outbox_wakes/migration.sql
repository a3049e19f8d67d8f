-- A nudge wakes the relay when it is committed, whoever wrote it.
CREATE FUNCTION wake_relay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('hostmaster_outbox', '');
  RETURN NULL;
END $$;
CREATE TRIGGER "outbox_wakes" AFTER INSERT ON "outbox" FOR EACH STATEMENT EXECUTE FUNCTION wake_relay();
