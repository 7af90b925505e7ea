import { parseArgs } from "node:util";
import { z } from "zod";

/** Every flag of every command. */
const OPTIONS = {
  stack: { type: "string" },
  all: { type: "boolean", default: false },
  base: { type: "string" },
  markdown: { type: "boolean", default: false },
  out: { type: "string" },
  summary: { type: "string" },
  offline: { type: "boolean", default: false },
  service: { type: "string" },
  digest: { type: "string" },
  canary: { type: "boolean", default: false },
  file: { type: "string" },
  workload: { type: "string" },
  dataset: { type: "string" },
  context: { type: "string" },
  registry: { type: "string" },
  model: { type: "string" },
  month: { type: "string", default: "9" },
  rows: { type: "string", default: "2000" },
  environment: { type: "string", default: "production" },
  purge: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  unit: { type: "boolean", default: false },
} as const;

const path = z.string().min(1, "must be the path of a file");

const flagsSchema = z.strictObject({
  stack: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/, "must be a stack's name, such as dev")
    .default("dev"),
  /** Every stack; so it is with `base` and no stack. */
  all: z.boolean(),
  base: z
    .string()
    .regex(/^[^-\s][^\s]*$/, "must be a branch, a tag or a commit")
    .optional(),
  markdown: z.boolean(),
  out: path.optional(),
  summary: path.optional(),
  offline: z.boolean(),
  service: z
    .string()
    .regex(/^[a-z0-9-]+\/[a-z0-9-]+$/, "must be ENVIRONMENT/SERVICE, such as production/pushback")
    .optional(),
  digest: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/, "must be sha256: and 64 hexadecimal digits")
    .optional(),
  canary: z.boolean(),
  file: path.optional(),
  workload: z.string().optional(),
  dataset: path.optional(),
  context: z.string().optional(),
  registry: z.string().optional(),
  model: z.string().optional(),
  month: z.coerce.number().int().min(1).max(12),
  rows: z.coerce.number().int().min(1),
  environment: z.string(),
  purge: z.boolean(),
  json: z.boolean(),
  unit: z.boolean(),
});
export type Flags = z.infer<typeof flagsSchema>;

/** Parses what stands after the command. Throws an error that names the flag and the rule. */
export function parseFlags(args: readonly string[]): Flags {
  const { values } = parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: false });
  const parsed = flagsSchema.safeParse(values);
  if (parsed.success) {
    const { all, base } = parsed.data;
    return { ...parsed.data, all: all || (base !== undefined && values.stack === undefined) };
  }
  throw new Error(
    parsed.error.issues.map(({ path, message }) => `--${path.join(".")}: ${message}`).join("; "),
  );
}
