'use client';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { FieldValues, UseFormReturn } from 'react-hook-form';
import { useMe } from '@/features/account/use-me';
import { forgetDraft, forgetDrafts, keepDraft, keptDraft } from './draft';

/**
 * Keeps what is typed into a form until it is sent. `restored` says that the form was filled from what was typed before;
 * `sent` forgets it for good, `anew` brings the form back to where it began.
 * @param form its name among the forms of the portal, with the thing that it is about
 * @param secrets fields that are never kept
 */
export function useDraft<Values extends FieldValues>(
  { getValues, reset, watch }: UseFormReturn<Values>,
  form: string,
  secrets: readonly (keyof Values & string)[] = [],
) {
  const person = useMe().id;
  const [begun] = useState(() => getValues());
  const [restored, setRestored] = useState(false);
  const over = useRef(false);
  // One of the form's own, so that what is kept of it does not change while it is shown.
  const [unkept] = useState(secrets);
  useEffect(() => {
    const place = { person, form };
    forgetDrafts(sessionStorage, person);
    const kept = keptDraft(sessionStorage, place, begun, getValues());
    if (kept !== null) {
      reset({ ...begun, ...kept } as Values, { keepDefaultValues: true });
      setRestored(true);
    }
    const typing = watch((values) => {
      if (!over.current) keepDraft(sessionStorage, place, begun, values, unkept);
    });
    return () => typing.unsubscribe();
  }, [person, form, begun, unkept, getValues, reset, watch]);
  const sent = useCallback(() => {
    over.current = true;
    forgetDraft(sessionStorage, { person, form });
  }, [person, form]);
  const anew = useCallback(() => {
    reset(begun);
    forgetDraft(sessionStorage, { person, form });
    setRestored(false);
  }, [person, form, begun, reset]);
  return { restored, sent, anew };
}

const noText = { text: '' };

/** One text of a box or a dialog, kept as the draft of a form is: the text, how it is typed, and how it is forgotten once it was sent. */
export function useKeptText(form: string): readonly [text: string, type: (text: string) => void, sent: () => void] {
  const person = useMe().id;
  const [text, setText] = useState('');
  useEffect(() => {
    forgetDrafts(sessionStorage, person);
    const kept = keptDraft(sessionStorage, { person, form }, noText, noText)?.text;
    // What is typed first wins.
    if (typeof kept === 'string') setText((now) => now || kept);
  }, [person, form]);
  const type = useCallback(
    (typed: string) => {
      setText(typed);
      keepDraft(sessionStorage, { person, form }, noText, { text: typed }, []);
    },
    [person, form],
  );
  const sent = useCallback(() => forgetDraft(sessionStorage, { person, form }), [person, form]);
  return [text, type, sent];
}
