// The files that a private key is taken away in, each for who reads it. Made in the browser: no server sees them.
import type { ExportedKey } from '@hostmaster/core/pki/key-export';

export type KeyFile = {
  readonly filename: string;
  /** What it is told apart by, with its dot. */
  readonly ending: string;
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
const yaml = 'application/yaml';

/** @param name the certificate's first; a wildcard is one, too */
export function keyFiles(name: string, chainPem: string, { privateKeyPem, stores }: ExportedKey): readonly KeyFile[] {
  const stem = name.replace('*', '_wildcard');
  const open = (ending: string, label: string, note: string, content: string, type = pem): KeyFile => {
    return { filename: `${stem}${ending}`, ending, label, note, type, content, locked: false };
  };
  const locked = (ending: keyof ExportedKey['stores'], label: string, note: string, type: string): KeyFile => {
    return { filename: `${stem}.${ending}`, ending: `.${ending}`, label, note, type, content: octets(stores[ending]), locked: true };
  };
  return [
    open('.key.pem', 'Private key', 'nginx, Apache and most others, beside the chain', privateKeyPem),
    open('.chain.pem', 'Chain', 'leaf first; no secret', chainPem),
    open('.pem', 'Chain and key', 'HAProxy, in one file', `${chainPem}${privateKeyPem}`),
    locked('p12', 'PKCS #12', 'Java, .NET, Windows Server since 2019', pkcs12),
    locked('legacy.p12', 'PKCS #12, older', 'macOS, Windows Server 2016, Java before 8u301', pkcs12),
    locked('jks', 'JKS', 'Java before 9; the key is called hostmaster', 'application/x-java-keystore'),
    open(
      '.secret.yaml',
      'Kubernetes Secret',
      'kubectl apply -f, in the namespace of the ingress',
      secretYaml(name, chainPem, privateKeyPem),
      yaml,
    ),
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
