// What every table of states can do: say what follows, refuse what cannot, name the states that an event starts from (for a
// compare-and-set), and draw itself for the documentation.
import { HostmasterError } from './errors.ts';

/** state × event → state; what is not listed cannot happen. */
export type Transitions<S extends string, E extends string> = Readonly<Record<S, Readonly<Partial<Record<E, S>>>>>;

/** An event seen from where it leads: every state that it starts from, by the state that follows. */
export type Move<S extends string> = { readonly from: readonly S[]; readonly to: S };

export type StateMachine<S extends string, E extends string> = {
  /** In words, for messages: "request". */
  readonly subject: string;
  readonly states: readonly S[];
  /** States that something can begin in, with how. */
  readonly beginnings: readonly { readonly state: S; readonly how?: string }[];
  /** The state that follows, or null where the event cannot happen in this state. */
  next(state: S, event: E): S | null;
  /** The state that follows. Errors: conflict where the event cannot happen. */
  advance(state: S, event: E): S;
  moves(event: E): readonly Move<S>[];
  /** Whether nothing can follow any more. */
  isFinal(state: S): boolean;
  /** The table as a Mermaid state diagram. */
  diagram(): string;
};

/** @param definition `states` and `events` in the order in which the diagram lists them */
export function stateMachine<const S extends string, const E extends string>(definition: {
  readonly subject: string;
  readonly states: readonly S[];
  readonly events: readonly E[];
  /** What the subject then cannot do, in words: "be cancelled". */
  readonly words: Readonly<Record<NoInfer<E>, string>>;
  readonly beginnings: StateMachine<S, E>['beginnings'];
  readonly transitions: Transitions<NoInfer<S>, NoInfer<E>>;
}): StateMachine<S, E> {
  const { subject, states, events, words, beginnings, transitions } = definition;
  const next = (state: S, event: E): S | null => transitions[state][event] ?? null;
  const isFinal = (state: S): boolean => events.every((event) => next(state, event) === null);
  const refusal = (state: S, event: E): string => {
    const is = state.replaceAll('-', ' ');
    if (states.some((from) => next(from, event) === state)) return `This ${subject} is ${is} already.`;
    return `This ${subject} cannot ${words[event]}${isFinal(state) ? ' any more' : ''}: it is ${is}.`;
  };
  return {
    subject,
    states,
    beginnings,
    next,
    isFinal,
    advance(state, event) {
      const following = next(state, event);
      if (following === null) throw new HostmasterError('conflict', refusal(state, event));
      return following;
    },
    moves: (event) =>
      states.flatMap((to) => {
        const from = states.filter((state) => next(state, event) === to);
        return from.length === 0 ? [] : [{ from, to }];
      }),
    diagram() {
      const begins = beginnings.map(({ state, how }) => `  [*] --> ${state}${how === undefined ? '' : `: ${how}`}`);
      const lines = states.flatMap((from) =>
        events.flatMap((event) => {
          const to = next(from, event);
          return to === null ? [] : [`  ${from} --> ${to}: ${event}`];
        }),
      );
      const ends = states.filter(isFinal).map((state) => `  ${state} --> [*]`);
      return ['stateDiagram-v2', ...begins, ...lines, ...ends, ''].join('\n');
    },
  };
}
