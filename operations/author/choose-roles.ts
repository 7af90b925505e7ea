import type { Strength } from "./column-strength.ts";
import { MOST_CATEGORIES, type ColumnProfile, type TableProfile } from "./profile-table.ts";

/** What a column becomes in the definition. */
export type Role =
  | { kind: "label" | "key" | "time" | "group" | "numeric" | "categorical" }
  | { kind: "left out"; why: string };

export interface ChosenRoles {
  roles: ReadonlyMap<string, Role>;
  /** Columns that identify a row. Empty where there is none. */
  key: readonly string[];
}

export interface RoleOptions {
  target: string;
  time?: string | undefined;
  group?: string | undefined;
  /** @default - the first column that looks like an id and whose values are unique */
  key?: readonly string[] | undefined;
  strengths: ReadonlyMap<string, Strength>;
}

const ID_NAME =
  /^(id|uuid|guid|key|index|rowid|row_?number)$|[_\s-](id|uuid|guid|key)$|[a-z](Id|ID|Uuid|UUID)$|^(id|ID)[_A-Z]/i;
/** Share of different values from which a text is no category. */
const MANY = 0.5;

/** Decides what each column becomes. What is not a feature for sure is left out, with the reason: a person may put it back. */
export function chooseRoles(profile: TableProfile, options: RoleOptions): ChosenRoles {
  const { target, time, group, strengths } = options;
  const taken = [target, time, group];
  const key =
    options.key ??
    profile.columns
      .filter(({ name }) => !taken.includes(name))
      .filter((column) => isUnique(column, profile.rows) && looksLikeId(column, profile.rows))
      .map(({ name }) => name)
      .slice(0, 1);
  const roles = new Map<string, Role>();
  for (const column of profile.columns) {
    const { name } = column;
    const role = (): Role => {
      if (name === target) return { kind: "label" };
      if (name === time) return { kind: "time" };
      if (name === group) return { kind: "group" };
      if (key.length === 1 && key.includes(name)) return { kind: "key" };
      const role = featureRole(column, profile.rows, strengths.get(name));
      // Some columns of a key, such as a carrier, are features as well.
      return role.kind === "left out" && key.includes(name) ? { kind: "key" } : role;
    };
    roles.set(name, role());
  }
  return { roles, key };
}

function featureRole(column: ColumnProfile, rows: number, strength: Strength | undefined): Role {
  const { name, type, distinct, missing } = column;
  const out = (why: string): Role => ({ kind: "left out", why });
  const present = rows - missing;
  if (distinct === 0) return out("no row has a value");
  if (strength?.leaks === true)
    return out(`gives the label away: alone it has ${strength.measure} ${shown(strength.value)}`);
  if (distinct === 1 && missing === 0) return out("one value in all rows");
  if (type === "DATE" || type === "TIMESTAMP") return out("a time");
  if (isUnique(column, rows) && looksLikeId(column, rows)) return out("an id: another value in every row");
  if (ID_NAME.test(name) && distinct > 20) return out(`an id by its name, with ${count(distinct)} values`);
  if (type === "BIGINT" || type === "DOUBLE") return { kind: "numeric" };
  if (distinct > MANY * present && distinct > 20)
    return out(`a text with ${count(distinct)} different values in ${count(present)} rows`);
  if (distinct > MOST_CATEGORIES) return out(`${count(distinct)} different values, too many for a category`);
  return { kind: "categorical" };
}

function isUnique({ distinct, missing }: ColumnProfile, rows: number): boolean {
  return rows > 1 && missing === 0 && distinct === rows;
}

/** A unique number is an id by its name, or if it counts the rows; a unique text is one in any case. */
function looksLikeId({ name, type, min, max, distinct }: ColumnProfile, rows: number): boolean {
  if (type === "VARCHAR") return rows > 20;
  return (
    type === "BIGINT" && (ID_NAME.test(name) || (rows > 20 && Number(max) - Number(min) === distinct - 1))
  );
}

/** Cuts a share to three digits: 0.9996 must not read as 1. */
export function shown(share: number): string {
  return (Math.floor(share * 1000) / 1000).toFixed(3);
}

export function count(number: number): string {
  return number.toLocaleString("en-US");
}
