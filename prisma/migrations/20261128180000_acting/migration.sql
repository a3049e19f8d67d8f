-- Who acts in the portal's connection, as `person:<id>`, as `service:<id>` for a token, or as
-- `team:<team>:<id>` for a service that a team answers for; null where nobody is signed in yet. What they may
-- do, these functions look up themselves; the policies of packages/db/src/row-security.ts ask them. They see every row, because
-- they belong to the owner of the tables.
CREATE FUNCTION acting() RETURNS TEXT LANGUAGE sql STABLE AS $$
  SELECT nullif(current_setting('hostmaster.actor', true), '')
$$;

CREATE FUNCTION acting_id() RETURNS TEXT LANGUAGE sql STABLE AS $$
  SELECT split_part(acting(), ':', CASE WHEN acting() LIKE 'team:%' THEN 3 ELSE 2 END)
$$;

CREATE FUNCTION acting_team() RETURNS UUID LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN acting() LIKE 'team:%' THEN split_part(acting(), ':', 2)::uuid END
$$;

CREATE FUNCTION acting_token() RETURNS UUID LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN acting() LIKE 'service:%' THEN acting_id()::uuid END
$$;

-- The person who acts, or who answers for the token that does.
CREATE FUNCTION acting_person() RETURNS UUID LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT p.id FROM person p
   WHERE p.disabled_at IS NULL
     AND p.id = CASE WHEN acting() LIKE 'person:%' THEN acting_id()::uuid
                     ELSE (SELECT k.owner_id FROM service_token k WHERE k.id = acting_token() AND k.revoked_at IS NULL) END
$$;

-- A token speaks for those teams alone that it was given and that its owner is still in.
CREATE FUNCTION acting_teams(VARIADIC roles TEXT[]) RETURNS UUID[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce(array_agg(m.team_id), '{}') || CASE WHEN acting_team() IS NULL OR NOT 'member' = ANY (roles) THEN '{}' ELSE ARRAY[acting_team()] END
    FROM membership m
   WHERE m.person_id = acting_person() AND m.role::text = ANY (roles)
     AND (acting_token() IS NULL OR EXISTS (SELECT 1 FROM token_team k WHERE k.token_id = acting_token() AND k.team_id = m.team_id))
$$;

CREATE FUNCTION acting_has(role TEXT) RETURNS BOOLEAN LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM person p WHERE p.id = acting_person() AND role = ANY (p.roles))
     AND (acting_token() IS NULL OR EXISTS (SELECT 1 FROM service_token k WHERE k.id = acting_token() AND role = ANY (k.roles)))
$$;

-- Whether a person, or a team that they are in, answers for something: whichever of their teams a token speaks for.
CREATE FUNCTION acting_answers_for(person UUID, team UUID) RETURNS BOOLEAN LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce(person = acting_person(), false) OR coalesce(team = acting_team(), false)
      OR EXISTS (SELECT 1 FROM membership m WHERE m.person_id = acting_person() AND m.team_id = team)
$$;

-- What a token may do at most; null for a person, whom no scope limits.
CREATE FUNCTION acting_scopes() RETURNS TEXT[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT k.scopes FROM service_token k WHERE k.id = acting_token()
$$;

-- Groups that review are organisation roles and teams (`team:<slug>`).
CREATE FUNCTION acting_groups() RETURNS TEXT[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT ARRAY(SELECT 'team:' || t.slug FROM team t WHERE t.id = ANY (acting_teams('member', 'maintainer')))
      || ARRAY(SELECT role FROM unnest(ARRAY['security-reviewer', 'platform-admin']) AS role WHERE acting_has(role))
$$;

-- Whoever appends must see the last event, whosever it is.
ALTER FUNCTION audit_head() SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp;

-- An event that does not follow the last one would end the chain, or leave no number for the next.
CREATE FUNCTION audit_event_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  head RECORD;
BEGIN
  SELECT h.seq, h.hash INTO head FROM audit_head() AS h;
  IF NEW.seq <> coalesce(head.seq, 0) + 1 OR NEW.previous <> coalesce(head.hash, NEW.previous) THEN
    RAISE EXCEPTION 'an audit event follows the last one' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "audit_event_follows" BEFORE INSERT ON "audit_event" FOR EACH ROW EXECUTE FUNCTION audit_event_follows();
