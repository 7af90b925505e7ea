import { KubeConfig } from "@kubernetes/client-node";
import { expect, it } from "vitest";
import { CommandFailed } from "../../local/run-command.ts";
import { limitExecAuth } from "../../operations/limit-exec-auth.ts";
import type { runCloudCli } from "../../operations/run-cloud-cli.ts";

function kubeConfig(run: typeof runCloudCli): KubeConfig {
  const kube = new KubeConfig();
  kube.loadFromString(
    JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "c", cluster: { server: "https://cluster.example.com" } }],
      users: [
        {
          name: "u",
          user: {
            exec: {
              apiVersion: "client.authentication.k8s.io/v1beta1",
              command: "aws",
              args: ["eks", "get-token"],
              env: [{ name: "AWS_PROFILE", value: "ml" }],
            },
          },
        },
      ],
      contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
      "current-context": "x",
    }),
  );
  limitExecAuth(kube, run);
  return kube;
}

async function header(kube: KubeConfig): Promise<unknown> {
  const options: { headers?: Record<string, string> } = {};
  await kube.applyToHTTPSOptions(options);
  return options.headers?.["Authorization"];
}

it("asks a credential plugin once until its token expires", async () => {
  const ran: unknown[] = [];
  const expirationTimestamp = "2999-01-01T00:00:00Z";
  const kube = kubeConfig((program, args, env) => {
    ran.push([program, ...args, env?.["AWS_PROFILE"]].join(" "));
    return Promise.resolve(JSON.stringify({ status: { token: `t${ran.length}`, expirationTimestamp } }));
  });
  expect(await Promise.all([header(kube), header(kube)])).toEqual(["Bearer t1", "Bearer t1"]);
  expect(ran).toEqual(["aws eks get-token ml"]);
});

it("asks a credential plugin again when its token has expired", async () => {
  let asked = 0;
  const kube = kubeConfig(() => {
    const expirationTimestamp = asked++ === 0 ? "2020-01-01T00:00:00Z" : "2999-01-01T00:00:00Z";
    return Promise.resolve(JSON.stringify({ status: { token: `t${asked}`, expirationTimestamp } }));
  });
  expect([await header(kube), await header(kube)]).toEqual(["Bearer t2", "Bearer t2"]);
});

it("says that a credential plugin hangs, and asks it again for the next request", async () => {
  let hangs = true;
  const kube = kubeConfig(() =>
    hangs
      ? Promise.reject(new CommandFailed("aws eks get-token", null, "half", { timedOutMs: 60_000 }))
      : Promise.resolve(`{ "status": { "token": "t" } }`),
  );
  await expect(header(kube)).rejects.toThrow(
    "the kubeconfig's credential plugin aws failed: aws did not end within 60 s",
  );
  hangs = false;
  expect(await header(kube)).toBe("Bearer t");
});

it.each(["s3cret", JSON.stringify({ status: { token: "s3\ncret" } })])(
  "refuses what is no credential, and does not print it: %j",
  async (text) => {
    await expect(header(kubeConfig(() => Promise.resolve(text)))).rejects.toThrow(
      /^the kubeconfig's credential plugin aws printed no ExecCredential$/,
    );
  },
);
