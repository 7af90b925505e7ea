import { NotPriced } from "./not-priced.ts";
import { isUnknownValue } from "./unknown-value.ts";

/**
 * Reads inputs by path (`nodeConfig.machineType`, `profiles[0].count`). What is not there is undefined; what is there
 * and not known yet, secret or of another type is not priced.
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

  /** A string, or not priced. */
  required(path: string): string {
    const value = this.string(path);
    if (value === undefined || value === "") throw new NotPriced("unknown value", `${path} is not set`);
    return value;
  }

  /** At least 0; digits in a string count too, as Pulumi sends some. */
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

  /** A reader for each element; the elements themselves may be unknown. */
  list(path: string): InputReader[] {
    const value = this.at(path);
    if (value === undefined) return [];
    if (Array.isArray(value)) return value.map((element) => new InputReader(element));
    throw new NotPriced("unknown value", `${path} is not a list`);
  }

  /** A reader for an object inside; of nothing where there is none. */
  nested(path: string): InputReader {
    return new InputReader(this.at(path));
  }

  /** The fields of an object, whatever their names; none where there is no such object. */
  record(path: string): Readonly<Record<string, unknown>> {
    const value = this.at(path);
    if (value === undefined) return {};
    if (typeof value === "object" && !Array.isArray(value)) return value as Record<string, unknown>;
    throw new NotPriced("unknown value", `${path} is not an object`);
  }

  /** A value where it is known; undefined where it is missing, secret or known only after the deployment. */
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

function known(value: unknown, path: string): unknown {
  if (isUnknownValue(value))
    throw new NotPriced("unknown value", `${path} is known only after the deployment`);
  if (value === "[secret]") throw new NotPriced("unknown value", `${path} is secret`);
  return value;
}
