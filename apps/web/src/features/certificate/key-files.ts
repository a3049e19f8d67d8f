// The files that a private key is taken away in, each for who reads it. Made in the browser: no server sees them.
import type { ExportedKey } from '@hostmaster/core/pki/key-export';

export type KeyFile = {
  readonly filename: string;
  readonly label: string;
  /** Who reads it. */
  readonly note: string;
  readonly type: string;
  readonly content: string | Uint8Array<ArrayBuffer>;
  /** It opens with the passphrase. */
  readonly locked: boolean;
};

const octets = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
const pem = 'application/x-pem-file';
const pkcs12 = 'application/x-pkcs12';

/** @param name the certificate's first; a wildcard is one, too */
export function keyFiles(name: string, chainPem: string, { privateKeyPem, stores }: ExportedKey): readonly KeyFile[] {
  const stem = name.replace('*', '_wildcard');
  const open = { locked: false, type: pem };
  return [
    {
      ...open,
      filename: `${stem}.key.pem`,
      label: 'Private key',
      note: 'nginx, Apache and most others, beside the chain',
      content: privateKeyPem,
    },
    { ...open, filename: `${stem}.chain.pem`, label: 'Chain', note: 'leaf first; no secret', content: chainPem },
    { ...open, filename: `${stem}.pem`, label: 'Chain and key', note: 'HAProxy, in one file', content: `${chainPem}${privateKeyPem}` },
    {
      ...{ filename: `${stem}.p12`, label: 'PKCS #12', note: 'Java, .NET, Windows Server since 2019' },
      ...{ type: pkcs12, content: octets(stores.p12), locked: true },
    },
    {
      ...{ filename: `${stem}.legacy.p12`, label: 'PKCS #12, older', note: 'macOS, Windows Server 2016, Java before 8u301' },
      ...{ type: pkcs12, content: octets(stores['legacy.p12']), locked: true },
    },
    {
      ...{ filename: `${stem}.jks`, label: 'JKS', note: 'Java before 9; the key is called hostmaster' },
      ...{ type: 'application/x-java-keystore', content: octets(stores.jks), locked: true },
    },
    {
      ...{ filename: `${stem}.secret.yaml`, label: 'Kubernetes Secret', note: 'kubectl apply -f, in the namespace of the ingress' },
      ...{ type: 'application/yaml', content: secretYaml(name, chainPem, privateKeyPem), locked: false },
    },
  ];
}

const secretYaml = (name: string, chainPem: string, privateKeyPem: string): string => `apiVersion: v1
kind: Secret
metadata:
  name: ${name.replace('*', 'wildcard').replaceAll('.', '-')}-tls
type: kubernetes.io/tls
data:
  tls.crt: ${btoa(chainPem)}
  tls.key: ${btoa(privateKeyPem)}
`;
