-- An account at an issuer gets another key: it is stored before the CA is told of it, so that whoever comes after a crash knows both.
ALTER TYPE "operation_purpose" ADD VALUE 'rollover';
ALTER TABLE "issuer" ADD COLUMN "next_key_id" TEXT,
                     ADD COLUMN "next_key_ciphertext" BYTEA;

-- As before (imported_certificates); the portal asks for it, too.
DROP TRIGGER operation_is_audited ON operation;
CREATE CONSTRAINT TRIGGER operation_is_audited AFTER INSERT ON operation DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('request.create=request_id', 'request.approve=request_id', 'request.cancel=request_id', 'request.supersede=request_id', 'endpoint.recheck=endpoint_id', 'zone.create=zone_id', 'zone.update=zone_id', 'zone.reread=zone_id', 'zone.test=zone_id', 'zone.try', 'issuer.test', 'issuer.try', 'issuer.change-key', 'destination.test', 'destination.try', 'certificate.ask-revocation', 'authority.make-root', 'authority.connect-root', 'authority.import', 'authority.activate-root', 'authority.withdraw-root', 'authority.request-intermediate', 'authority.install-intermediate', 'authority.drop-request', 'authority.install-crl', 'certificate.ask-key', 'endpoint.bring-certificate=endpoint_id');
