import * as pulumi from "@pulumi/pulumi";
import { awsOutputs } from "./aws/aws-outputs.ts";
import { azureOutputs } from "./azure/azure-outputs.ts";
import { gcpOutputs } from "./gcp/gcp-outputs.ts";

/** A resource as the program registered it. */
export interface Recorded {
  type: string;
  name: string;
  /** Inputs; a secret reads `{ secret: value }`. */
  inputs: Record<string, unknown>;
}

/**
 * Runs a program against Pulumi's mocks and returns what it registered, sorted by type and name, and what it returned.
 * Waits until the last registration is through: a child that comes late is not lost.
 */
export async function record<T>(
  program: () => T | Promise<T>,
  {
    stackOutputs = {},
  }: { /** Outputs of every stack that the program refers to. */ stackOutputs?: object } = {},
): Promise<{ resources: Recorded[]; result: T }> {
  const resources: Recorded[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource({ type, name, inputs, custom }) {
        const plain = plainSecrets(inputs) as Record<string, unknown>;
        resources.push({ type, name, inputs: plain });
        if (type === "pulumi:pulumi:StackReference")
          return { id: name, state: { name, outputs: stackOutputs, secretOutputNames: [] } };
        return { id: custom === false ? "" : `${name}-id`, state: outputs(type, name, plain) };
      },
      call: ({ token }) => {
        if (token === "azure-native:redisenterprise:listDatabaseKeys") return { primaryKey: "generated" };
        throw new Error(`unexpected call of ${token}`);
      },
    },
    "slipway",
    "test",
    false, // no preview
    "organization",
  );
  acceptHooks();
  let result: T;
  try {
    result = await program();
  } finally {
    await pulumi.runtime.disconnect(); // also after an error: what was registered before it is still on its way
  }
  const key = ({ type, name }: Recorded): string => `${type} ${name}`;
  resources.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0)); // the same in every locale
  return { resources, result };
}

/** Lets the mocks' monitor accept hooks, which it never runs: the SDK's own lacks the method and leaves the program waiting. */
function acceptHooks(): void {
  const monitor = pulumi.runtime.getMonitor() as { registerResourceHook?: unknown } | undefined;
  if (monitor)
    monitor.registerResourceHook = (_request: unknown, done: (error: null) => void): void => done(null);
}

/** What the providers would add: the name of what was given none, an address, a password. */
function outputs(type: string, name: string, inputs: Record<string, unknown>): Record<string, unknown> {
  if (type === "random:index/randomPassword:RandomPassword") return { ...inputs, result: "generated" };
  if (type.startsWith("aws:")) return { ...inputs, ...awsOutputs(type, name, inputs) };
  if (type.startsWith("azure-native:")) return azureOutputs(type, name, inputs);
  if (type.startsWith("gcp:")) return gcpOutputs(type, name, inputs);
  if (!type.startsWith("kubernetes:")) return inputs;
  const metadata = { name: `${name}-auto`, ...(inputs["metadata"] as object | undefined) };
  const spec =
    type === "kubernetes:core/v1:Service"
      ? { clusterIP: "10.96.1.2", ...(inputs["spec"] as object) }
      : inputs["spec"];
  return { ...inputs, metadata, ...(spec === undefined ? {} : { spec }) };
}

const SIGNATURE = "4dabf18193072939515e22adb298388d";

function plainSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainSecrets);
  if (typeof value !== "object" || value === null) return value;
  if (SIGNATURE in value && "value" in value) return { secret: value.value };
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainSecrets(inner)]));
}

/** The one resource of a type with a name. */
export function find(resources: readonly Recorded[], type: string, name: string): Record<string, unknown> {
  const found = resources.filter((resource) => resource.type === type && resource.name === name);
  if (found.length !== 1 || found[0] === undefined)
    throw new Error(
      `${found.length} resources ${type} ${name} among ${resources.map((one) => one.name).join(", ")}`,
    );
  return found[0].inputs;
}

/** `type name` of every resource. */
export function list(resources: readonly Recorded[]): string[] {
  return resources.map(({ type, name }) => `${type} ${name}`);
}

/** Resources of one component: those that carry its name. */
export function named(resources: readonly Recorded[], name: string): Recorded[] {
  return resources.filter((resource) => resource.name === name || resource.name.startsWith(`${name}-`));
}

/** `type name` of the resources that an output of a recorded program depends on, sorted. */
export async function dependenciesOf(output: pulumi.Output<unknown>): Promise<string[]> {
  const tracked = output as unknown as { allResources(): Promise<Set<pulumi.Resource>> };
  const urns = [...(await tracked.allResources())].map(({ urn }) => valueOf(urn));
  return (await Promise.all(urns)).map((urn) => urn.split(/::|\$/).slice(-2).join(" ")).sort();
}

/** The value of an output of a recorded program. */
export function valueOf<T>(output: pulumi.Output<T> | undefined): Promise<T> {
  if (output === undefined) throw new Error("the component has no such output");
  return (output as unknown as { promise(): Promise<T> }).promise();
}
