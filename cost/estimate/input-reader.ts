import { NotPriced } from "./not-priced.ts";
import { isUnknownValue } from "./unknown-value.ts";

/**
 * Reads inputs by path (`nodeConfig.machineType`, `profiles[0].count`). Returns undefined for a missing value. Throws NotPriced
 * for a value that is unknown, secret or of another type.
 */
export class InputReader {
  private readonly inputs: unknown;

  constructor(inputs: unknown) {
    this.inputs = inputs;
  }

  string(path: string): string | undefined {
    const value = this.at(path);
    if (value === undefined || typeof value === "string") return value;
    throw new NotPriced("unknown value", `${path} is not a string`);
  }

  /** Returns a string. Throws NotPriced if it is missing or empty. */
  required(path: string): string {
    const value = this.string(path);
    if (value === undefined || value === "") throw new NotPriced("unknown value", `${path} is not set`);
    return value;
  }

  /** Returns a number of at least 0. A string of digits counts too, because Pulumi sends some numbers as strings. */
  number(path: string): number | undefined {
    const value = this.at(path);
    if (value === undefined) return undefined;
    const number = typeof value === "string" && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
    if (typeof number === "number" && Number.isFinite(number) && number >= 0) return number;
    throw new NotPriced("unknown value", `${path} is not a number of at least 0`);
  }

  boolean(path: string): boolean | undefined {
    const value = this.at(path);
    if (value === undefined || typeof value === "boolean") return value;
    throw new NotPriced("unknown value", `${path} is not true or false`);
  }

  /** Returns a reader for each element; the elements may be unknown. */
  list(path: string): InputReader[] {
    const value = this.at(path);
    if (value === undefined) return [];
    if (Array.isArray(value)) return value.map((element) => new InputReader(element));
    throw new NotPriced("unknown value", `${path} is not a list`);
  }

  /** Returns a reader for a nested object; an empty reader if there is none. */
  nested(path: string): InputReader {
    return new InputReader(this.at(path));
  }

  /** Returns all fields of an object; none if there is no such object. */
  record(path: string): Readonly<Record<string, unknown>> {
    const value = this.at(path);
    if (value === undefined) return {};
    if (typeof value === "object" && !Array.isArray(value)) return value as Record<string, unknown>;
    throw new NotPriced("unknown value", `${path} is not an object`);
  }

  /** Returns a known value; undefined if it is missing, secret or known only after the deployment. */
  known(path: string): unknown {
    try {
      return this.at(path);
    } catch (error) {
      if (error instanceof NotPriced) return undefined;
      throw error;
    }
  }

  has(path: string): boolean {
    return this.at(path) !== undefined;
  }

  private at(path: string): unknown {
    let value = this.inputs;
    for (const key of path.split(/\.|\[|\]\.?/).filter((part) => part !== "")) {
      value = known(value, path);
      if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
      value = (value as Record<string, unknown>)[key];
    }
    return known(value, path) ?? undefined;
  }
}

/** Returns the value. Throws NotPriced if it is unknown or secret. */
function known(value: unknown, path: string): unknown {
  if (isUnknownValue(value))
    throw new NotPriced("unknown value", `${path} is known only after the deployment`);
  if (value === "[secret]") throw new NotPriced("unknown value", `${path} is secret`);
  return value;
}
