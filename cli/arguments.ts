import { parseArgs } from "node:util";
import { z } from "zod";

/** Every flag of every command. */
const OPTIONS = {
  stack: { type: "string", default: "dev" },
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

const flagsSchema = z.strictObject({
  stack: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, "must be a stack's name, such as dev"),
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
  if (parsed.success) return parsed.data;
  throw new Error(
    parsed.error.issues.map(({ path, message }) => `--${path.join(".")}: ${message}`).join("; "),
  );
}
