// How each kind of host is told to trust the roots: commands and manifests that are copied as they stand. What they are made of is
// ours (file names of hexadecimal digits) or an address that was parsed, so nothing in them is quoted by hand.
import { type ShellWord, shellCommand } from '@hostmaster/core/shell-command';

/** @param base where the files are, without the last slash. @param aliases at least one root */
type Where = { readonly base: string; readonly aliases: readonly string[] };
export type Snippet = { readonly value: string; readonly label: string; readonly note: string; text(where: Where): string };

const lines = (...commands: readonly string[]): string => commands.join('\n');
const sh = (...words: readonly ShellWord[]): string => shellCommand(words);
const fetched = (base: string, file: string, to: string, ...before: readonly string[]): string =>
  sh(...before, 'curl', '-fsS', '-o', to, `${base}/${file}`);
const eachRoot = ({ base, aliases }: Where, folder: string): readonly string[] =>
  aliases.map((alias) => fetched(base, `${alias}.crt`, `${folder}/${alias}.crt`, 'sudo'));

const configMap = ({ base }: Where): string =>
  lines(
    fetched(base, 'root.pem', 'root.pem'),
    sh('kubectl', 'create', 'configmap', 'hostmaster-roots', '--from-file=root.pem', '--dry-run=client', '-o', 'yaml'),
  );

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
    text: (where) => lines(...eachRoot(where, '/usr/local/share/ca-certificates'), 'sudo update-ca-certificates'),
  },
  {
    value: 'rhel',
    label: 'RHEL, Fedora',
    note: 'The whole host, Java included.',
    text: (where) => lines(...eachRoot(where, '/etc/pki/ca-trust/source/anchors'), 'sudo update-ca-trust'),
  },
  {
    value: 'macos',
    label: 'macOS',
    note: 'The whole machine: Safari, Chrome and curl read it.',
    text: ({ base, aliases }) =>
      lines(
        ...aliases.flatMap((alias) => [
          fetched(base, `${alias}.crt`, `${alias}.crt`),
          sh(
            ...['sudo', 'security', 'add-trusted-cert', '-d', '-r', 'trustRoot'],
            ...['-k', '/Library/Keychains/System.keychain', `${alias}.crt`],
          ),
        ]),
      ),
  },
  {
    value: 'windows',
    label: 'Windows',
    note: 'In a PowerShell of an administrator; Edge and Chrome read it, and Firefox does by its policy ImportEnterpriseRoots.',
    text: ({ base, aliases }) =>
      lines(
        ...aliases.flatMap((alias) => [
          `Invoke-WebRequest -Uri ${base}/${alias}.crt -OutFile ${alias}.crt`,
          `Import-Certificate -FilePath ${alias}.crt -CertStoreLocation Cert:\\LocalMachine\\Root`,
        ]),
      ),
  },
  {
    value: 'java',
    label: 'Java',
    note: 'Java knows these roots alone then; the password is no secret. For what is older than Java 9 there is root.jks.',
    text: ({ base }) =>
      lines(
        fetched(base, 'root.p12', 'root.p12'),
        sh('java', '-Djavax.net.ssl.trustStore=root.p12', '-Djavax.net.ssl.trustStorePassword=changeit', '-jar', 'app.jar'),
      ),
  },
  {
    value: 'programs',
    label: 'Node, Python, curl',
    note: 'One program, without rights on the host. Node adds these roots to those that it knows; the others know these alone.',
    text: ({ base }) =>
      lines(
        fetched(base, 'root.pem', 'root.pem'),
        'NODE_EXTRA_CA_CERTS=root.pem node app.js',
        'REQUESTS_CA_BUNDLE=root.pem python3 app.py',
        sh('curl', '--cacert', 'root.pem', 'https://orders.example.test/'),
      ),
  },
  {
    value: 'container',
    label: 'Container image',
    note: 'A layer of an image that is based on Debian or Alpine.',
    text: ({ base, aliases }) =>
      lines(
        ...aliases.map((alias) => `ADD ${base}/${alias}.crt /usr/local/share/ca-certificates/${alias}.crt`),
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

/** What is said where the host that runs it trusts the roots, and where it does not. */
export const checkCommand = (base: string, sample: string): string =>
  lines(fetched(base, `${sample}.pem`, 'issuing.pem'), sh('openssl', 'verify', '-untrusted', 'issuing.pem', 'issuing.pem'));

/** What is compared with this page before anything is installed that was fetched in plain http. */
export const fingerprintCommand = (base: string, alias: string): string =>
  lines(fetched(base, `${alias}.crt`, `${alias}.crt`), sh('openssl', 'x509', '-in', `${alias}.crt`, '-noout', '-fingerprint', '-sha256'));
