import { expect, it } from "vitest";
import { afterIdentity } from "../../../operations/doctor/after-identity.ts";
import type { CloudCli } from "../../../operations/doctor/cloud-cli.ts";
import type { Finding } from "../../../operations/doctor/finding.ts";
import { lines } from "./fake-cloud-cli.ts";

const finding = (subject: string, state: Finding["state"]): Finding => ({
  subject,
  state,
  found: "1",
  needed: "2",
});

/** Runs an identity check and two others, in order. Returns the findings and the checks that asked. */
async function run(state: Finding["state"], missing = false): Promise<{ found: string[]; asked: string[] }> {
  const asked: string[] = [];
  const cli: CloudCli = () =>
    Promise.resolve(
      missing ? { ok: false, missing: true, reason: "there is no aws on the PATH" } : { ok: true, json: {} },
    );
  const check = (title: string, own: Finding["state"]) => ({
    title,
    run: () => {
      asked.push(title);
      return Promise.resolve([finding(`subject of ${title}`, own)]);
    },
  });
  const found: string[] = [];
  for (const each of afterIdentity(cli, () => [
    check("Identity", state),
    check("Quotas", "ok"),
    check("Names", "ok"),
  ]))
    found.push(...lines(await each.run()));
  return { found, asked };
}

it("asks everything where the account is the stack's", async () => {
  expect((await run("ok")).asked).toEqual(["Identity", "Quotas", "Names"]);
});

it("asks nothing more with a wrong account, and says in one row what was not asked", async () => {
  expect(await run("wrong")).toEqual({
    asked: ["Identity"],
    found: ["wrong subject of Identity: 1", "unknown Quotas, Names: not asked: subject of Identity is wrong"],
  });
});

it("asks nothing more where the second of two required findings is wrong, and goes on where a later one is", async () => {
  const cli: CloudCli = () => Promise.resolve({ ok: true, json: {} });
  const run = async (states: Finding["state"][]): Promise<string[]> => {
    const findings = states.map((state, index) => finding(`finding ${index}`, state));
    const identity = { title: "Identity", required: 2, run: () => Promise.resolve(findings) };
    const quotas = { title: "Quotas", run: () => Promise.resolve([finding("quota", "ok")]) };
    const found = [];
    for (const each of afterIdentity(cli, () => [identity, quotas])) found.push(...(await each.run()));
    return lines(found);
  };
  expect(await run(["ok", "wrong"])).toEqual([
    "ok finding 0: 1",
    "wrong finding 1: 1",
    "unknown Quotas: not asked: finding 1 is wrong",
  ]);
  expect(await run(["ok", "unknown", "wrong"])).toContain("ok quota: 1");
});

it("asks nothing without the command line of the cloud, and says so in one row", async () => {
  expect(await run("ok", true)).toEqual({
    asked: [],
    found: ["unknown Identity, Quotas, Names: not asked: there is no aws on the PATH"],
  });
});
