'use client';
import { type ComponentProps, type FormEvent, useEffect, useRef } from 'react';
import { useAlive } from '@/lib/use-alive';

type Props = Omit<ComponentProps<'form'>, 'ref'> & {
  /** While it is sent. Where it comes back, the first field on the page that says what is wrong is where to go on. */
  sending: boolean;
};

const doublePressMilliseconds = 500;

/**
 * A form that the portal itself sends. Until the page has come to life nothing can be typed into it: it would be lost when the
 * fields are filled with what they start with. Should it be sent then all the same, what it holds does not go into the address.
 */
export function Form({ sending, onSubmit, ...props }: Props) {
  const element = useRef<HTMLFormElement>(null);
  const sent = useRef(false);
  const pressed = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    if (!sending && sent.current) {
      // What was sent has come back, however fast: the next press is another one.
      pressed.current = Number.NEGATIVE_INFINITY;
      element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
    }
    sent.current = sending;
  }, [sending]);
  const submitOnce = (event: FormEvent<HTMLFormElement>) => {
    // A double press comes before the page knows that the first is on its way.
    if (sending || event.timeStamp - pressed.current < doublePressMilliseconds) return event.preventDefault();
    pressed.current = event.timeStamp;
    onSubmit?.(event);
  };
  const changed = () => {
    pressed.current = Number.NEGATIVE_INFINITY;
  };
  return <form ref={element} method="post" noValidate inert={!useAlive()} onInput={changed} onSubmit={submitOnce} {...props} />;
}
