import { createHash, randomBytes } from "node:crypto";
import { request } from "node:https";
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { stackOutputs, stackResources } from "../../../local/engine/engine.ts";
import { NETWORK } from "../../../local/cluster/layout.ts";
import { clusterExists } from "../local-cluster.ts";
import { optionsOf, pulumi, slipway } from "./commands/commands.ts";
import { RUNTIME_IMAGE } from "./images/publish-images.ts";
import { CLIENT_HEADER, type CloudWalk } from "./cloud.ts";
import { list } from "./kubernetes/kubectl.ts";
import { editStack } from "./project.ts";
import { startWalk, ZONE, type Walk } from "./walk.ts";

const isFree = !(await clusterExists());
if (!isFree) console.warn("a local cluster stands already: the walk needs the machine for itself");

/** Walks the deploy guide of a cloud, as tests: from an empty account to a model that answers, and back to nothing. */
export function walkTheGuide(plan: CloudWalk): void {
  describe.runIf(isFree)(
    `from an empty account of ${plan.cloud} to a model that answers, and back to nothing`,
    () => {
      const { foundation, platform } = plan.stacks;
      const { nameOf } = plan.secrets;
      let walk: Walk;
      const run = (...args: string[]): ReturnType<typeof slipway> => slipway(walk.context, ...args);
      const up = async (stack: string): Promise<void> => {
        const { ok, failed, diagnostics } = await pulumi(walk.context, "up", stack);
        expect(ok, JSON.stringify([failed, diagnostics])).toBe(true);
      };
      let digest = "";

      // Each step needs the one before it.
      let broken = false;
      beforeEach(({ skip, onTestFailed }) => {
        if (broken) skip();
        onTestFailed(() => {
          broken = true;
        });
      });

      beforeAll(async () => {
        walk = await startWalk(plan);
        const { project } = walk.context;
        await editStack(project, foundation, {
          "cluster.adminCidrs": ["203.0.113.7/32"],
          "cloud.secrets": ["slack-webhook", "api-keys"],
          ...plan.foundationEdits(ZONE),
        });
        await editStack(project, platform, {
          // One machine of two cores is the whole cluster.
          "environments.production.services.pushback.replicas": 1,
          "environments.production.services.pushback.cpuRequestMillis": 100,
          "training.cpuLimitMillis": 2000,
          "training.validationP99Ms": 1000,
          "training.validationRequestsPerSecond": 20,
          "monitoring.storageGib": 2,
        });
      });

      afterAll(async () => {
        await (walk as Walk | undefined)?.stop(); // undefined if it did not start
      });

      it("previews both stacks with nothing there", async () => {
        for (const stack of [foundation, platform]) {
          const { code, text } = await run("preview", "--stack", stack);
          expect(code, text).toBe(0);
        }
      });

      it("locks the images at the public registries", async () => {
        const { code, text } = await run("lock", "--stack", platform, "--follow", "--runtime", RUNTIME_IMAGE);
        expect(code, text).toBe(0);
      });

      it("brings up the foundation", async () => {
        await up(foundation);
      });

      it("brings the images into the registry", async () => {
        const { code, text } = await run("mirror", "--stack", platform);
        expect(code, text).toBe(0);
      });

      it("brings up the platform, and says which secret is left to fill", async () => {
        await up(platform);
        const { text } = await run("status", "--stack", platform);
        expect(text).toContain("slack-webhook");
      });

      it("trains in the cluster", async () => {
        const { code, text } = await run("train", "--stack", platform, "--model", "pushback");
        expect(code, text).toBe(0);
        digest = /model@(sha256:[0-9a-f]{64})/.exec(text)?.[1] ?? "";
        expect(digest).not.toBe("");
      });

      it("validates in staging and goes to production", async () => {
        expect(
          (await run("pin", "--stack", platform, "--service", "staging/pushback", "--digest", digest)).code,
        ).toBe(0);
        await up(platform);
        const promoted = await run("promote", "--stack", platform, "--model", "pushback");
        expect(promoted.code, promoted.text).toBe(0);
        expect(
          (await run("pin", "--stack", platform, "--service", "production/pushback", "--digest", digest))
            .code,
        ).toBe(0);
        await up(platform);
      });

      it("fills the secrets when somebody has put their values into the store", async () => {
        walk.cloud.secretValues.set(nameOf("slack-webhook"), "https://hooks.slack.com/services/T0/B0/x");
        const filled = async (): Promise<string> => (await run("status", "--stack", platform)).text;
        await expect.poll(filled, { timeout: 60_000, interval: 5000 }).not.toContain("slack-webhook");
      });

      it("lets callers from outside in by a gateway, with TLS and a key", async () => {
        const key = randomBytes(16).toString("hex");
        walk.cloud.secretValues.set(nameOf("api-keys"), createHash("sha256").update(key).digest("hex"));
        await editStack(walk.context.project, platform, {
          "environments.production.gateway": {
            clientCidrs: ["203.0.113.0/24"],
            auth: { kind: "api-keys", secret: "api-keys" },
          },
          "environments.production.services.pushback.gateway": true,
          "secrets.namespaces.production.api-keys.team-a": {
            store: plan.secrets.store,
            name: nameOf("api-keys"),
          },
        });
        // AWS needs the image of its controller from now on.
        expect((await run("mirror", "--stack", platform)).code).toBe(0);
        await up(platform);
        if (walk.cloud.importCertificate !== undefined) {
          const problems = async (): Promise<string> => (await run("status", "--stack", platform)).text;
          expect(await problems()).toMatch(/it waits for the certificate \S+ in the vault/);
          await walk.cloud.importCertificate();
          await expect
            .poll(problems, { timeout: 60_000, interval: 5000 })
            .not.toContain("waits for the certificate");
        }
        const { services } = servicesSchema.parse(await stackOutputs(optionsOf(walk.context, platform)));
        const published = services.find(({ publicUrl }) => publicUrl !== null);
        const { host } = new URL(published?.publicUrl ?? "");
        const path = "/v2/models/pushback";
        const withKey = (): Promise<number | "no answer"> => call(walk, host, path, { "x-api-key": key });
        await expect.poll(withKey, { timeout: 120_000, interval: 2000 }).toBe(200);
        expect(await call(walk, host, path)).toBe(401);
        expect(await call(walk, host, path, { "x-api-key": "another" })).toBe(401);
        expect(await call(walk, `other.${ZONE}`, path)).toBe(404);
        if (plan.strangers !== undefined) {
          const stranger = { "x-api-key": key, [CLIENT_HEADER]: "198.51.100.9" };
          expect(await call(walk, host, path, stranger)).toBe(plan.strangers);
        }
      });

      it("trains a second time, on a registry whose tags stay", async () => {
        const { code, text } = await run("train", "--stack", platform, "--model", "pushback", "--again");
        expect(code, text).toBe(0);
      });

      it("goes to another model, and back", async () => {
        const other = await annotatedCopy(
          walk,
          `${plan.repositoryPrefix}flight-delays/pushback/model`,
          digest,
        );
        const answering = async (): Promise<unknown> => {
          const { text } = await run("status", "--stack", platform, "--json");
          const { services } = answeringSchema.parse(JSON.parse(text.slice(text.indexOf("{"))));
          return services.find(({ environment }) => environment === "production")?.answering;
        };
        for (const next of [other, digest]) {
          await run("pin", "--stack", platform, "--service", "production/pushback", "--digest", next);
          await up(platform);
          expect(await answering()).toEqual([next]);
        }
      });

      it("upgrades Kubernetes in place", async () => {
        const { type, versionKey, to } = plan.upgrade;
        const before = walk.cloud.account.ofType(type);
        expect(before.map(({ inputs }) => inputs[versionKey])).not.toContain(to);
        await editStack(walk.context.project, foundation, { "cluster.version": to });
        await up(foundation);
        const after = walk.cloud.account.ofType(type);
        expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
        expect(after[0]?.inputs[versionKey]).toBe(to);
        await up(platform);
      });

      it("refuses to destroy what is protected", async () => {
        const { ok } = await pulumi(walk.context, "destroy", plan.stacks[plan.repositoryLayer]);
        expect(ok).toBe(false);
        expect(walk.cloud.account.ofType(plan.repositoryType)).not.toEqual([]);
      });

      it("goes back to nothing", async () => {
        await editStack(walk.context.project, foundation, { "cloud.protect": false });
        for (const stack of [foundation, platform]) await up(stack);
        const goWithOwner = new Set<string>();
        for (const stack of [platform, foundation]) {
          for (const { urn, deletedWith } of await stackResources(optionsOf(walk.context, stack)))
            if (deletedWith !== undefined) goWithOwner.add(urn as string);
          const { ok, failed, diagnostics } = await pulumi(walk.context, "destroy", stack);
          expect(ok, JSON.stringify([failed, diagnostics])).toBe(true);
        }
        // A cloud deletes the policy of a bucket with the bucket, and the pools of a cluster with the cluster.
        expect([...walk.cloud.account.resources.keys()].filter((urn) => !goWithOwner.has(urn))).toEqual([]);
        const namespaces = (await list(walk.kubectl, "namespace")).map(({ metadata }) => metadata.name);
        expect(namespaces.sort()).toEqual(["default", "kube-node-lease", "kube-public", "kube-system"]);
        const volumes = async (): Promise<unknown> =>
          (await list(walk.kubectl, "persistentvolume")).filter(({ metadata }) =>
            metadata.name.startsWith("pvc-"),
          );
        await expect.poll(volumes, { timeout: 30_000, interval: 1000 }).toEqual([]);
      });

      it("asked nobody for what it has no right to", () => {
        expect(walk.front.unexpected).toEqual([]);
        expect(walk.cloud.refused()).toEqual([]);
      });
    },
  );
}

