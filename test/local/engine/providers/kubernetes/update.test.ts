import { afterEach, describe, expect, it } from "vitest";
import type { ProviderContext } from "../../../../../local/engine/provider.ts";
import type { JsonObject } from "../../../../../local/engine/providers/kubernetes/json-object.ts";
import type { Session } from "../../../../../local/engine/providers/kubernetes/session.ts";
import { previewUpdate, updateObject } from "../../../../../local/engine/providers/kubernetes/update.ts";
import type { PropertyMap } from "../../../../../local/engine/values/property-value.ts";
import { fakeApiServer } from "./fake-api-server.ts";
import type { Answer, FakeApiServer } from "./fake-api-server.ts";

let server: FakeApiServer | undefined;
afterEach(() => server?.close());

const said: string[] = [];
const context: ProviderContext = {
  urn: "urn:pulumi:dev::test::kubernetes:apps/v1:Deployment::web",
  type: "kubernetes:apps/v1:Deployment",
  name: "web",
  signal: new AbortController().signal,
  status: () => undefined,
  log: (severity, message) => said.push(`${severity}: ${message}`),
};

interface Case {
  live?: JsonObject;
  apply: Answer;
  oldInputs?: PropertyMap;
  newInputs: PropertyMap;
  options?: Partial<Session>;
}

async function run(
  what: typeof previewUpdate,
  { live, apply, oldInputs, newInputs, options }: Case,
): Promise<PropertyMap> {
  said.length = 0;
  server = await fakeApiServer(() => live ?? (newInputs as JsonObject), apply);
  const question = { oldInputs: oldInputs ?? newInputs, oldOutputs: {}, newInputs, ignoreChanges: [] };
  return what(server.session(options), context, question);
}

const object = (kind: string, fields: PropertyMap = {}): PropertyMap => ({
  apiVersion: kind === "Deployment" ? "apps/v1" : "v1",
  kind,
  metadata: { name: "web", namespace: "n", annotations: { "pulumi.com/skipAwait": "true" } },
  ...fields,
});
const refuse = (status: number, message: string, ...causes: JsonObject[]): [number, JsonObject] => [
  status,
  { message, details: { causes } },
];
const conflict = (manager: string): [number, JsonObject] =>
  refuse(409, "Apply failed with 1 conflict", {
    reason: "FieldManagerConflict",
    field: ".spec.replicas",
    message: `conflict with "${manager}" with subresource "scale" using apps/v1`,
  });

describe("the preview of an update", () => {
  it("shows what is declared where a webhook refuses dry runs, and says so", async () => {
    const wanted = object("ConfigMap", { data: { a: "2" } });
    const message = 'admission webhook "hook.example" does not support dry run';
    expect(await run(previewUpdate, { newInputs: wanted, apply: () => refuse(400, message) })).toEqual(
      wanted,
    );
    expect(said).toEqual([`info: ${message}: the preview shows what the program declares`]);
  });

  it("passes over a missing right, but not over a claim that cannot grow", async () => {
    const wanted = object("PersistentVolumeClaim");
    const denied = 'persistentvolumeclaims "web" is forbidden: User "ci" cannot patch resource';
    expect(await run(previewUpdate, { newInputs: wanted, apply: () => refuse(403, denied) })).toEqual(wanted);
    server?.close();
    const fixed = "only dynamically provisioned pvc can be resized and the storageclass must support resize";
    await expect(run(previewUpdate, { newInputs: wanted, apply: () => refuse(403, fixed) })).rejects.toThrow(
      /PersistentVolumeClaim n\/web: the API server refused .*go back to the former size/,
    );
  });

  it("refuses what the server refuses", async () => {
    const apply: Answer = () => refuse(400, "the body is wrong");
    await expect(run(previewUpdate, { newInputs: object("ConfigMap"), apply })).rejects.toThrow(
      /the body is wrong/,
    );
  });
});

describe("a field that somebody else changed", () => {
  const live = object("Deployment", { spec: { replicas: 1 } }) as JsonObject;
  const newInputs = object("Deployment", { spec: { replicas: 2 } });
  const conflictWith =
    (manager: string): Answer =>
    ({ query, body }) =>
      query.get("force") === "true" ? [200, body] : conflict(manager);

  it("is taken back with force for this object, and told", async () => {
    const outputs = await run(updateObject, {
      live,
      newInputs,
      apply: conflictWith("kubectl"),
      options: { takeBack: true },
    });
    expect(outputs["spec"]).toEqual({ replicas: 2 });
    expect(server?.applied.map(({ query }) => query.get("force"))).toEqual(["false", "true"]);
    expect(said).toEqual(["info: took back spec.replicas from kubectl (was 1)"]);
  });

  it("is only announced in a preview", async () => {
    await run(previewUpdate, {
      live,
      newInputs,
      apply: conflictWith("kubectl"),
      options: { takeBack: true },
    });
    expect(server?.applied.map(({ query }) => query.get("dryRun"))).toEqual(["All", "All"]);
    expect(said).toEqual(["info: takes back spec.replicas from kubectl (is 1)"]);
  });

  it.each<[string, string, Partial<Session>]>([
    ["of a controller", "kube-controller-manager", { takeBack: true }],
    ["of a person, where nobody asked for it back", "kubectl", {}],
  ])("stays an error where it is %s", async (_what, manager, options) => {
    const apply = conflictWith(manager);
    await expect(run(updateObject, { live, newInputs, apply, options })).rejects.toThrow(
      new RegExp(`spec\\.replicas \\(by ${manager}\\)`),
    );
    expect(server?.applied).toHaveLength(1);
  });
});

describe("an update that drops a map with defaults in it", () => {
  const rolling = { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%" } };
  const oldInputs = object("Deployment", { spec: { replicas: 1 } });
  const live = object("Deployment", { spec: { replicas: 1, strategy: rolling } }) as JsonObject;
  const newInputs = object("Deployment", { spec: { replicas: 1, strategy: { type: "Recreate" } } });
  const apply: Answer = ({ body }) => [200, body];

  it("takes the defaults over before it drops them", async () => {
    await run(updateObject, { live, oldInputs, newInputs, apply });
    expect(server?.applied.map(({ body }) => body["spec"])).toEqual([live["spec"], newInputs["spec"]]);
    expect(server?.applied.map(({ query }) => query.get("force"))).toEqual(["false", "false"]);
  });

  it("applies nothing in its preview", async () => {
    expect(await run(previewUpdate, { live, oldInputs, newInputs, apply })).toEqual(newInputs);
    expect(server?.applied).toEqual([]);
  });
});
