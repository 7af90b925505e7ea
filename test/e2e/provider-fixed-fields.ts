import { expect, it } from "vitest";
import type { PropertyMap } from "../../local/engine/values/property-value.ts";
import {
  namespace,
  create,
  diff,
  update,
  previewUpdate,
  refresh,
  remove,
  CONFIG_MAP,
  SKIP_AWAIT,
} from "./provider-harness.ts";

/** Tests of fields that cannot change in place: the provider refuses, and replaces nothing. */
export function providerFixedFields(): void {
  it("says from the preview on which field cannot change in place, and replaces nothing for it", async () => {
    const frozen = (immutable: boolean): PropertyMap => ({
      metadata: { name: "frozen", namespace },
      immutable,
      data: { a: "1" },
    });
    const made = await create(CONFIG_MAP, "frozen", frozen(true));
    expect(await diff(made, frozen(false))).toMatchObject({ changes: true, replaces: [] });
    const refusal = /ConfigMap .*\/frozen: immutable cannot change in place: .*; set it back or, where/s;
    await expect(previewUpdate(made, frozen(false))).rejects.toThrow(refusal);
    await expect(update(made, frozen(false))).rejects.toThrow(refusal);
  });

  it("keeps a definition and its objects, whatever of it changes", async () => {
    const group = `scopes.${namespace}.example`;
    const schema = { type: "object", x_kubernetes_preserve_unknown_fields: true };
    const names = { kind: "Gadget", plural: "gadgets", singular: "gadget" };
    const type = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";
    const definition = (scope: string, name = "gadgets"): PropertyMap => ({
      metadata: { name: `${name}.${group}` },
      spec: {
        group,
        scope,
        names,
        versions: ["v1beta1", "v1"].map((version) => ({
          name: version,
          served: true,
          storage: version === "v1",
          schema: { openAPIV3Schema: schema },
        })),
      },
    });
    const made = await create(type, "gadgets", definition("Namespaced"));
    expect(await diff(await refresh(made), definition("Namespaced"))).toMatchObject({ changes: false });
    expect(await diff(made, definition("Cluster"))).toMatchObject({ changes: true, replaces: [] });
    const refusal = /spec\.scope cannot change in place: .*would delete every object of the kind/s;
    await expect(previewUpdate(made, definition("Cluster"))).rejects.toThrow(refusal);
    await expect(update(made, definition("Cluster"))).rejects.toThrow(refusal);
    await expect(diff(made, definition("Namespaced", "widgets"))).rejects.toThrow(
      /metadata\.name must stay the same, got widgets\./,
    );

    const gadget = (version: string): PropertyMap => ({
      apiVersion: `${group}/${version}`,
      kind: "Gadget",
      metadata: { name: "one", namespace },
      spec: { size: 3, paused: false },
    });
    const old = await create(`kubernetes:${group}/v1beta1:Gadget`, "one", gadget("v1beta1"));
    const moved = { ...old, type: `kubernetes:${group}/v1:Gadget` };
    expect(await diff(moved, gadget("v1"))).toMatchObject({ changes: true, replaces: [] });
    const updated = await update(moved, gadget("v1"));
    expect(updated.outputs["metadata"]).toMatchObject({
      uid: (old.outputs["metadata"] as PropertyMap)["uid"],
    });
    expect(await diff(await refresh(updated), gadget("v1"))).toMatchObject({ changes: false });
    await remove(updated);
    await remove(made);
  });

  it("grows a claim in place, and says why one cannot grow or shrink", async () => {
    const storageClass = await create("kubernetes:storage.k8s.io/v1:StorageClass", "growing", {
      metadata: { name: `growing-${namespace}` },
      provisioner: "kubernetes.io/no-provisioner",
      allowVolumeExpansion: true,
    });
    const type = "kubernetes:core/v1:PersistentVolumeClaim";
    const claim = (name: string, storage: string, storageClassName: string): PropertyMap => ({
      metadata: { name, namespace, annotations: SKIP_AWAIT },
      spec: {
        accessModes: ["ReadWriteOnce"],
        storageClassName,
        resources: { requests: { storage } },
        ...(name === "grows" ? { volumeName: `grows-${namespace}` } : {}),
      },
    });
    const growing = storageClass.id;
    const volume = await create("kubernetes:core/v1:PersistentVolume", "grows", {
      metadata: { name: `grows-${namespace}` },
      spec: {
        accessModes: ["ReadWriteOnce"],
        capacity: { storage: "1Gi" },
        storageClassName: growing,
        hostPath: { path: "/nowhere" },
        claimRef: { namespace, name: "grows" },
      },
    });
    const waiting = claim("grows", "1Gi", growing);
    const bound = await create(type, "grows", { ...waiting, metadata: { name: "grows", namespace } });
    const uid = (bound.outputs["metadata"] as PropertyMap)["uid"];
    expect(await diff(bound, claim("grows", "2Gi", growing))).toMatchObject({ changes: true, replaces: [] });
    await previewUpdate(bound, claim("grows", "2Gi", growing));
    const grown = await update(bound, claim("grows", "2Gi", growing));
    expect(grown.outputs).toMatchObject({
      metadata: { uid },
      spec: { resources: { requests: { storage: "2Gi" } } },
    });
    const shrink = /spec\.resources\.requests\.storage cannot change in place: .*a claim only grows/s;
    await expect(previewUpdate(grown, claim("grows", "512Mi", growing))).rejects.toThrow(shrink);
    await expect(update(grown, claim("grows", "512Mi", growing))).rejects.toThrow(shrink);

    const stuck = await create(type, "stuck", claim("stuck", "1Gi", growing));
    await expect(previewUpdate(stuck, claim("stuck", "2Gi", growing))).rejects.toThrow(
      /spec cannot change in place: .*a claim grows only once it is bound/s,
    );
    for (const made of [stuck, grown, volume, storageClass]) await remove(made);
  });
}
