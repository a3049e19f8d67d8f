-- Searches that read every row of what grows: who did what to whom, and which names lead to an address.
CREATE INDEX audit_event_subject_trgm ON audit_event USING gin (subject gin_trgm_ops);
CREATE INDEX audit_event_actor_name_trgm ON audit_event USING gin (actor_name gin_trgm_ops);
CREATE INDEX zone_record_set_addresses ON zone_record_set USING gin ("values") WHERE type IN ('A', 'AAAA');
