/** A resource of a small program: the inputs may refer to another resource of it by `ref("name")`. */
export interface Planned {
  name: string;
  type: string;
  inputs: Record<string, unknown>;
  protect?: boolean;
}

/** An output of another resource: its id, which no preview knows. */
export function ref(name: string): { $ref: string } {
  return { $ref: name };
}

/** A program that violates one policy: resources that comply with all, and what is changed in the first of them. */
export interface Violation {
  policy: string;
  /** Resources whose names begin with `name`. The first is the one to blame, unless `blames` says otherwise. */
  good: (name: string) => Planned[];
  /** Path → what stands there instead; undefined takes it away. */
  set?: Record<string, unknown>;
  /** Takes away the option `protect`. */
  unprotect?: true;
  /** Ends of the names of the resources that are left out. */
  without?: string[];
  /** Other inputs for the resource beside, by the end of its name. */
  beside?: Record<string, Record<string, unknown>>;
  /** Paths that the finding depends on, beside those in `set`. */
  reads?: string[];
  config?: Record<string, unknown>;
  /** The finding is about the stack. */
  blames?: "stack";
}

export function bad({ policy, good, set = {}, unprotect, without = [], beside = {} }: Violation): Planned[] {
  const [first, ...rest] = good(policy);
  if (!first) throw new Error(`${policy}: has no resource`);
  const inputs = structuredClone(first.inputs);
  for (const [path, value] of Object.entries(set)) setAt(inputs, path, value);
  const subject = { ...first, inputs, ...(unprotect ? { protect: false } : {}) };
  return [
    subject,
    ...rest
      .filter(({ name }) => !without.some((end) => name.endsWith(end)))
      .map((resource) => {
        const end = Object.keys(beside).find((candidate) => resource.name.endsWith(candidate));
        return end === undefined ? resource : { ...resource, inputs: { ...resource.inputs, ...beside[end] } };
      }),
  ];
}

export function setAt(target: Record<string, unknown>, path: string, value: unknown): void {
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  let map = target;
  for (const key of keys) map = (map[key] ??= {}) as Record<string, unknown>;
  if (value === undefined) delete map[last];
  else map[last] = value;
}
