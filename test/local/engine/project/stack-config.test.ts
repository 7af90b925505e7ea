import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { checkDeclaredConfig } from "../../../../local/engine/project/declared-config.ts";
import { loadProject, splitArguments } from "../../../../local/engine/project/project.ts";
import {
  loadStackFile,
  packageConfig,
  resolveConfig,
} from "../../../../local/engine/project/stack-config.ts";
import type { StackConfig } from "../../../../local/engine/project/stack-config.ts";
import { openCrypter } from "../../../../local/engine/state/passphrase.ts";
import { plainCrypter, temporaryFolder } from "../scripted-run.ts";

function folderWith(files: Record<string, string>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  return folder;
}

async function configOf(
  stackYaml: string,
  projectYaml = "name: shop\nruntime: nodejs\n",
): Promise<StackConfig> {
  const project = await loadProject(folderWith({ "Pulumi.yaml": projectYaml, "Pulumi.dev.yaml": stackYaml }));
  return resolveConfig(project, await loadStackFile(project, "dev"), {}, (text) =>
    plainCrypter.decrypt(text),
  );
}

describe("a stack's config", () => {
  it("reaches the program as text, objects and lists as JSON, under its namespace", async () => {
    const { values, secretKeys } = await configOf(`config:
  shop:text: hello
  shop:number: 5
  shop:yes: true
  shop:object: { a: [1, x] }
  other:config:old: form
  plain: key
  kubernetes:context: kind
`);
    expect(values).toEqual({
      "shop:text": "hello",
      "shop:number": "5",
      "shop:yes": "true",
      "shop:object": '{"a":[1,"x"]}',
      "other:old": "form",
      "shop:plain": "key",
      "kubernetes:context": "kind",
    });
    expect(secretKeys).toEqual([]);
  });

  it("opens secure values at any depth and names their keys", async () => {
    const { values, secretKeys, secretTexts } = await configOf(`config:
  shop:password:
    secure: ${plainCrypter.encrypt("hunter2")}
  shop:deep: { list: [{ secure: "${plainCrypter.encrypt("x")}" }, 1] }
`);
    expect(values).toEqual({ "shop:password": "hunter2", "shop:deep": '{"list":["x",1]}' });
    expect(secretKeys).toEqual(["shop:password", "shop:deep"]);
    expect(secretTexts).toEqual(["hunter2", "x"]);
  });

  it("opens what the passphrase of its own encryptionsalt sealed", async () => {
    const crypter = await openCrypter(
      "password",
      "v1:fozI5u6B030=:v1:F+6ZduKKd8G0/V7L:PGMFeIzwobWRKmEAzUdaQHqC5mMRIQ==",
    );
    const sealed = "v1:F+6ZduKKd8G0/V7L:PGMFeIzwobWRKmEAzUdaQHqC5mMRIQ==";
    const project = await loadProject(folderWith({ "Pulumi.yaml": "name: shop\nruntime: nodejs\n" }));
    const file = { salt: crypter.salt, config: { key: { secure: sealed } } };
    expect(resolveConfig(project, file, {}, (text) => crypter.decrypt(text)).values).toEqual({
      "shop:key": "pulumi",
    });
  });

  it("falls back to what Pulumi.yaml declares, and is overridden by what the caller gives", async () => {
    const yaml = `name: shop
runtime: nodejs
config:
  size: { type: integer, default: 3 }
  color: red
  label: { value: fixed }
`;
    const project = await loadProject(
      folderWith({ "Pulumi.yaml": yaml, "Pulumi.dev.yaml": "config: { color: blue }" }),
    );
    const file = await loadStackFile(project, "dev");
    expect(resolveConfig(project, file, { extra: "1", "aws:region": "x" }, String).values).toEqual({
      "shop:size": "3",
      "shop:color": "blue",
      "shop:label": "fixed",
      "shop:extra": "1",
      "aws:region": "x",
    });
  });

  it("of one package is what its default provider gets", () => {
    const config = {
      values: { "kubernetes:context": "kind", "shop:a": "b" },
      secretKeys: ["kubernetes:context"],
      secretTexts: [],
    };
    expect(packageConfig(config, "kubernetes")).toEqual([{ key: "context", value: "kind", secret: true }]);
  });
});

describe("a scalar of the config", () => {
  it.each([
    ["012345678901", "012345678901"],
    ["1234567890123456789", "1234567890123456789"],
    ["12345678901234567890", "12345678901234567890"],
    ["1.50", "1.5"],
    ["0x1F", "31"],
    ["1e3", "1000"],
    ["True", "true"],
    ["yes", "yes"],
    ['"007"', "007"],
    ["2024-01-02", "2024-01-02 00:00:00 +0000 UTC"],
    ["2024-1-2 03:04:05.50", "2024-01-02 03:04:05.5 +0000 UTC"],
    ["2024-01-02T03:04:05+02:00", "2024-01-02 03:04:05 +0200 +0200"],
    ['"2024-01-02"', "2024-01-02"],
    ["2024-13-02", "2024-13-02"],
    ["~", ""],
  ])("that is written %s reaches the program as %s", async (written, text) => {
    expect((await configOf(`config:\n  shop:key: ${written}\n`)).values).toEqual({ "shop:key": text });
  });

  it.each([
    ["[12345678901234567890, 1.50, True, ~]", "[12345678901234567890,1.5,true,null]"],
    ["[2024-01-02]", '["2024-01-02 00:00:00 +0000 UTC"]'],
    ["{ b: { d: 1, c: 2 }, a: [{ z: 1, y: 2 }] }", '{"a":[{"y":2,"z":1}],"b":{"c":2,"d":1}}'],
  ])("inside of %s is the JSON that Go writes, with sorted keys", async (written, text) => {
    expect((await configOf(`config:\n  shop:key: ${written}\n`)).values).toEqual({ "shop:key": text });
  });

  it("follows an alias", async () => {
    const { values } = await configOf("config:\n  shop:a: &a { n: 1 }\n  shop:b: *a\n");
    expect(values["shop:b"]).toBe('{"n":1}');
  });
});

