import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

/** The root of the project. */
export const root = resolve(import.meta.dirname, "../..");
/** The folder of the workflows. */
export const folder = join(root, ".github", "workflows");

const stepSchema = z.looseObject({
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
});
type Step = z.infer<typeof stepSchema>;
const permissionsSchema = z.record(z.string(), z.string());
const workflowSchema = z.looseObject({
  on: z.record(z.string(), z.unknown()),
  permissions: permissionsSchema,
  jobs: z.record(
    z.string(),
    z.looseObject({
      "timeout-minutes": z.int(),
      permissions: permissionsSchema.optional(),
      steps: z.array(stepSchema),
    }),
  ),
});
/** Names of the files in the folder of the workflows. */
export const files = readdirSync(folder).filter((name) => name.endsWith(".yml"));
/** The workflows, each with the text of its file. */
export const workflows = files.map((file) => {
  const text = readFileSync(join(folder, file), "utf8");
  return { file, text, ...workflowSchema.parse(parse(text)) };
});
type Workflow = (typeof workflows)[number];

/** Returns the steps of all jobs of a workflow. */
export const stepsOf = (workflow: Workflow): Step[] =>
  Object.values(workflow.jobs).flatMap(({ steps }) => steps);

/** Returns the workflow in a file. */
export function workflowIn(file: string): Workflow {
  const workflow = workflows.find((candidate) => candidate.file === file);
  if (workflow === undefined) throw new Error(`no workflow ${file}`);
  return workflow;
}
