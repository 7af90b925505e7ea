/**
 * Says how to run a command for a cloud, to a person who has run it for the stack of this machine. Names `prod` if there is such a stack,
 * else the first other one. Returns undefined where there is no other.
 */
export function cloudHint(
  command: "doctor" | "preview",
  { local, stacks }: { local: string; stacks: readonly string[] },
): string | undefined {
  const others = stacks.filter((stack) => stack !== local);
  const named = others.includes("prod") ? "prod" : others[0];
  return named === undefined ? undefined : `for a cloud: npm run ${command} -- --stack ${named}`;
}
