import fc from "fast-check";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { renderFindings } from "../../../cli/doctor/render-findings.ts";
import { cloudCli, type Answer, type CloudCli } from "../../../operations/doctor/cloud-cli.ts";
import { askApiServer } from "../../../operations/doctor/ask-api-server.ts";
import { enough } from "../../../operations/doctor/finding.ts";
import { localMachine } from "../../../operations/doctor/local-machine.ts";
import { CommandFailed } from "../../../local/run-command.ts";
import { pluginFindings } from "../../../operations/doctor/plugins.ts";
import { reachFindings } from "../../../operations/doctor/reach.ts";
import { stackChecks } from "../../../operations/doctor/stack-checks.ts";
import { toolFindings } from "../../../operations/doctor/tools.ts";
import { checkStackFile } from "../../../stacks/config/check-stack-file.ts";
import { lines } from "./fake-cloud-cli.ts";

describe("enough", () => {
  it("is ok only if what is free covers every node of every pool", () => {
    const amount = fc.nat(1000);
    fc.assert(
      fc.property(amount, amount, amount, amount, (limit, inUse, needed, more) => {
        const { state, fix } = enough("x", { limit, inUse, needed, later: needed + more }, "raise it");
        expect(state === "ok").toBe(limit - inUse >= needed + more);
        expect(fix === undefined).toBe(state === "ok");
      }),
    );
  });
});

describe("tools", () => {
  it("are named with their version, or with the way to get them", async () => {
    const run = (program: string): Promise<string> =>
      program === "aws"
        ? Promise.resolve("aws-cli/2.31.1 Python/3.13")
        : Promise.reject(new Error("not there"));
    expect(await toolFindings("eks", run)).toMatchObject([
      { subject: "pulumi", state: "wrong", fix: "https://www.pulumi.com/docs/install/" },
      { subject: "aws", state: "ok", found: "2.31.1" },
    ]);
  });

  it("that are there and fail are not said to be missing", async () => {
    const failing = (output: string, exitCode: number | null) => (program: string) =>
      Promise.reject(new CommandFailed(`${program} version`, exitCode, output));
    const [shim] = await toolFindings("eks", failing("No version is set for command pulumi\n", 126));
    expect(shim?.found).toBe("pulumi version fails: No version is set for command pulumi");
    const [killed] = await toolFindings("eks", failing("", null));
    expect(killed?.found).toBe("pulumi version fails: ended with a signal");
    const cause = Object.assign(new Error("spawn pulumi EACCES"), { code: "EACCES" });
    const [forbidden] = await toolFindings("eks", () =>
      Promise.reject(new Error("cannot start pulumi: spawn pulumi EACCES", { cause })),
    );
    expect(forbidden?.found).toBe("cannot be started: spawn pulumi EACCES");
  });

  it.each([
    ["aws-cli/1.44.9 Python/3.13", "wrong", "1.44.9"],
    ["aws-cli/10.0.0", "ok", "10.0.0"],
    ["a build of our own", "ok", "there"],
  ])("must be new enough: %s is %s", async (version, state, found) => {
    const [, aws] = await toolFindings("eks", () => Promise.resolve(version));
    expect(aws).toMatchObject({ subject: "aws", state, found });
    expect(aws?.fix === undefined).toBe(state === "ok");
  });

  it("that are not on the PATH are an answer, not an exception", async () => {
    const path = process.env["PATH"];
    process.env["PATH"] = "/nonexistent";
    const answer = await cloudCli("gcloud")(["projects", "list"]).finally(() => (process.env["PATH"] = path));
    expect(answer).toEqual({ ok: false, missing: true, reason: "there is no gcloud on the PATH" });
  });
});

