// Signature Version 4 of AWS, as a service verifies it (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

export type Signed = {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
};
export type Signing = { readonly region: string; readonly service: string; secretOf(accessKeyId: string): string | null };

const hash = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');
const mac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const skewMilliseconds = 15 * 60 * 1000;
/** What must be signed, so that nobody between leads a request elsewhere or makes another of it. */
const mustBeSigned = ['host', 'x-amz-date', 'x-amz-target'];

type Fault = { readonly type: string; readonly message: string };
const fault = (type: string, message: string): Fault => ({ type, message });

/** Why it is not let in, by the name that AWS has for it; null where it is. */
export function signatureFault({ method, path, headers, body }: Signed, { region, service, secretOf }: Signing, now: Date): Fault | null {
  const { authorization = '', 'x-amz-date': date = '' } = headers;
  if (authorization === '') return fault('MissingAuthenticationToken', 'Missing Authentication Token');
  const [, credential = '', signedHeaders = '', signature = ''] =
    /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(authorization) ?? [];
  const [accessKeyId = '', day = '', at = '', of = '', end = ''] = credential.split('/');
  if (end !== 'aws4_request') return fault('IncompleteSignature', 'Authorization header requires Credential, SignedHeaders and Signature.');
  if (at !== region) return fault('InvalidSignatureException', `Credential should be scoped to a valid region, not '${at}'.`);
  if (of !== service) return fault('InvalidSignatureException', `Credential should be scoped to correct service: '${service}'.`);
  const secret = secretOf(accessKeyId);
  if (secret === null) return fault('UnrecognizedClientException', 'The security token included in the request is invalid.');
  const time = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (Number.isNaN(time) || !date.startsWith(day))
    return fault('IncompleteSignature', 'Date in Credential scope does not match x-amz-date.');
  if (Math.abs(now.getTime() - time) > skewMilliseconds)
    return fault('InvalidSignatureException', `Signature expired: ${date} is now earlier or later than it may be.`);
  const names = signedHeaders.split(';');
  const unsigned = mustBeSigned.filter((name) => !names.includes(name));
  if (unsigned.length > 0) return fault('InvalidSignatureException', `${unsigned.join(', ')} must be a signed header.`);
  const url = new URL(path, 'https://fake');
  const query = [...url.searchParams]
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort()
    .join('&');
  const canonical = [
    method,
    url.pathname,
    query,
    ...names.map((name) => `${name}:${(headers[name] ?? '').trim().replace(/ +/g, ' ')}`),
    '',
    signedHeaders,
    hash(body),
  ].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const key = [region, service, 'aws4_request'].reduce<Buffer>((made, part) => mac(made, part), mac(`AWS4${secret}`, day));
  const wanted = mac(key, ['AWS4-HMAC-SHA256', date, scope, hash(canonical)].join('\n'));
  if (timingSafeEqual(wanted, Buffer.from(signature, 'hex'))) return null;
  return fault('InvalidSignatureException', 'The request signature we calculated does not match the signature you provided.');
}
