import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { kubernetesProvider } from "../../../../../local/engine/providers/kubernetes/kubernetes-provider.ts";
import { UNKNOWN } from "../../../../../local/engine/values/property-value.ts";
import type { PropertyMap } from "../../../../../local/engine/values/property-value.ts";

/** A kubeconfig with the contexts `one` and `two`; `alias` is another name for what `one` is. */
function kubeconfig(one: string, two: string, current = "one", token = "t"): string {
  return JSON.stringify({
    "current-context": current,
    contexts: ["one", "two", "alias"].map((name) => ({
      name,
      context: { cluster: name === "two" ? "two" : "one", user: "u" },
    })),
    clusters: [
      { name: "one", cluster: { server: one } },
      { name: "two", cluster: { server: two } },
    ],
    users: [{ name: "u", user: { token } }],
  });
}

const [a, b] = ["https://a.example:6443", "https://b.example:6443"];
const here = kubeconfig(a, b);
const ambient = kubernetesProvider({ kubeconfig: here });
const folder = mkdtempSync(join(tmpdir(), "moved-"));
const file = join(folder, "config");
writeFileSync(file, here);
afterAll(() => rmSync(folder, { recursive: true }));

describe("a provider whose config changes", () => {
  it.each<[string, PropertyMap, PropertyMap, string[]]>([
    [
      "another server in the kubeconfig",
      { kubeconfig: here },
      { kubeconfig: kubeconfig(b, a) },
      ["kubeconfig"],
    ],
    [
      "another current context",
      { kubeconfig: here },
      { kubeconfig: kubeconfig(a, b, "two") },
      ["kubeconfig"],
    ],
    ["a context of another cluster", { context: "one" }, { context: "two" }, ["context"]],
    ["no context any more, where that leads elsewhere", { context: "two" }, {}, ["context"]],
    ["another cluster", { cluster: "one" }, { cluster: "two" }, ["cluster"]],
    ["a kubeconfig that is not known yet", { kubeconfig: here }, { kubeconfig: UNKNOWN }, ["kubeconfig"]],
    ["another identifier", { clusterIdentifier: "x" }, { clusterIdentifier: "y" }, ["clusterIdentifier"]],
  ])("is replaced for %s", async (_what, olds, news, replaces) => {
    expect(await ambient.diffConfig?.(olds, news)).toEqual({ replaces });
  });

  it.each<[string, PropertyMap, PropertyMap]>([
    ["another token", { kubeconfig: here }, { kubeconfig: kubeconfig(a, b, "one", "new") }],
    ["another name of the context", { context: "one" }, { context: "alias" }],
    ["a slash after the server", { kubeconfig: here }, { kubeconfig: kubeconfig(`${a}/`, b) }],
    ["a file instead of its contents", { kubeconfig: here }, { kubeconfig: file }],
    ["the kubeconfig that was the default", {}, { kubeconfig: here }],
    ["another namespace", { namespace: "a" }, { namespace: "b" }],
    ["an old kubeconfig that is gone", { kubeconfig: join(folder, "gone") }, { kubeconfig: here }],
    ["a kubeconfig that was not known either", { kubeconfig: UNKNOWN }, { kubeconfig: UNKNOWN }],
    [
      "another server under the same identifier",
      { kubeconfig: here, clusterIdentifier: "x" },
      { kubeconfig: kubeconfig(b, a), clusterIdentifier: "x" },
    ],
  ])("stays for %s", async (_what, olds, news) => {
    expect(await ambient.diffConfig?.(olds, news)).toEqual({ replaces: [] });
  });
});
