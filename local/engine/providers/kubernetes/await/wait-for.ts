import { isObject, textAt } from "../json-object.ts";
import type { Json, JsonObject } from "../json-object.ts";
import { conditionOf, READY, waiting } from "./verdict.ts";
import type { Verdict } from "./verdict.ts";

export type Requirement = (object: JsonObject) => Verdict;

/**
 * Reads the annotation `pulumi.com/waitFor`: `condition=Type[=Status]`, `jsonpath={.path}[=value]`, or a JSON list of
 * such, all of which must hold. Throws on anything else.
 */
export function parseWaitFor(annotation: string): Requirement {
  const requirements = expressions(annotation).map(parseExpression);
  if (requirements.length === 0) throw new Error("pulumi.com/waitFor: at least one condition must be given");
  return (object) => {
    const open = requirements.map((judge) => judge(object)).find((verdict) => verdict.state !== "ready");
    return open ?? READY;
  };
}

function expressions(annotation: string): string[] {
  if (!annotation.trimStart().startsWith("[")) return [annotation];
  const list = JSON.parse(annotation) as Json;
  return Array.isArray(list) ? list.map(String) : [annotation];
}

function parseExpression(expression: string): Requirement {
  if (expression.startsWith("condition=")) {
    const [type = "", status = "True"] = expression.slice("condition=".length).split("=");
    return (object) => {
      const found = conditionOf(object, type);
      if (found?.status.toLowerCase() === status.toLowerCase()) return READY;
      return waiting(
        `waits for ${type}=${status}, is ${found === undefined ? "absent" : `${found.status} ${found.message}`.trim()}`,
      );
    };
  }
  const match = /^jsonpath=(?:\{(\..*)\}|(\.[^={}]*))(?:=(.*))?$/.exec(expression);
  if (match === null)
    throw new Error(
      `pulumi.com/waitFor: expected "condition=Type" or "jsonpath={.path}=value", got ${JSON.stringify(expression)}`,
    );
  const [, braced, bare, quoted] = match;
  const path = braced ?? bare ?? "";
  const wanted = quoted?.replace(/^(['"])(.*)\1$/, "$2");
  const steps = parseJsonPath(path);
  return (object) => {
    const found = select([object], steps);
    const holds = wanted === undefined ? found.length > 0 : found.some((value) => text(value) === wanted);
    return holds
      ? READY
      : waiting(
          `waits for ${path}${wanted === undefined ? "" : `=${wanted}`}, is ${found.map(text).join(", ") || "absent"}`,
        );
  };
}

type Step = { field: string } | { index: number } | { all: true } | { where: string[]; equals: string };

/** The part of kubectl's JSONPath that readiness needs: fields, indexes, `[*]` and `[?(@.field=="value")]`. */
function parseJsonPath(path: string): Step[] {
  const steps: Step[] = [];
  const token =
    /\.((?:[^.[\\]|\\.)+)|\[(-?\d+)\]|\[\*\]|\.\*|\['([^']*)'\]|\[\?\(@((?:\.[\w-]+)+)\s*==\s*["']([^"']*)["']\)\]/y;
  while (token.lastIndex < path.length) {
    const match = token.exec(path);
    if (match === null)
      throw new Error(`pulumi.com/waitFor: cannot read the JSONPath ${JSON.stringify(path)}`);
    const [, plain, index, quoted, where, equals] = match;
    if (plain !== undefined) steps.push({ field: plain.replaceAll(/\\(.)/g, "$1") });
    else if (index !== undefined) steps.push({ index: Number(index) });
    else if (quoted !== undefined) steps.push({ field: quoted });
    else if (where !== undefined) steps.push({ where: where.slice(1).split("."), equals: equals ?? "" });
    else steps.push({ all: true });
  }
  return steps;
}

function select(values: Json[], steps: readonly Step[]): Json[] {
  return steps.reduce((current, step) => current.flatMap((value) => follow(value, step)), values);
}

function follow(value: Json, step: Step): Json[] {
  if ("field" in step)
    return isObject(value) && value[step.field] !== undefined ? [value[step.field] as Json] : [];
  if ("all" in step) return Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [];
  if (!Array.isArray(value)) return [];
  if ("index" in step) return value.slice(step.index).slice(0, 1);
  return value.filter((item) => textAt(item, ...step.where) === step.equals);
}

function text(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