describe("a stack's file", () => {
  it("lies where stackConfigDir says, or config of older projects", async () => {
    for (const key of ["stackConfigDir", "config"]) {
      const folder = folderWith({ "Pulumi.yaml": `name: shop\nruntime: nodejs\n${key}: conf\n` });
      mkdirSync(path.join(folder, "conf"));
      writeFileSync(path.join(folder, "conf/Pulumi.dev.yaml"), "config: { a: 1 }");
      const project = await loadProject(folder);
      expect(resolveConfig(project, await loadStackFile(project, "dev"), {}, String).values).toEqual({
        "shop:a": "1",
      });
    }
  });

  it("may name no environment, which would be left out of the config", async () => {
    await expect(configOf("environment: [prod]\nconfig: { a: 1 }\n")).rejects.toThrow(
      /Pulumi.dev.yaml: environment must be left out: the offline engine cannot open Pulumi ESC environments/,
    );
    expect((await configOf("environment: []\n")).values).toEqual({});
  });
});

describe("config that Pulumi.yaml declares", () => {
  const projectYaml = `name: shop
runtime: nodejs
config:
  needed: { type: string }
  count: { type: integer, default: 1 }
  flag: { type: boolean, default: false }
  zones: { type: array, items: { type: string }, default: [a] }
  token: { type: string, secret: true, default: dummy }
`;
  const check = async (config: string): Promise<void> => {
    const project = await loadProject(folderWith({ "Pulumi.yaml": projectYaml, "Pulumi.dev.yaml": config }));
    const file = await loadStackFile(project, "dev");
    const resolved = resolveConfig(project, file, {}, (text) => plainCrypter.decrypt(text));
    checkDeclaredConfig(project.declaredConfig, resolved, "dev");
  };

  it("is right where each key is there and of its type", async () => {
    await expect(check("config: { needed: x, count: -5, flag: true, zones: [b] }")).resolves.toBeUndefined();
  });

  it.each([
    ["{}", /stack dev: missing configuration value shop:needed: Pulumi.yaml declares it as string/],
    ["{ needed: [1] }", /shop:needed must be of type string.*got "\[1\]"/],
    ["{ needed: x, count: abc }", /shop:count must be of type integer.*got "abc"/],
    ["{ needed: x, count: 1.5 }", /shop:count must be of type integer/],
    ["{ needed: x, flag: maybe }", /shop:flag must be of type boolean/],
    ["{ needed: x, zones: a }", /shop:zones must be of type array/],
    ["{ needed: x, zones: [{ a: 1 }] }", /shop:zones must be a list of string/],
    [
      `{ needed: x, count: { secure: "${plainCrypter.encrypt("hunter2")}" } }`,
      /shop:count must be of type integer.*got another secret value$/,
    ],
  ])("refuses %s", async (config, message) => {
    await expect(check(`config: ${config}`)).rejects.toThrow(message);
  });

  it("is secret by its default where it is declared so, and has to be secure in the stack's file", async () => {
    const project = await loadProject(folderWith({ "Pulumi.yaml": projectYaml }));
    const resolved = resolveConfig(project, { salt: undefined, config: {} }, {}, String);
    expect([resolved.secretKeys, resolved.secretTexts]).toEqual([["shop:token"], ["dummy"]]);
  });
});

describe("a project", () => {
  it("runs where its main is", async () => {
    const folder = folderWith({ "Pulumi.yaml": "name: shop\nruntime: nodejs\nmain: stacks/index.ts\n" });
    mkdirSync(path.join(folder, "stacks"));
    expect(await loadProject(folder)).toMatchObject({
      programDir: path.join(folder, "stacks"),
      entry: "index.ts",
    });
    writeFileSync(path.join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\nmain: stacks\n");
    expect(await loadProject(folder)).toMatchObject({ programDir: path.join(folder, "stacks"), entry: "." });
  });

  it("has to be one for Node", async () => {
    await expect(loadProject(folderWith({ "Pulumi.yaml": "name: shop\nruntime: go\n" }))).rejects.toThrow(
      /runtime must be nodejs/,
    );
    await expect(loadProject(temporaryFolder())).rejects.toThrow(/Pulumi.yaml: not found/);
  });

  it("splits nodeargs as a shell does", () => {
    expect(splitArguments(`--import tsx --title "a b" --x='c d'`)).toEqual([
      "--import",
      "tsx",
      "--title",
      "a b",
      "--x=c d",
    ]);
  });
});
