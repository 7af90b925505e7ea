/** A step of a path; `*` stands for every element of a list. */
export type PathStep = string | number;
export type PropertyPath = PathStep[];

/**
 * Reads a Pulumi property path: `spec.replicas`, `spec.containers[0].image`, `metadata.annotations["a.b/c"]`,
 * `spec.containers[*].image`. Throws on one that is not well formed.
 */
export function parsePath(text: string): PropertyPath {
  const steps: PropertyPath = [];
  const token = /\.?([^.[\]"]+)|\[(\d+|\*)\]|\.?\["((?:[^"\\]|\\.)*)"\]/y;
  while (token.lastIndex < text.length) {
    const start = token.lastIndex;
    const match = token.exec(text);
    if (match === null)
      throw new Error(`cannot read the property path ${JSON.stringify(text)} from character ${start + 1}`);
    const [, plain, index, quoted] = match;
    if (plain !== undefined) steps.push(plain);
    else if (index !== undefined) steps.push(index === "*" ? "*" : Number(index));
    else steps.push((quoted ?? "").replaceAll(/\\(.)/g, "$1"));
  }
  return steps;
}

/** Writes a path as Pulumi's detailed diffs do. */
export function formatPath(path: PropertyPath): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (/[."[\]]/.test(step)) text += `["${step.replaceAll(/["\\]/g, "\\$&")}"]`;
    else text += text === "" ? step : `.${step}`;
  }
  return text;
}

/** Whether `inner` is `outer` or lies below it; `*` in `outer` matches any step. */
export function covers(outer: PropertyPath, inner: PropertyPath): boolean {
  return (
    outer.length <= inner.length &&
    outer.every((step, index) => step === "*" || String(step) === String(inner[index]))
  );
}
