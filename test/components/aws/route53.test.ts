import { expect, test } from "vitest";
import { Route53Dns } from "../../../components/aws/route53.ts";
import { find, list, record } from "../record.ts";

test("a zone has a certificate for all names in it, a validation record, and a CAA record", async () => {
  const { resources } = await record(() => new Route53Dns("dns", { zone: "ml.example.com" }));
  expect(list(resources)).toEqual([
    "aws:acm/certificate:Certificate dns-certificate",
    "aws:acm/certificateValidation:CertificateValidation dns-validation",
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
});
