/** Throws unless `value` is `minimum` or more. `what` names owner and field, such as `fraud: replicas`. */
export function atLeast(minimum: number, value: number, what: string): void {
  if (!(value >= minimum)) throw new Error(`${what} must be at least ${minimum}, got ${value}`);
}

/** Throws unless `value` is between `minimum` and `maximum`, both included. */
export function within(minimum: number, maximum: number, value: number, what: string): void {
  if (!(value >= minimum && value <= maximum))
    throw new Error(`${what} must be between ${minimum} and ${maximum}, got ${value}`);
}

/** Throws unless `value` is greater than `bound`. */
export function over(bound: number, value: number, what: string): void {
  if (!(value > bound)) throw new Error(`${what} must be over ${bound}, got ${value}`);
}
