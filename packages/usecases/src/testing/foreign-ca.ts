// A CA that Hostmaster knows nothing of: what a team has bought comes from it.
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { Clock } from '@hostmaster/core/clock';
import { day } from '@hostmaster/core/duration';
import { authorityUrls, identityFor, intermediateTbs, leafTbs, rootTbs, signStructure } from '@hostmaster/core/pki/build-certificate';
import { chainToPem, toPem } from '@hostmaster/core/pki/chain';
import { objectIdentifiers as id } from '@hostmaster/core/pki/object-identifiers';
import { newSerial } from '@hostmaster/core/pki/serial';
import { signerFor } from '@hostmaster/core/pki/signer';
import { withExtensions } from '@hostmaster/core/pki/testing/authority';

const newKey = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const urls = authorityUrls('http://pki.foreign.test', 'issuing');

type Wish = {
  readonly days?: number;
  /** Whether the root stands in the PEM. */
  readonly root?: boolean;
  /** Whether it says that it is for servers. */
  readonly purpose?: boolean;
  readonly key?: KeyObject;
  /** Whoever runs a CA chooses it. */
  readonly serial?: string;
};

export async function createForeignCa(clock: Clock) {
  const begin = new Date(Math.floor(clock.now().getTime() / 1000) * 1000 - day);
  const drafted = (commonName: string, years: number) => ({
    ...{
      serial: newSerial(),
      notBefore: begin,
      notAfter: new Date(begin.getTime() + years * 365 * day),
      organisation: 'Foreign',
      commonName,
    },
  });
  const [rootSigner, signer] = [signerFor(newKey()), signerFor(newKey())];
  const root = Buffer.from(
    await signStructure(rootTbs({ ...drafted('Foreign Root', 20), spki: rootSigner.spki }, rootSigner.algorithm), rootSigner),
  );
  const below = { ...drafted('Foreign Issuing', 10), spki: signer.spki };
  const issuing = await signStructure(
    intermediateTbs(below, identityFor(root, rootSigner), ['example.test', 'elsewhere.test'], urls),
    rootSigner,
  );
  return {
    root,
    async issue(
      names: readonly string[],
      { days = 365, root: withRoot = true, purpose = true, key = newKey(), serial = newSerial() }: Wish = {},
    ) {
      const notBefore = new Date(Math.floor(clock.now().getTime() / 1000) * 1000 - 300_000);
      const draft = { serial, names, notBefore, notAfter: new Date(notBefore.getTime() + days * day - 1000), spki: signerFor(key).spki };
      const tbs = leafTbs(draft, identityFor(issuing, signer), urls);
      const leaf = await signStructure(purpose ? tbs : withExtensions(tbs, (all) => all.delete(id.extendedKeyUsage)), signer);
      const privateKey = key.export({ format: 'der', type: 'pkcs8' });
      const pem = Buffer.from(toPem(privateKey, 'PRIVATE KEY') + chainToPem([leaf, issuing, ...(withRoot ? [root] : [])]));
      return { key, privateKey, chain: [leaf, issuing], serial, pem };
    },
  };
}
export type ForeignCa = Awaited<ReturnType<typeof createForeignCa>>;
