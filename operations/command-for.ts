import type { TargetFlags } from "./target.ts";

/** Returns the command that a person types for the same target: `npm run promote -- --stack prod --model pushback`. */
export function commandFor(
  command: string,
  { stack, context, registry }: TargetFlags,
  ...args: string[]
): string {
  const flags = [
    ...(stack === "dev" ? [] : ["--stack", stack]),
    ...(context === undefined ? [] : ["--context", context]),
    ...(registry === undefined ? [] : ["--registry", registry]),
    ...args,
  ];
  return [`npm run ${command}`, ...(flags.length === 0 ? [] : ["--", ...flags])].join(" ");
}
