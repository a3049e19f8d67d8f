// How each kind of host is told to trust the roots: commands and manifests that are copied as they stand. What is installed is what was
// fetched and compared before, never fetched once more. What they are made of is ours (file names of hexadecimal digits) or an address
// that was parsed, so nothing in them is quoted by hand.
import { type ShellWord, shellCommand } from '@hostmaster/core/shell-command';

/** @param aliases at least one root */
type Where = { readonly aliases: readonly string[] };
export type Snippet = { readonly value: string; readonly label: string; readonly note: string; text(where: Where): string };

const lines = (...commands: readonly string[]): string => commands.join('\n');
const sh = (...words: readonly ShellWord[]): string => shellCommand(words);
const fetched = (base: string, file: string): string => sh('curl', '-fsS', '-o', file, `${base}/${file}`);
const files = (aliases: readonly string[]): readonly string[] => aliases.map((alias) => `${alias}.crt`);
const installed = ({ aliases }: Where, folder: string): string => sh('sudo', 'install', '-m', '644', ...files(aliases), folder);
const bundled = ({ aliases }: Where): string => `${sh('cat', ...files(aliases))} > root.pem`;

const configMap = (where: Where): string =>
  lines(bundled(where), sh('kubectl', 'create', 'configmap', 'hostmaster-roots', '--from-file=root.pem', '--dry-run=client', '-o', 'yaml'));

const mount = `# In the pod:
volumes:
  - name: hostmaster-roots
    configMap:
      name: hostmaster-roots
containers:
  - name: app
    env:
      - name: SSL_CERT_FILE
        value: /etc/hostmaster/root.pem
    volumeMounts:
      - name: hostmaster-roots
        mountPath: /etc/hostmaster
        readOnly: true`;

const trustManager = `apiVersion: trust.cert-manager.io/v1alpha1
kind: Bundle
metadata:
  name: hostmaster-roots
spec:
  sources:
    - useDefaultCAs: true
    - configMap:
        name: hostmaster-roots
        key: root.pem
  target:
    configMap:
      key: ca-certificates.crt`;

export const snippets: readonly Snippet[] = [
  {
    value: 'debian',
    label: 'Debian, Ubuntu, Alpine',
    note: 'The whole host: curl, git, wget, Python, Ruby and Go read it.',
    text: (where) => lines(installed(where, '/usr/local/share/ca-certificates/'), 'sudo update-ca-certificates'),
  },
  {
    value: 'rhel',
    label: 'RHEL, Fedora',
    note: 'The whole host, Java included.',
    text: (where) => lines(installed(where, '/etc/pki/ca-trust/source/anchors/'), 'sudo update-ca-trust'),
  },
  {
    value: 'macos',
    label: 'macOS',
    note: 'The whole machine: Safari, Chrome and curl read it.',
    text: ({ aliases }) =>
      lines(
        ...files(aliases).map((file) =>
          sh(...['sudo', 'security', 'add-trusted-cert', '-d', '-r', 'trustRoot'], ...['-k', '/Library/Keychains/System.keychain', file]),
        ),
      ),
  },
  {
    value: 'windows',
    label: 'Windows',
    note: 'In a PowerShell of an administrator, in the folder of the files that were compared; Edge and Chrome read it, and Firefox does by its policy ImportEnterpriseRoots.',
    text: ({ aliases }) =>
      lines(...files(aliases).map((file) => `Import-Certificate -FilePath ${file} -CertStoreLocation Cert:\\LocalMachine\\Root`)),
  },
  {
    value: 'java',
    label: 'Java',
    note: 'Java knows these roots alone then; the password is no secret. For what is older than Java 9 there is root.jks.',
    text: ({ aliases }) =>
      lines(
        ...aliases.map((alias) =>
          sh(
            ...['keytool', '-importcert', '-noprompt', '-alias', alias, '-file', `${alias}.crt`],
            ...['-keystore', 'root.p12', '-storetype', 'PKCS12', '-storepass', 'changeit'],
          ),
        ),
        sh('java', '-Djavax.net.ssl.trustStore=root.p12', '-Djavax.net.ssl.trustStorePassword=changeit', '-jar', 'app.jar'),
      ),
  },
  {
    value: 'programs',
    label: 'Node, Python, curl',
    note: 'One program, without rights on the host. Node adds these roots to those that it knows; the others know these alone.',
    text: (where) =>
      lines(
        bundled(where),
        'NODE_EXTRA_CA_CERTS=root.pem node app.js',
        'REQUESTS_CA_BUNDLE=root.pem python3 app.py',
        sh('curl', '--cacert', 'root.pem', 'https://orders.example.test/'),
      ),
  },
  {
    value: 'container',
    label: 'Container image',
    note: 'A layer of an image that is based on Debian or Alpine.',
    text: ({ aliases }) =>
      lines(
        `COPY ${files(aliases).join(' ')} /usr/local/share/ca-certificates/`,
        'RUN chmod 644 /usr/local/share/ca-certificates/*.crt && update-ca-certificates',
      ),
  },
  {
    value: 'kubernetes',
    label: 'Kubernetes',
    note: 'A ConfigMap, and where a pod reads it. What is printed is applied like any other manifest.',
    text: (where) => lines(configMap(where), '', mount),
  },
  {
    value: 'trust-manager',
    label: 'trust-manager',
    note: 'Into every namespace, beside the public CAs; the ConfigMap stands in the namespace of trust-manager.',
    text: (where) => lines(configMap(where), '', trustManager),
  },
];

/** What is said where the host that runs it trusts each root, and where it does not. @param samples a CA below each */
export const checkCommand = (base: string, samples: readonly string[]): string =>
  lines(
    ...samples.map((sample) => `${sample}.pem`).flatMap((file) => [fetched(base, file), sh('openssl', 'verify', '-untrusted', file, file)]),
  );

/** What is compared with this page before anything is installed that was fetched in plain http. */
export const fingerprintCommand = (base: string, aliases: readonly string[]): string =>
  lines(
    ...files(aliases).flatMap((file) => [fetched(base, file), sh('openssl', 'x509', '-in', file, '-noout', '-fingerprint', '-sha256')]),
  );
