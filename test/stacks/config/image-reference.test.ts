import { expect, it } from "vitest";
import { parseImageReference } from "../../../stacks/config/image-reference.ts";

const digest = `sha256:${"a".repeat(64)}`;
const hub = ["index.docker.io", "docker.io"];

it.each([
  [
    "docker.io/prom/prometheus:v3.5.0",
    {
      url: "https://registry-1.docker.io",
      credentialHosts: hub,
      repository: "prom/prometheus",
      tag: "v3.5.0",
    },
  ],
  [
    "docker.io/redis:7",
    { url: "https://registry-1.docker.io", credentialHosts: hub, repository: "library/redis", tag: "7" },
  ],
  [
    `quay.io/a/b/c:1@${digest}`,
    { url: "https://quay.io", credentialHosts: ["quay.io"], repository: "a/b/c", tag: "1", digest },
  ],
  [
    `localhost:5000/a@${digest}`,
    { url: "http://localhost:5000", credentialHosts: ["localhost:5000"], repository: "a", digest },
  ],
  [
    "http://10.88.0.1:5000/slipway/runtime:main",
    {
      url: "http://10.88.0.1:5000",
      credentialHosts: ["10.88.0.1:5000"],
      repository: "slipway/runtime",
      tag: "main",
    },
  ],
])("reads %s", (text, image) => {
  expect(parseImageReference(text)).toEqual(image);
});

it.each([
  ["a name without a host", "prom/prometheus:v3"],
  ["neither a tag nor a digest", "docker.io/prom/prometheus"],
  ["a short digest", "docker.io/prom/prometheus@sha256:abc"],
  ["two digests", `docker.io/a@${digest}@${digest}`],
  ["upper case", "docker.io/Prom/prometheus:v3"],
  ["nothing", ""],
])("refuses %s", (_, text) => {
  expect(() => parseImageReference(text)).toThrow(/^image reference: must be HOST\/REPOSITORY:TAG/);
});
