-- The issuer of what a team brought holds the root that its name is looked at with: a worker noted it, and it is as little the portal's to
-- change as a CA that is made here.
DROP TRIGGER issuer_made_here_is_only_stopped ON issuer;
CREATE TRIGGER issuer_made_here_is_only_stopped BEFORE UPDATE ON issuer
  FOR EACH ROW WHEN (current_user = 'hostmaster_web' AND OLD.kind IN ('internal-root', 'internal-ca', 'imported'))
  EXECUTE FUNCTION issuer_made_here_is_only_stopped();

-- By which one is named where several have the same serial.
CREATE INDEX "certificate_fingerprint_idx" ON "certificate"("fingerprint");
