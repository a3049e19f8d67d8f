'use client';
// What an issuer is: where it is, or what its own certificate and list say where it is made here.
import type { IssuerRow } from '@hostmaster/core/contract/issuer';
import { Fact, Facts } from '@/components/ui/card';
import { Status } from '@/components/ui/mark';
import { Time } from '@/components/ui/time';
import { urgencyMarks } from '@/features/certificate/urgency';
import { settingFacts, settingRows } from '@/features/connection/settings-fields';
import { keyWords, listed, plural } from '@/lib/format/text';
import { useKinds } from './use-kinds';

export const IssuerFacts = ({ issuer }: { issuer: IssuerRow }) => (
  <Facts className="content-start">
    {issuer.stoppedAt !== null && (
      <Fact name="Stopped">
        <Status state="none">
          <Time at={issuer.stoppedAt} />: it signs nothing more.
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
    {issuer.connection === null && (
      <Fact name="Revocations">
        list {issuer.crlNumber}
        {issuer.crlNextUpdate && (
          <>
            , next <Time at={issuer.crlNextUpdate} />
          </>
        )}
      </Fact>
    )}
  </Facts>
);

const MadeHere = ({ issuer: { kind, profile } }: { issuer: IssuerRow }) => (
  <>
    <Fact name="Kind">{kind}</Fact>
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
