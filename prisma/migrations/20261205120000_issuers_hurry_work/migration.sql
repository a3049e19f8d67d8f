-- As before (imported_certificates); and what is done to an issuer has work that waits for a certificate tried at once.
DROP TRIGGER operation_change_is_audited ON operation;
CREATE CONSTRAINT TRIGGER operation_change_is_audited AFTER UPDATE ON operation DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('request.create', 'request.approve', 'request.cancel', 'endpoint.recheck', 'zone.create', 'zone.update', 'zone.reread', 'zone.test', 'issuer.test', 'destination.test', 'zone.give-up', 'zone.remove', 'certificate.ask-revocation', 'certificate.ask-key', 'endpoint.bring-certificate', 'issuer.connect', 'issuer.update', 'issuer.stop', 'issuer.resume');
