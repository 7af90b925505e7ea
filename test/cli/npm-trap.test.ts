import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../cli/commands.ts";
import { npmTrap } from "../../cli/npm-trap.ts";

const trap = (name: string, args: string[], env: Record<string, string>): string | undefined =>
  npmTrap(name, COMMANDS[name]!, args, { npm_lifecycle_event: name, ...env }, COMMANDS);

const digest = `sha256:${"a".repeat(64)}`;

describe("npmTrap", () => {
  it.each([
    // npm run replay --model x
    ["replay", ["x"], { npm_config_model: "true" }, /npm run replay -- --model x$/],
    // npm run replay --model=x
    [
      "replay",
      [],
      { npm_config_model: "x" },
      /npm took --model for a flag of its own.*npm run replay -- --model x$/,
    ],
    ["down", [], { npm_config_purge: "true" }, /npm run down -- --purge$/],
    ["status", [], { npm_config_json: "true" }, /npm run status -- --json$/],
    [
      "pin",
      ["prod", "production/pushback", digest],
      { npm_config_stack: "true", npm_config_service: "true", npm_config_digest: "true" },
      new RegExp(`npm run pin -- --stack prod --service production/pushback --digest ${digest}$`),
    ],
    // The flags may come in any order, and npm may take some of them whole.
    [
      "pin",
      [digest, "prod"],
      { npm_config_stack: "true", npm_config_service: "production/pushback", npm_config_digest: "true" },
      new RegExp(`npm run pin -- --stack prod --service production/pushback --digest ${digest}$`),
    ],
    // Both words could be the stack.
    [
      "replay",
      ["prod", "pushback"],
      { npm_config_stack: "true", npm_config_model: "true" },
      /npm run replay -- (--stack NAME --model NAME|--model NAME --stack NAME)$/,
    ],
    // One value is not there.
    [
      "pin",
      ["prod"],
      { npm_config_stack: "true", npm_config_service: "true" },
      /npm run pin -- --stack NAME --service ENVIRONMENT\/SERVICE$/,
    ],
    // A flag of another command: the command that the line leads to refuses it.
    ["up", [], { npm_config_purge: "true" }, /npm run up -- --purge$/],
    ["up", ["9"], { npm_config_rows: "true" }, /npm run up -- --rows 9$/],
  ])("tells how to write %s %j", (name, args, env, message) => {
    expect(trap(name, args, env)).toMatch(message);
  });

  it.each([
    ["nothing was swallowed", "replay", {}],
    [
      "a registry of npm is set, as on a machine with a mirror",
      "up",
      { npm_config_registry: "https://mirror" },
    ],
    ["npm is offline", "preview", { npm_config_offline: "true" }],
    ["npm itself has a switch of that name", "up", { npm_config_json: "true" }],
    ["another npm script runs the command", "up", { npm_lifecycle_event: "ci", npm_config_purge: "true" }],
  ])("is silent where %s", (_title, name, env) => {
    expect(trap(name, [], env)).toBeUndefined();
  });
});