const answeringSchema = z.object({
  services: z.array(z.object({ environment: z.string(), answering: z.array(z.string()) })),
});
const servicesSchema = z.object({
  services: z.array(
    z.object({ environment: z.string(), digest: z.string(), publicUrl: z.string().nullable() }),
  ),
});

/** Sends a request to a host of the load balancer. Returns the status, or that the connection ended without one. */
async function call(
  { authority }: Walk,
  host: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<number | "no answer"> {
  const ca = await readFile(authority.file);
  return new Promise((resolve, reject) => {
    request({ host: NETWORK.node, servername: host, ca, path, headers: { host, ...headers } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    })
      .on("error", (error: NodeJS.ErrnoException) =>
        error.code === "ECONNRESET" ? resolve("no answer") : reject(error),
      )
      .end();
  });
}

/** Pushes a copy of a model that differs by an annotation alone, and so has another digest. */
async function annotatedCopy({ store }: Walk, repository: string, digest: string): Promise<string> {
  const at = (reference: string): string => `${store}/v2/${repository}/manifests/${reference}`;
  const accept = "application/vnd.oci.image.manifest.v1+json";
  const manifest = z
    .looseObject({ annotations: z.record(z.string(), z.string()).default({}) })
    .parse(await (await fetch(at(digest), { headers: { accept } })).json());
  const bytes = JSON.stringify({ ...manifest, annotations: { ...manifest.annotations, walk: "second" } });
  const copy = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  const put = await fetch(at(copy), { method: "PUT", headers: { "content-type": accept }, body: bytes });
  expect(put.status).toBe(201);
  return copy;
}