describe("plugins of the pulumi CLI", () => {
  const planned = ["aws:ec2/vpc:Vpc", "aws:s3/bucket:Bucket", "random:index/randomPassword:RandomPassword"]
    .concat("pulumi:providers:aws", "slipway:network:Vpc")
    .map((type) => ({ type, name: type, inputs: {}, deployed: false }));
  const versions = async (): Promise<Record<string, string>> => {
    const text = await readFile(new URL("../../../package.json", import.meta.url), "utf8");
    return (JSON.parse(text) as { dependencies: Record<string, string> }).dependencies;
  };
  const installed = (...plugins: [string, string | undefined][]): (() => Promise<string>) => {
    const list = plugins.map(([name, version]) => ({ name, kind: "resource", version }));
    return () => Promise.resolve(JSON.stringify(list));
  };

  it("are those of the planned resources, in the versions of their SDKs", async () => {
    const { "@pulumi/aws": aws, "@pulumi/random": random } = await versions();
    expect(await pluginFindings(planned, installed(["aws", "1.0.0"], ["random", random]))).toEqual([
      {
        subject: "plugins of pulumi",
        state: "unknown",
        found: "not there: aws; up downloads them",
        needed: `aws ${aws}, random ${random}`,
        fix: `pulumi plugin install resource aws ${aws}`,
      },
    ]);
    expect(await pluginFindings(planned, installed(["aws", aws], ["random", random]))).toMatchObject([
      { state: "ok", found: "there" },
    ]);
  });

  it("are not asked for without the CLI, and not known where it answers otherwise", async () => {
    expect(await pluginFindings(planned, () => Promise.reject(new Error("ENOENT")))).toEqual([]);
    for (const text of ["hello", "{}"])
      expect(await pluginFindings(planned, () => Promise.resolve(text))).toMatchObject([
        { state: "unknown", found: "the answer to pulumi plugin ls has another form than expected" },
      ]);
  });
});

describe("the API server of a kubeconfig", () => {
  const kubeconfig = (server: string): string =>
    JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      "current-context": "c",
      contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
      clusters: [{ name: "c", cluster: { server } }],
      users: [{ name: "u", user: {} }],
    });

  it("that nothing listens for does not answer", async () => {
    await expect(askApiServer(kubeconfig("https://127.0.0.1:1"))).rejects.toThrow("ECONNREFUSED");
    await expect(askApiServer("{}")).rejects.toThrow();
  });
});

describe("the command line of a cloud", () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "slipway-cloud-"))));
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const answerOf = async (script: string): Promise<Answer> => {
    await writeFile(join(folder, "aws"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    const path = process.env["PATH"];
    process.env["PATH"] = `${folder}:${path}`;
    return cloudCli("aws")(["sts", "get-caller-identity"]).finally(() => (process.env["PATH"] = path));
  };

  it.each([
    ["echo '{\"a\": 1}'", { ok: true, json: { a: 1 } }],
    ["true", { ok: true, json: {} }],
    [
      "echo hello; echo world",
      { ok: false, missing: false, reason: "aws answered something that is not JSON" },
    ],
    [
      "echo; echo usage: aws; echo; echo An error occurred: AccessDenied >&2; exit 254",
      { ok: false, missing: false, reason: "An error occurred: AccessDenied" },
    ],
    ["exit 3", { ok: false, missing: false, reason: "it failed" }],
    ["printf 'error %01000d' 1; exit 1", { ok: false, missing: false, reason: `error ${"0".repeat(154)}…` }],
  ])("that does %j gives an answer of one short line", async (script, expected) => {
    expect(await answerOf(script)).toEqual(expected);
  });
});

