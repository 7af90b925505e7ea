import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
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
    const { values, secretKeys } = await configOf(`config:
  shop:password:
    secure: ${plainCrypter.encrypt("hunter2")}
  shop:deep: { list: [{ secure: "${plainCrypter.encrypt("x")}" }, 1] }
`);
    expect(values).toEqual({ "shop:password": "hunter2", "shop:deep": '{"list":["x",1]}' });
    expect(secretKeys).toEqual(["shop:password", "shop:deep"]);
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
    };
    expect(packageConfig(config, "kubernetes")).toEqual([{ key: "context", value: "kind", secret: true }]);
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
