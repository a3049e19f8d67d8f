import { rootCertificates } from 'node:tls';

/** The roots that everybody trusts, as Mozilla lists them and Node ships them, PEM. */
export const publicRoots: readonly string[] = rootCertificates;
