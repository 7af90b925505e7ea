/**
 * Returns the known name that has `name` between its hyphens, as `nvidia-l4` has `l4`; or that is within two typing errors of it, or starts
 * with it; undefined if there is none.
 */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  const lower = name.toLowerCase();
  const candidates = [...known].map((candidate) => ({
    candidate,
    distance: editDistance(lower, candidate.toLowerCase()),
  }));
  const whole = candidates.find(
    ({ candidate, distance }) => distance > 0 && hasParts(candidate.toLowerCase(), lower),
  );
  if (whole !== undefined && candidates.every(({ distance }) => distance > 0)) return whole.candidate;
  const [best] = candidates.filter(({ distance }) => distance <= 2).sort((a, b) => a.distance - b.distance);
  return best?.candidate ?? candidates.find(({ candidate }) => isPrefix(lower, candidate))?.candidate;
}

/** Whether a name is some of the parts of another between its hyphens. */
const hasParts = (candidate: string, name: string): boolean =>
  name.length >= 2 && `-${candidate}-`.includes(`-${name}-`);

/** Whether a name is a prefix, as `memory` is of `memoryMib`. One or two letters do not count: they match too many names. */
const isPrefix = (name: string, candidate: string): boolean =>
  name.length >= 3 && candidate.toLowerCase().startsWith(name);

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(
        (row[j] ?? 0) + 1,
        (next[j - 1] ?? 0) + 1,
        (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
      );
    row = next;
  }
  return row[b.length] ?? 0;
}
