const irregular: Readonly<Record<string, string>> = { person: 'people' };

/** "1 endpoint", "1,204 endpoints". */
export function plural(count: number, one: string, many = irregular[one] ?? `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** 1204 as "1,204", the same on server and client. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

/** A serial, fingerprint or hash in brief: its first and last characters; short ones stay whole. */
export function brief(value: string, head = 8, tail = 4): string {
  return value.length <= head + tail + 1 ? value : `${value.slice(0, head)}…${tail === 0 ? '' : value.slice(-tail)}`;
}

/** "in-review" as "In review". */
export function words(value: string): string {
  const text = value.replaceAll('-', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** "ecdsa-p256" as "ECDSA P-256", "rsa-2048" as "RSA 2048". */
export function keyWords(algorithm: string): string {
  if (algorithm !== algorithm.toLowerCase()) return algorithm;
  return algorithm
    .toUpperCase()
    .replace('-', ' ')
    .replace(/ P(\d)/, ' P-$1');
}

/** A remark as a sentence: a capital at its begin, a full stop at its end. */
export function sentence(text: string): string {
  const said = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(said) ? said : `${said}.`;
}

/** "a, b and c". */
export function listed(values: readonly string[]): string {
  if (values.length < 2) return values.join('');
  return `${values.slice(0, -1).join(', ')} and ${values.at(-1)}`;
}
