-- Many certificates replaced, or revoked and replaced, as one. The portal writes what is wanted, a worker takes the certificates up.
CREATE TABLE "campaign" (
    "id" UUID NOT NULL,
    "action" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "scope" JSONB NOT NULL,
    "reason" TEXT,
    "comment" TEXT NOT NULL,
    "pace" INTEGER NOT NULL,
    "as_of" TIMESTAMPTZ(3) NOT NULL,
    "plan_hash" TEXT NOT NULL,
    "planned" INTEGER NOT NULL,
    "four_eyes" BOOLEAN NOT NULL,
    "asker_kind" "asker_kind" NOT NULL,
    "asker_id" TEXT NOT NULL,
    "asker_name" TEXT NOT NULL,
    "answering_person_id" UUID,
    "answering_team_id" UUID,
    "starter_id" TEXT,
    "starter_name" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "moved_at" TIMESTAMPTZ(3) NOT NULL,
    "moved_by" TEXT NOT NULL,
    "after_not_after" TIMESTAMPTZ(3),
    "after_id" UUID,

    CONSTRAINT "campaign_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "campaign_action_word" CHECK ("action" IN ('replace', 'revoke')),
    CONSTRAINT "campaign_state_word" CHECK ("state" IN ('proposed', 'running', 'paused', 'stopped', 'finished')),
    CONSTRAINT "campaign_reason_word" CHECK ("reason" IN ('unspecified', 'keyCompromise', 'affiliationChanged', 'superseded', 'cessationOfOperation', 'privilegeWithdrawn')),
    CONSTRAINT "campaign_reason_where_it_revokes" CHECK (("reason" IS NOT NULL) = ("action" = 'revoke')),
    CONSTRAINT "campaign_comment" CHECK (length("comment") BETWEEN 1 AND 500),
    CONSTRAINT "campaign_pace" CHECK ("pace" BETWEEN 1 AND 3000),
    CONSTRAINT "campaign_has_an_answerer" CHECK (num_nonnulls("answering_person_id", "answering_team_id") = 1),
    CONSTRAINT "campaign_four_eyes" CHECK (NOT "four_eyes" OR "started_at" IS NULL OR ("starter_id" IS NOT NULL AND "starter_id" <> "asker_id"))
);

CREATE TABLE "campaign_certificate" (
    "campaign_id" UUID NOT NULL,
    "certificate_id" UUID NOT NULL,
    "taken_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "campaign_certificate_pkey" PRIMARY KEY ("campaign_id", "certificate_id")
);

CREATE INDEX "campaign_created_at_id_idx" ON "campaign"("created_at" DESC, "id");
CREATE INDEX "campaign_certificate_certificate_id_idx" ON "campaign_certificate"("certificate_id");
CREATE INDEX "campaign_certificate_campaign_id_taken_at_idx" ON "campaign_certificate"("campaign_id", "taken_at");

ALTER TABLE "campaign_certificate" ADD CONSTRAINT "campaign_certificate_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaign"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "campaign_certificate" ADD CONSTRAINT "campaign_certificate_certificate_id_fkey" FOREIGN KEY ("certificate_id") REFERENCES "certificate"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE CONSTRAINT TRIGGER campaign_is_audited AFTER INSERT ON campaign DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('campaign.start=id', 'campaign.propose=id');
CREATE CONSTRAINT TRIGGER campaign_change_is_audited AFTER UPDATE ON campaign DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('campaign.start=id', 'campaign.pause=id', 'campaign.resume=id', 'campaign.stop=id', 'campaign.set-pace=id');

-- A platform admin stops what is made here, too; nothing else of it is the portal's to change.
CREATE FUNCTION issuer_made_here_is_only_stopped() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF to_jsonb(NEW) - 'stopped_at' IS DISTINCT FROM to_jsonb(OLD) - 'stopped_at' THEN
    RAISE EXCEPTION 'The portal stops and resumes the CAs that are made here, and changes nothing else of them.' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER issuer_made_here_is_only_stopped BEFORE UPDATE ON issuer
  FOR EACH ROW WHEN (current_user = 'hostmaster_web' AND OLD.kind IN ('internal-root', 'internal-ca'))
  EXECUTE FUNCTION issuer_made_here_is_only_stopped();