describe("reach", () => {
  const answer =
    (status: number): typeof fetch =>
    () =>
      Promise.resolve(new Response(null, { status }));
  const options = {
    registryUrl: "https://r.example.com/ml",
    adminCidrs: ["192.0.2.1/32"],
    foundation: "prod-foundation",
    guide: "docs/aws.md#a-machine-in-the-network",
    isPlatform: true,
    fetch: answer(401),
  };
  it("is right where the registry and the API server answer, refusal or not", async () => {
    const asked: string[] = [];
    const found = await reachFindings({
      ...options,
      kubeconfig: "a kubeconfig",
      askApiServer: (kubeconfig) => {
        asked.push(kubeconfig);
        return Promise.resolve(401);
      },
    });
    expect(lines(found)).toEqual([
      "ok registry r.example.com: status 401",
      "ok way to the API server: it answers, status 401",
    ]);
    expect(asked).toEqual(["a kubeconfig"]);
  });

  it("is not known before there is a cluster, also with adminCidrs", async () => {
    const [, apiServer] = await reachFindings(options);
    expect(apiServer).toMatchObject({
      state: "unknown",
      found: "there is no cluster yet; then from 192.0.2.1/32: check that this machine is there",
    });
  });

  it.each([
    [true, "wrong"],
    [false, "unknown"],
  ])("lacks a way to a cluster that is there; a platform needs one: %s", async (isPlatform, state) => {
    const found = await reachFindings({
      ...options,
      isPlatform,
      kubeconfig: "a kubeconfig",
      askApiServer: () => Promise.reject(new Error("no answer in 10 s")),
    });
    expect(lines(found)).toContain(`${state} way to the API server: no answer: no answer in 10 s`);
  });

  it("is not known where nothing answers, and nobody outside may reach the API server", async () => {
    const dead: typeof fetch = () =>
      Promise.reject(new TypeError("fetch failed", { cause: new Error("ENOTFOUND") }));
    const found = await reachFindings({
      registryUrl: "https://r.example.com",
      adminCidrs: [],
      foundation: "prod-foundation",
      guide: "docs/aws.md#a-machine-in-the-network",
      isPlatform: false,
      fetch: dead,
    });
    expect(found).toMatchObject([
      { state: "unknown", found: "no answer (ENOTFOUND); one that up creates has no address before" },
      {
        state: "unknown",
        fix: expect.stringMatching(
          /^in Pulumi\.prod-foundation\.yaml, cluster\.adminCidrs.*; or run from a machine in the network \(docs\/aws\.md#a-machine-in-the-network\)$/,
        ) as string,
      },
    ]);
  });
});

it("asks a cloud nothing where its command line is not there, or nobody is logged in", async () => {
  const text = await readFile(new URL("../../../Pulumi.prod-foundation.yaml", import.meta.url), "utf8");
  const { parsed } = checkStackFile({ file: "Pulumi.prod-foundation.yaml", text });
  const missing: CloudCli = () => Promise.resolve({ ok: false, missing: true, reason: "there is no aws" });
  const there: CloudCli = () =>
    Promise.resolve({ ok: false, missing: false, reason: "Unable to locate credentials" });
  const cloud = async (cli: CloudCli): Promise<string[]> => {
    const checks = stackChecks({
      config: parsed!.config,
      foundation: "prod-foundation",
      planned: [],
      isPlatform: false,
      today: new Date(),
      cli,
    });
    const found: string[] = [];
    for (const { title, run } of checks)
      if (title !== "Tools" && title !== "Reach") found.push(...lines(await run()));
    return found;
  };
  const others = "Quotas, Machines, Names, Account settings, Versions, Add-ons";
  expect(await cloud(missing)).toEqual([
    `unknown Identity and rights, ${others}: not asked: there is no aws`,
  ]);
  expect(await cloud(there)).toEqual([
    "wrong account that is logged in: Unable to locate credentials",
    `unknown ${others}: not asked: account that is logged in is wrong`,
  ]);
});

it("looks at this machine, and says what of it is enough", async () => {
  const found = await localMachine();
  expect(found.map(({ subject }) => subject.split(" ")[0])).toEqual(["Linux,", "memory", "disk", "disk"]);
});

it("shows every finding in a table, and how to mend those that are not right", () => {
  const text = renderFindings("prod", [
    {
      title: "Quotas",
      findings: [
        { subject: "vCPUs", state: "wrong", found: "5", needed: "20", fix: "ask for more" },
        { subject: "addresses", state: "ok", found: "5", needed: "3" },
        { subject: "disks", state: "unknown", found: "AccessDenied", needed: "600" },
      ],
    },
  ]);
  expect(text.split("\n")).toEqual([
    "STATE  CHECK   WHAT       FOUND         NEEDED",
    "WRONG  Quotas  vCPUs      5             20",
    "ok     Quotas  addresses  5             3",
    "?      Quotas  disks      AccessDenied  600",
    "",
    "WHAT   FIX",
    "vCPUs  ask for more",
    "",
    "1 ok, 1 wrong, 1 not known",
  ]);
});
