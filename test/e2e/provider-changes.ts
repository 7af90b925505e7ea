import { expect, it } from "vitest";
import { numberAt, objectAt } from "../../local/engine/providers/kubernetes/json-object.ts";
import type { JsonObject } from "../../local/engine/providers/kubernetes/json-object.ts";
import type { PropertyMap } from "../../local/engine/values/property-value.ts";
import {
  api,
  namespace,
  provider,
  messages,
  contextOf,
  create,
  diff,
  update,
  previewUpdate,
  refresh,
  scale,
  remove,
  live,
  configured,
  applyAs,
  CONFIG_MAP,
  DEPLOYMENT,
  SKIP_AWAIT,
  configMaps,
  deployment,
} from "./provider-harness.ts";

/** Tests of what changes: by the program, by people, by controllers, on the server. */
export function providerChanges(): void {
  it("names the other manager, the field and the fix in a conflict, and leaves an ignored field to it", async () => {
    const wanted = (data: PropertyMap, label = "1"): PropertyMap => ({
      metadata: { name: "shared", namespace, labels: { label } },
      data,
    });
    const made = await create(CONFIG_MAP, "shared", wanted({ mine: "1", theirs: "1" }));
    await applyAs("scaler", `${configMaps}/shared`, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "shared" },
      data: { theirs: "scaled" },
    });
    await expect(update(made, wanted({ mine: "1", theirs: "2" }))).rejects.toThrow(
      /data\.theirs \(by scaler\); leave them to the controller with ignoreChanges: \["data\.theirs"\]/,
    );
    await update(made, wanted({ mine: "1", theirs: "1" }, "2"), ["data.theirs"]);
    expect(await live(`${configMaps}/shared`)).toMatchObject({
      metadata: { labels: { label: "2" } },
      data: { mine: "1", theirs: "scaled" },
    });
  });

  it("takes back what people changed, of this object alone, and tells of it", async () => {
    const wanted = (replicas: number): PropertyMap => {
      const { metadata, spec } = deployment("scaled", { image: "x" });
      return {
        metadata: { ...(metadata as PropertyMap), annotations: SKIP_AWAIT },
        spec: { ...(spec as PropertyMap), replicas },
      };
    };
    const path = `/apis/apps/v1/namespaces/${namespace}/deployments/scaled`;
    const replicas = async (): Promise<unknown> => numberAt(await live(path), "spec", "replicas");
    const made = await create(DEPLOYMENT, "scaled", wanted(0));
    await scale("scaled", 1);
    const drifted = await refresh(made);
    expect((await diff(drifted, wanted(0))).detailedDiff).toEqual({
      "spec.replicas": { kind: "update", inputDiff: true },
    });
    await expect(previewUpdate(drifted, wanted(0))).rejects.toThrow(
      /spec\.replicas \(by kubectl\); let the run take them back \(option takeBack\)/,
    );
    await expect(update(drifted, wanted(0))).rejects.toThrow(/spec\.replicas \(by kubectl\)/);

    const taking = await configured({}, { takeBack: true });
    messages.length = 0;
    await previewUpdate(drifted, wanted(0), taking);
    expect(messages).toEqual(["takes back spec.replicas from kubectl (is 1)"]);
    expect(await replicas()).toBe(1);
    messages.length = 0;
    const taken = await update(drifted, wanted(0), [], { by: taking });
    expect(messages).toContain("took back spec.replicas from kubectl (was 1)");
    expect(await replicas()).toBe(0);

    await scale("scaled", 1);
    await update(await refresh(taken), wanted(0), ["spec.replicas"], { by: taking });
    expect(await replicas()).toBe(1);
    await scale("scaled", 0);
    await update(taken, wanted(0), [], { by: taking });
    await scale("scaled", 1, "kube-controller-manager");
    await expect(update(await refresh(taken), wanted(0), [], { by: taking })).rejects.toThrow(
      /spec\.replicas \(by kube-controller-manager\); leave them to the controller with ignoreChanges/,
    );
    expect(await replicas()).toBe(1);
    await taking.close();
    await remove(taken);
  });

  it("takes a key that leaves a Secret out of the cluster, together with a label or not", async () => {
    const mutable = await configured({ enableSecretMutable: true });
    const wanted = (stringData: PropertyMap, label: string): PropertyMap => ({
      metadata: { name: "revoked", namespace, labels: { label } },
      stringData,
    });
    const path = `/api/v1/namespaces/${namespace}/secrets/revoked`;
    const keys = async (): Promise<string[]> => Object.keys(objectAt(await live(path), "data") ?? {});
    const type = "kubernetes:core/v1:Secret";
    let made = await create(type, "revoked", wanted({ a: "1", b: "2", c: "3" }, "1"), mutable);
    made = await update(made, wanted({ a: "1", b: "2" }, "1"), [], { by: mutable });
    expect(await keys()).toEqual(["a", "b"]);
    made = await update(made, wanted({ a: "1" }, "2"), [], { by: mutable });
    expect(await keys()).toEqual(["a"]);
    await remove(made);

    // What was applied as `stringData` before it was kept as `data`.
    const query = { fieldManager: made.outputs["__fieldManager"] as string, force: true };
    const body = { apiVersion: "v1", kind: "Secret", ...wanted({ a: "1", b: "2" }, "1") } as JsonObject;
    await api.request("PATCH", path, { query, body, contentType: "application/apply-patch+yaml" });
    const former = { ...made, inputs: { ...made.inputs, data: null, stringData: { a: "1", b: "2" } } };
    await update(former, wanted({ a: "1" }, "1"), [], { by: mutable });
    expect(await keys()).toEqual(["a"]);
    await remove(made);
    await mutable.close();
  });

  it("reads drift back", async () => {
    const made = await create(CONFIG_MAP, "drift", {
      metadata: { name: "drift", namespace },
      data: { a: "1" },
    });
    await applyAs("someone", `${configMaps}/drift`, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "drift" },
      data: { a: "drifted", extra: "x" },
    });
    const read = await provider.read(contextOf(CONFIG_MAP, "drift"), made.id, made.inputs, made.outputs);
    expect(read?.inputs["data"]).toEqual({ a: "drifted" });
    const absent = await provider.read(
      contextOf(CONFIG_MAP, "drift"),
      `${namespace}/nowhere`,
      made.inputs,
      made.outputs,
    );
    expect(absent).toBeUndefined();
    const imported = await provider.read(contextOf(CONFIG_MAP, "import"), made.id, undefined, undefined);
    expect(imported?.inputs).toMatchObject({
      apiVersion: "v1",
      kind: "ConfigMap",
      data: { a: "drifted", extra: "x" },
    });
    expect(imported?.inputs["metadata"]).not.toHaveProperty("uid");
  });
}
