import { expect, test } from "vitest";
import { Route53Dns } from "../../../components/aws/route53.ts";
import { find, list, record, valueOf } from "../record.ts";

test("a zone that is not delegated has a certificate, but does not wait for it", async () => {
  const { resources, result } = await record(() => new Route53Dns("dns", { zone: "ml.example.com" }));
  expect(list(resources)).toEqual([
    "aws:acm/certificate:Certificate dns-certificate",
    "aws:route53/record:Record dns-issuers",
    "aws:route53/record:Record dns-proof",
    "aws:route53/zone:Zone dns-zone",
    "slipway:dns:Route53Dns dns",
  ]);
  expect(find(resources, "aws:acm/certificate:Certificate", "dns-certificate")).toMatchObject({
    domainName: "ml.example.com",
    subjectAlternativeNames: ["*.ml.example.com"],
    validationMethod: "DNS",
  });
  expect(find(resources, "aws:route53/record:Record", "dns-proof")).toMatchObject({
    name: "_x.example.com.",
    type: "CNAME",
    records: ["_y."],
  });
  expect(find(resources, "aws:route53/record:Record", "dns-issuers")).toMatchObject({
    type: "CAA",
    records: ['0 issue "amazon.com"', '0 issuewild "amazon.com"'],
  });
  expect(result.certificateArn).toBeUndefined();
  expect(await valueOf(result.nameServers)).toEqual(["ns-1.example", "ns-2.example"]);
});

test("a zone that is delegated waits for its certificate", async () => {
  const { resources, result } = await record(
    () => new Route53Dns("dns", { zone: "ml.example.com", delegated: true }),
  );
  expect(
    find(resources, "aws:acm/certificateValidation:CertificateValidation", "dns-validation"),
  ).toMatchObject({ certificateArn: "arn:dns-certificate" });
  expect(result.certificateArn).toBeDefined();
});
