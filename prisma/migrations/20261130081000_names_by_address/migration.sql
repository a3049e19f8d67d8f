-- Which names lead to an address: asked from the names, each of them would be looked up.
CREATE INDEX zone_record_set_addresses ON zone_record_set USING gin ("values") WHERE type IN ('A', 'AAAA');
