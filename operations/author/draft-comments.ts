import type { TableProfile } from "./profile-table.ts";
import type { ChosenRoles } from "./choose-roles.ts";
import type { DraftOptions } from "./draft-workload.ts";
import type { Comments } from "./workload-text.ts";

const LINE = 95;

/** Returns the comments of a draft: what a person should decide, and what was left out. */
export function draftComments(
  profile: TableProfile,
  { roles }: ChosenRoles,
  { task, time }: DraftOptions,
): Comments {
  const leftOut = profile.columns.flatMap(({ name }) => {
    const role = roles.get(name);
    return role?.kind === "left out" ? [`${name} (${role.why})`] : [];
  });
  const times = profile.columns.filter(
    ({ type, name }) => (type === "DATE" || type === "TIMESTAMP") && name !== time,
  );
  return {
    "models.0.request": [
      "Decide: is each value known when the prediction is asked for? One that is known later gives the answer away.",
      ...(leftOut.length === 0 ? [] : wrapped(`Left out: ${leftOut.join(", ")}.`)),
    ],
    "models.0.rows":
      time === undefined && times.length > 0
        ? [
            `Decide: with time: "${times[0]!.name}" the newest rows are for testing. Now rows are split at random.`,
          ]
        : [],
    "models.0.task": task.kind === "binary" ? ["Decide: does this value count as yes?"] : [],
    "models.0.gate": ["Decide: how good must it be? Raise the limit to what npm run try shows."],
  };
}

/** Breaks a text into lines of a comment. */
function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    if (line === undefined || line.length + word.length >= LINE) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  // A table with thousands of columns must not hide the definition.
  return lines.length <= 12 ? lines : [...lines.slice(0, 12), "… and others: see the table of npm run new."];
}
