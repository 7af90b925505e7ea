import { newWorkload } from "../../operations/author/new-workload.ts";
import { ROOT } from "../../operations/root.ts";
import type { Task } from "../../runtime/contract/task.ts";
import { asWrongRequest } from "../author/as-wrong-request.ts";
import { renderNewWorkload } from "../author/render-new-workload.ts";

export interface NewFlags {
  name: string;
  from: string;
  target: string;
  time: string | undefined;
  /** Columns with commas between them. */
  key: string | undefined;
  task: string | undefined;
  group: string | undefined;
  serve: boolean;
  stack: string;
}

/** Writes a workload for data, and prints what was found in it. */
export async function newCommand({ key, task, ...flags }: NewFlags): Promise<void> {
  const made = await newWorkload(ROOT, {
    ...flags,
    key: key?.split(",").map((name) => name.trim()),
    task: task as Task["kind"] | undefined,
  }).catch(asWrongRequest);
  console.log(renderNewWorkload(made, flags));
}
