/** Throws unless `value` is `minimum` or more. `field` is the owner and the field, such as `fraud: replicas`. */
export function atLeast(minimum: number, value: number, field: string): void {
  if (!(value >= minimum)) throw new Error(`${field} must be at least ${minimum}, got ${value}`);
}

/** Throws unless `value` is between `minimum` and `maximum`, both included. */
export function within(minimum: number, maximum: number, value: number, field: string): void {
  if (!(value >= minimum && value <= maximum))
    throw new Error(`${field} must be between ${minimum} and ${maximum}, got ${value}`);
}

/** Throws unless `value` is greater than `bound`. */
export function over(bound: number, value: number, field: string): void {
  if (!(value > bound)) throw new Error(`${field} must be over ${bound}, got ${value}`);
}
