
-- What the schema language cannot say

-- At most one unfinished operation per subject.
CREATE UNIQUE INDEX "operation_one_unfinished" ON "operation"("subject") WHERE "state" IN ('pending', 'running', 'waiting');
-- What the sweep looks for.
CREATE INDEX "operation_unfinished_due" ON "operation"("next_attempt_at") WHERE "state" IN ('pending', 'running', 'waiting');
-- At most one open request per name and view.
CREATE UNIQUE INDEX "request_one_open" ON "request"("hostname", "view") WHERE "state" IN ('in-review', 'approved');

-- The audit trail is append-only, for its owner too.
CREATE FUNCTION audit_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit trail is append-only';
END;
$$;
CREATE TRIGGER "audit_event_append_only" BEFORE UPDATE OR DELETE ON "audit_event" FOR EACH ROW EXECUTE FUNCTION audit_event_is_append_only();
CREATE TRIGGER "audit_event_no_truncate" BEFORE TRUNCATE ON "audit_event" FOR EACH STATEMENT EXECUTE FUNCTION audit_event_is_append_only();
