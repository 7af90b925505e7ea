import { describe, expect, it } from "vitest";
import { checksumOf, formatChecksums, parseChecksums } from "../../../local/tools/checksums.ts";

const a = "a".repeat(64);
const b = "b".repeat(64);

describe("the checksum of a file", () => {
  it.each([
    ["alone, as dl.k8s.io serves it", a],
    ["alone, with a line end", `${a}\n`],
    ["in capital letters", `${a.toUpperCase()}\n`],
    ["on the line of sha256sum", `${a}  kubelet\n`],
    ["on a line of a binary file", `${a} *kubelet\n`],
    ["on one of several lines", `${b}  kubelet.tar.gz\n${a}  kubelet\r\n${b}  my-kubelet\n`],
  ])("is found %s", (_form, text) => {
    expect(checksumOf("kubelet", text)).toBe(a);
  });

  it.each([
    ["of another file", `${a}  kube-proxy\n`],
    ["of another length", `${a}0  kubelet\n${a.slice(1)}  kubelet\n`],
    ["in the page of a login", `<html><body>${a}</body></html>`],
    ["in an empty answer", ""],
  ])("is not one %s", (_form, text) => {
    expect(checksumOf("kubelet", text)).toBeUndefined();
  });
});

it("reads what it writes, and skips comments", () => {
  const sums = new Map([
    ["dl.k8s.io/release/v1.35.4/bin/linux/amd64/kubelet", a],
    ["github.com/coredns/coredns", b],
  ]);
  expect(parseChecksums(`# comment\n\n${formatChecksums(sums)}`)).toEqual(sums);
});
