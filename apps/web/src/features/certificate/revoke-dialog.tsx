'use client';
// Revocation by hand: what follows from it is said first, since nobody can take it back.
import type { Certificate } from '@hostmaster/core/contract/certificate';
import { type RevocationReason, revocationReasonWords } from '@hostmaster/core/pki/issuer';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Field } from '@/components/ui/field';
import { DialogForm, FormDialog } from '@/components/ui/form-dialog';
import { Textarea } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import { refusalProblems } from '@/lib/field-problems';
import { useTRPC } from '@/lib/trpc';
import { useKeptText } from '@/lib/use-draft';
import { revocationFollows, whereItIs } from './revocation-words';

const reasons = Object.keys(revocationReasonWords) as RevocationReason[];
const options = reasons.map((value) => ({ value, label: revocationReasonWords[value], note: value }));

export function RevokeDialog({ certificate }: { certificate: Certificate }) {
  return (
    <FormDialog
      wide
      trigger={<Button look="danger">Revoke…</Button>}
      title={`Revoke the certificate of ${certificate.names[0] ?? certificate.serial}?`}
      description={whereItIs(certificate)}
    >
      {(close) => <Revoke certificate={certificate} done={close} />}
    </FormDialog>
  );
}

function Revoke({ certificate, done }: { certificate: Certificate; done: () => void }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [reason, setReason] = useState<RevocationReason | ''>('');
  const [comment, setComment, sent] = useKeptText(`revoke ${certificate.id}`);
  const revoke = useMutation(
    trpc.certificates.revoke.mutationOptions({
      onSuccess: () => {
        sent();
        void queries.invalidateQueries(trpc.certificates.pathFilter());
        void queries.invalidateQueries(trpc.endpoints.pathFilter());
        done();
      },
    }),
  );
  const values = { serial: certificate.serial, reason: reason || 'unspecified', comment: comment.trim() } as const;
  const { at, rest } = refusalProblems(['reason', 'comment'], { error: revoke.error, sent: revoke.variables, values });
  return (
    <DialogForm
      onSubmit={() => revoke.mutate(values)}
      refused={rest}
      submit="Revoke the certificate"
      busy={revoke.isPending && 'Asking…'}
      danger
      keep="Keep it"
      disabled={reason === '' || values.comment === ''}
    >
      <Field label="Reason" problems={at('reason')} hint="Stands in the list of revoked certificates, for everybody to read.">
        {(props) => (
          <Select
            {...props}
            value={reason}
            onChange={(value) => setReason(value as RevocationReason)}
            options={options}
            placeholder="Choose a reason"
          />
        )}
      </Field>
      <Field label="What happened" problems={at('comment')} hint="Shown on the page of the certificate, and kept in the audit trail.">
        {(props) => <Textarea {...props} value={comment} onChange={(event) => setComment(event.target.value)} maxLength={500} />}
      </Field>
      <Callout state="wait" title="A revocation cannot be taken back.">
        {revocationFollows(certificate, reason === 'keyCompromise').join(' ')}
      </Callout>
    </DialogForm>
  );
}
