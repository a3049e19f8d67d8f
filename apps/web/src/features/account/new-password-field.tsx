'use client';
import { shortestPassword } from '@hostmaster/core/person/new-password';
import { Eye, EyeOff } from 'lucide-react';
import { type ComponentProps, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Field, type FieldProblem } from '@/components/ui/field';
import { Input } from '@/components/ui/input';

/** A password that is chosen here: typed once, and shown on demand instead of typed again. */
export function NewPasswordField({
  problems,
  label = 'New password',
  ...input
}: ComponentProps<'input'> & { problems: readonly FieldProblem[]; label?: string }) {
  const [shown, setShown] = useState(false);
  return (
    <Field
      label={label}
      problems={problems}
      hint={`At least ${shortestPassword} characters. A few words that do not belong together are easy to keep and hard to guess.`}
    >
      {(props) => (
        <span className="relative block">
          <Input
            {...input}
            {...props}
            type={shown ? 'text' : 'password'}
            autoComplete="new-password"
            autoCapitalize="none"
            spellCheck={false}
            className="pr-10"
          />
          <Button
            look="bare"
            size="icon"
            aria-label="Show the password"
            aria-pressed={shown}
            onClick={() => setShown(!shown)}
            className="absolute top-0.5 right-0.5"
          >
            {shown ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
          </Button>
        </span>
      )}
    </Field>
  );
}
