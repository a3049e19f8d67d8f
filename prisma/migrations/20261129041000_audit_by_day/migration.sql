-- The audit trail is looked through by days.
CREATE INDEX "audit_event_at_idx" ON "audit_event"("at");
