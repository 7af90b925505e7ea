import { count, shown, type Role } from "../../operations/author/choose-roles.ts";
import type { NewWorkload } from "../../operations/author/new-workload.ts";
import type { ColumnProfile } from "../../operations/author/profile-table.ts";
import { table } from "../table.ts";

/** Columns that the table shows; a person reads no more. */
const SHOWN_COLUMNS = 60;
const SHOWN_LENGTH = 34;
/** Files above this size are refused by Git hosts. */
const GIT_LIMIT_MB = 100;

/** Renders what `npm run new` found and wrote. */
export function renderNewWorkload(
  made: NewWorkload,
  { name, stack }: { name: string; stack: string },
): string {
  const { profile, chosen, strengths, inferred } = made;
  const rows = profile.columns.slice(0, SHOWN_COLUMNS).map((column) => {
    const strength = strengths.get(column.name);
    return [
      clip(column.name),
      column.type,
      share(column.missing, profile.rows),
      count(column.distinct),
      values(column),
      strength === undefined ? "-" : `${strength.measure} ${shown(strength.value)}`,
      roleWords(chosen.roles.get(column.name)),
    ];
  });
  const more = profile.columns.length - rows.length;
  return [
    `${count(profile.rows)} rows, ${count(profile.columns.length)} columns`,
    "",
    table(["column", "type", "missing", "different", "values", "alone", "becomes"], rows),
    ...(more > 0 ? [`… and ${count(more)} more columns`] : []),
    "",
    ...taskLines(made),
    ...keyLines(made),
    "",
    `Wrote ${made.file} (${made.lines} lines): read its comments, which say what a person should decide.`,
    ...copyLines(made, name),
    ...serviceLines(made),
    "",
    `Next: npm run try -- ${name}     a small model on this machine, in seconds`,
    `      npm run up${stack === "dev" ? "   " : ` -- --stack ${stack}`}          trains, validates and serves it`,
  ].join("\n");

  function taskLines({ profile: { columns } }: NewWorkload): string[] {
    const target = columns.find((column) => chosen.roles.get(column.name)?.kind === "label");
    const labelled = profile.rows - (target?.missing ?? 0);
    const balance = (target?.values ?? [])
      .slice(0, 8)
      .map((each) => `${clip(each.value)} ${share(each.rows, labelled)}`);
    return [
      `Task: ${inferred.task.kind}: ${inferred.reason}`,
      ...(inferred.task.kind === "regression" || balance.length === 0
        ? []
        : [`Balance: ${balance.join(", ")}`]),
      ...(target === undefined || target.missing === 0
        ? []
        : [
            `${count(target.missing)} rows have no ${target.name}: they are used neither for training nor for tests`,
          ]),
    ];
  }
}

function keyLines({ chosen: { key, roles }, profile }: NewWorkload): string[] {
  const leaks = profile.columns.filter(({ name }) => {
    const role = roles.get(name);
    return role?.kind === "left out" && role.why.startsWith("gives the label away");
  });
  return [
    key.length === 0 ? "Key: none: a row is identified by all its values" : `Key: ${key.join(", ")}`,
    ...(leaks.length === 0
      ? []
      : [
          `Leaks: ${leaks.map(({ name }) => name).join(", ")}: left out; put one back only if it is known before the outcome`,
        ]),
  ];
}

function copyLines({ copied }: NewWorkload, name: string): string[] {
  const megabytes = copied / 1e6;
  if (copied === 0) return [`The data is in workloads/${name} already and was not copied.`];
  const size = megabytes < 1 ? `${Math.ceil(copied / 1000)} kB` : `${megabytes.toFixed(1)} MB`;
  return [
    `Copied the data to workloads/${name} (${size}).`,
    ...(megabytes > GIT_LIMIT_MB
      ? [
          `It is large for Git, whose hosts take ${GIT_LIMIT_MB} MB a file: keep it out of Git, or read it from a bucket.`,
        ]
      : []),
  ];
}

function serviceLines({ service, model, file }: NewWorkload): string[] {
  if (service === undefined) {
    const workload = file.split("/")[1];
    return [
      "To serve it, add to the services of an environment in the stack's file:",
      `  ${model}: { workload: ${workload}, model: { follow: challenger } }   # in production: champion`,
    ];
  }
  return [
    ...(service.added.length === 0 ? [] : [`Added ${service.added.join(" and ")} to ${service.file}.`]),
    ...service.notes.map((note) => `Note: ${note}`),
  ];
}

function roleWords(role: Role | undefined): string {
  switch (role?.kind) {
    case "numeric":
    case "categorical":
      return `feature, ${role.kind}`;
    case "left out":
      return `left out: ${role.why}`;
    case undefined:
      return "-";
    default:
      return role?.kind ?? "-";
  }
}

function values({ min, max, values: known, type }: ColumnProfile): string {
  if (min === undefined || max === undefined) return "-";
  if (type === "VARCHAR" && known.length > 0) return clip(known.map(({ value }) => value).join(", "));
  return clip(min === max ? min : `${min} … ${max}`);
}

function share(part: number, whole: number): string {
  if (part === 0) return "-";
  const percent = (100 * part) / whole;
  return percent < 0.1 ? "< 0.1 %" : `${percent.toFixed(1)} %`;
}

function clip(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length <= SHOWN_LENGTH ? line : `${line.slice(0, SHOWN_LENGTH - 1)}…`;
}
