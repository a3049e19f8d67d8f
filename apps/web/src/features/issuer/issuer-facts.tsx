'use client';
// What an issuer is: where it is, or what its own certificate and list say where it is made here.
import type { IssuerRow } from '@hostmaster/core/contract/issuer';
import { Fact, Facts } from '@/components/ui/card';
import { type MarkState, Status } from '@/components/ui/mark';
import { Time, useNow } from '@/components/ui/time';
import { whereKept } from '@/features/authority/words';
import { urgencyMarks } from '@/features/certificate/urgency';
import { settingFacts, settingRows } from '@/features/connection/settings-fields';
import { keyWords, listed, plural } from '@/lib/format/text';
import { useKinds } from './use-kinds';

const keyChangeMarks = {
  'under-way': { mark: 'wait', words: 'A change was asked for' },
  changed: { mark: 'ok', words: 'Changed' },
  failed: { mark: 'bad', words: 'Not changed' },
} as const satisfies Record<NonNullable<IssuerRow['keyChange']>['state'], { mark: MarkState; words: string }>;

export const IssuerFacts = ({ issuer }: { issuer: IssuerRow }) => (
  <Facts className="content-start">
    {issuer.withdrawn && (
      <Fact name="Withdrawn">
        <Status state="none">
          {issuer.kind === 'internal-root'
            ? 'Nobody is told to trust it any more, and nothing below it signs.'
            : 'Nobody is told to trust its root any more: it signs nothing more.'}
        </Status>
      </Fact>
    )}
    {issuer.stoppedAt !== null && (
      <Fact name="Stopped">
        <Status state="none">
          <Time at={issuer.stoppedAt} />: it signs nothing more.
        </Status>
      </Fact>
    )}
    {issuer.revokedAt !== null && (
      <Fact name="Revoked">
        <Status state="bad">
          <Time at={issuer.revokedAt} />, by a list of its root: it signs nothing more. Replace what it has signed.
        </Status>
      </Fact>
    )}
    {issuer.keyChange !== null && (
      <Fact name="Account key">
        <Status state={keyChangeMarks[issuer.keyChange.state].mark}>
          {keyChangeMarks[issuer.keyChange.state].words} <Time at={issuer.keyChange.at} />
          {issuer.keyChange.state !== 'changed' && `: ${issuer.keyChange.reason}`}
        </Status>
      </Fact>
    )}
    {issuer.urgency !== 'none' && (
      <Fact name="Ends">
        <Status state={urgencyMarks[issuer.urgency]}>
          {issuer.urgency === 'outage' ? 'It has ended' : <Time at={issuer.chain[0]?.notAfter ?? ''} />}, and no other one may sign for the
          same names for longer.
        </Status>
      </Fact>
    )}
    {issuer.connection === null ? <MadeHere issuer={issuer} /> : <Connected connection={issuer.connection} />}
    <Fact name="Only for">
      {issuer.permittedSuffixes.length === 0
        ? 'any name'
        : issuer.permittedSuffixes.map((suffix) => (
            <span key={suffix} className="name block text-xs">
              {suffix}
            </span>
          ))}
    </Fact>
    {issuer.revocation && !issuer.withdrawn && <Revocations issuer={issuer} revocation={issuer.revocation} />}
  </Facts>
);

const freshnessMarks = { fresh: 'ok', late: 'wait', expired: 'bad' } as const satisfies Record<string, MarkState>;
const freshnessWords = {
  fresh: 'Signed anew in time',
  late: 'Not signed anew in time: look in the log of the workers',
  expired: 'Out of date: whoever checks a certificate refuses it, or does not see that it is revoked',
} as const;

function Ends({ at }: { at: string }) {
  const over = Date.parse(at) <= useNow();
  return (
    <>
      {over ? 'ended' : 'ends'} <Time at={at} />
    </>
  );
}

/** What is published of what it revoked, and until when that holds. */
function Revocations({ issuer, revocation }: { issuer: IssuerRow; revocation: NonNullable<IssuerRow['revocation']> }) {
  const { freshness, listsUntil, responsesUntil, signerUntil } = revocation;
  return (
    <>
      <Fact name="Revocations">
        <Status state={freshnessMarks[freshness]}>{freshnessWords[freshness]}</Status>
      </Fact>
      <Fact name="CRLs">
        {listsUntil === null ? (
          'none yet'
        ) : (
          <>
            the first <Ends at={listsUntil} />
            <span className="block text-ink-3 text-xs">the complete one has number {issuer.crlNumber}</span>
          </>
        )}
      </Fact>
      {issuer.profile.days !== null && issuer.profile.days > 0 && (
        <Fact name="OCSP">
          {responsesUntil === null ? (
            'no certificate to answer for'
          ) : (
            <>
              the first response <Ends at={responsesUntil} />
            </>
          )}
          {signerUntil && (
            <span className="block text-ink-3 text-xs">
              their signer <Ends at={signerUntil} />
            </span>
          )}
        </Fact>
      )}
    </>
  );
}

const MadeHere = ({ issuer: { kind, profile, keyHere, keyToken } }: { issuer: IssuerRow }) => (
  <>
    <Fact name="Kind">{kind}</Fact>
    <Fact name="Key">{keyHere ? whereKept({ keyToken }) : 'kept elsewhere'}</Fact>
    {profile.days !== null && profile.days > 0 && (
      <Fact name="Profile">
        {profile.name}, {plural(profile.days, 'day')}
      </Fact>
    )}
    {profile.keyAlgorithms.length > 0 && <Fact name="Keys">{listed(profile.keyAlgorithms.map(keyWords))}</Fact>}
  </>
);

/** How long its certificates are valid and which keys it takes, is the CA's own. */
function Connected({ connection: { kind, settings } }: { connection: NonNullable<IssuerRow['connection']> }) {
  const described = useKinds().find((each) => each.kind === kind);
  return (
    <>
      <Fact name="Kind">{described?.label ?? kind}</Fact>
      {described &&
        settingFacts(settingRows(described), settings).map(({ title, value, beside }) => (
          <Fact key={title} name={title} mono>
            {value} {beside && <span className="text-ink-3">{beside}</span>}
          </Fact>
        ))}
    </>
  );
}
