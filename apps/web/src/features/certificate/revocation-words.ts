// What whoever asks for a revocation is told before.
import type { Certificate } from '@hostmaster/core/contract/certificate';
import { isInUse } from '@hostmaster/core/pki/certificate-state';

type Revocable = Pick<Certificate, 'state' | 'seen' | 'keyHolder' | 'team' | 'brought' | 'certificateOnly'>;

/** Whether it is in use, and where it was met. */
export function whereItIs({ state, seen }: Pick<Certificate, 'state' | 'seen'>): string {
  if (!isInUse(state)) return 'It is not in use: another has taken its place.';
  if (seen === null) return 'It is the one in use; nobody has seen it on the wire yet.';
  return `It is the one in use. When Hostmaster looked last: ${seen.message}`;
}

/** What follows, a sentence each. */
export function revocationFollows(
  { state, keyHolder, team, brought, certificateOnly }: Revocable,
  compromised: boolean,
): readonly string[] {
  if (keyHolder === 'requester')
    return [
      `It is revoked at once, and nothing takes its place: the key is the requester’s, and ${team} sends another CSR.`,
      ...(compromised ? ['The key is refused from now on: no certificate is issued for it again, for any name.'] : []),
    ];
  if (keyHolder === 'issuer')
    return [
      'Its issuer does not revoke it, and says so; its key has left the issuer for nobody.',
      ...(isInUse(state)
        ? [
            'Another one is ordered, and this one is deleted there, with its key, once nothing uses it: whoever serves it has to change over.',
          ]
        : []),
    ];
  if (brought)
    return [
      'Hostmaster cannot revoke it: it has no account at its CA. Whoever bought it has it revoked there, by its serial.',
      ...(isInUse(state) ? [`Here it is used no longer once ${team} has imported another one, which is waited for.`] : []),
      ...(compromised ? ['Its key is refused from now on.'] : []),
    ];
  if (!isInUse(state)) return ['Nothing else changes.'];
  if (certificateOnly)
    return [
      'A new one with a new key is ordered at once.',
      `This one is revoked ${compromised ? 'before that' : 'as soon as that is issued'}, whether ${team} has installed the new one by then or not: nobody sees where it is.`,
    ];
  return [
    'A new one with a new key is ordered at once.',
    compromised
      ? 'This one is revoked before that, so that who checks may refuse the name until the new one is served.'
      : 'This one is revoked once the new one is seen at every address.',
  ];
}
