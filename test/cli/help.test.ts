import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../cli/commands.ts";
import { commandHelp, commandList } from "../../cli/help-text.ts";

const root = join(import.meta.dirname, "../..");

describe("help", () => {
  // `cli/bootstrap.mjs` prints this file, so that help needs no package and no compiler.
  it("is what the commands declare; write it with: npx vitest run --project unit test/cli/help.test.ts -u", async () => {
    const help = {
      list: commandList(COMMANDS),
      commands: Object.fromEntries(
        Object.entries(COMMANDS).map(([name, command]) => [name, commandHelp(name, command)]),
      ),
    };
    await expect(`${JSON.stringify(help, null, 2)}\n`).toMatchFileSnapshot(join(root, "cli/help.json"));
  });

  it("knows every npm script and every file of a command", () => {
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    const named = Object.values(scripts).map((script) => script.split(" ")[2] ?? "");
    expect([...new Set(named)].filter((name) => name !== "help").sort()).toEqual(
      Object.keys(COMMANDS).sort(),
    );
    const files = readdirSync(join(root, "cli/commands")).map((file) => file.replace(".ts", ""));
    expect(files.sort()).toEqual(Object.keys(COMMANDS).sort());
  });

  it.each(Object.entries(COMMANDS))(
    "tells of %s what it does, with an example that its own flags allow",
    (name, command) => {
      const text = commandHelp(name, command);
      expect(command.about).toMatch(/^[A-Z].*[^.]$/);
      expect(command.examples.length).toBeGreaterThan(0);
      for (const [key, { about }] of Object.entries(command.flags)) {
        expect(about).not.toBe("");
        expect(text).toContain(key === command.positional ? "NAME" : `-${key}`);
      }
      for (const code of ["0", "1", "2", "130"]) expect(text).toMatch(new RegExp(`^  ${code} +\\w`, "m"));
    },
  );
});
