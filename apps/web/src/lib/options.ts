/** The choices of a form or a filter: every value that the contract has, in its order, each with its word. */
export const optionsOf = <Value extends string>(values: readonly Value[], words: Readonly<Record<Value, string>>) =>
  values.map((value) => ({ value, label: words[value] }));
