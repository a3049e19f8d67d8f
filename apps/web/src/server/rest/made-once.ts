/** What is dear to make and the same for everybody: made at the first call, and given to every later one. */
export function madeOnce<T>(make: (publicUrl: string) => T): (publicUrl: string) => T {
  const made = new Map<string, T>();
  return (publicUrl) => {
    const known = made.get(publicUrl);
    if (known !== undefined) return known;
    const thing = make(publicUrl);
    made.set(publicUrl, thing);
    return thing;
  };
}
