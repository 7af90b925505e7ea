import { expect, it } from "vitest";
import { CommandFailed } from "../../local/run-command.ts";
import { registryLogin, type Run } from "../../operations/registry-login.ts";

it.each<[string, string, string, string]>([
  [
    "ecr",
    "https://123456789012.dkr.ecr.eu-central-1.amazonaws.com",
    "aws ecr get-login-password --region eu-central-1",
    "AWS",
  ],
  [
    "artifact-registry",
    "https://europe-west4-docker.pkg.dev/acme-ml",
    "gcloud auth print-access-token",
    "oauth2accesstoken",
  ],
  [
    "acr",
    "https://acme.azurecr.io",
    "az acr login --name acme --expose-token --query accessToken --output tsv",
    "00000000-0000-0000-0000-000000000000",
  ],
])(
  "logs in to a registry of kind %s with the command line of its cloud",
  async (kind, url, command, username) => {
    const ran: string[] = [];
    const run: Run = (program, args) => {
      ran.push([program, ...args].join(" "));
      return Promise.resolve("token\n");
    };
    expect(await registryLogin(kind, url, run)?.()).toEqual({ username, password: "token" });
    expect(ran).toEqual([command]);
  },
);

it("knows no login of another registry", () => {
  expect(registryLogin("existing", "https://registry.example.com")).toBeUndefined();
});

it("gives the reason of a command line as one line, without a full stop before the fix", async () => {
  const output = '\nUnable to locate credentials. You can configure credentials by running "aws login".\n\n';
  const login = registryLogin("ecr", "https://1.dkr.ecr.eu-central-1.amazonaws.com", () =>
    Promise.reject(new CommandFailed("aws ecr get-login-password", 255, output)),
  );
  await expect(login?.()).rejects.toThrow(
    /^registry 1\.dkr\S+: cannot log in: Unable to locate credentials\. You can configure credentials by running "aws login"; log in to the cloud, or run docker login \S+$/,
  );
  const without = registryLogin("ecr", "https://1.dkr.ecr.eu-central-1.amazonaws.com", () =>
    Promise.reject(new Error("cannot start aws: spawn aws ENOENT")),
  );
  await expect(without?.()).rejects.toThrow("cannot log in: there is no aws on the PATH; log in");
});

it("says how to log in where the command line fails", async () => {
  const login = registryLogin("acr", "https://acme.azurecr.io", () =>
    Promise.reject(new Error("Please run 'az login'")),
  );
  await expect(login?.()).rejects.toThrow(
    "registry acme.azurecr.io: cannot log in: Please run 'az login'; log in to the cloud, or run docker login acme.azurecr.io",
  );
});

it("says that the command line hangs", async () => {
  const login = registryLogin("acr", "https://acme.azurecr.io", () =>
    Promise.reject(new CommandFailed("az acr login", null, "", { timedOutMs: 60_000 })),
  );
  await expect(login?.()).rejects.toThrow(
    "registry acme.azurecr.io: cannot log in: az did not end within 60 s; log in",
  );
});
