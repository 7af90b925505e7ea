import { isAnywhere } from "../rule/anywhere.ts";
import { must, rule, types } from "../rule/rule.ts";
import type { ResourceRule } from "../rule/rule.ts";

const EVERYONE = ["allUsers", "allAuthenticatedUsers"];

export const gcpExposureRules: ResourceRule[] = [
  rule({
    name: "gcp-firewall-not-open",
    title: "Firewall rules let nobody in from the whole internet",
    severity: "critical",
    source: ["CKV_GCP_2", "CKV_GCP_3"],
    fix: "name the networks in `sourceRanges`, or the service accounts",
    types: types("gcp:compute/firewall:Firewall"),
    check: ({ properties }, report) => {
      if (properties.at("direction").is("EGRESS") || properties.at("allows").isEmpty) return;
      for (const range of properties.at("sourceRanges").items())
        if (isAnywhere(range)) report(`${range.path} must not be ${range.shown}`);
    },
  }),
  rule({
    name: "gcp-run-not-public",
    title: "Cloud Run and Cloud Functions authenticate their callers",
    severity: "critical",
    source: ["CKV_GCP_102", "CKV_GCP_107"],
    fix: "name the members that may call the service",
    types: types(
      "gcp:cloudrunv2/serviceIamMember:ServiceIamMember",
      "gcp:cloudrunv2/serviceIamBinding:ServiceIamBinding",
      "gcp:cloudrun/iamMember:IamMember",
      "gcp:cloudrun/iamBinding:IamBinding",
      "gcp:cloudfunctionsv2/functionIamMember:FunctionIamMember",
      "gcp:cloudfunctionsv2/functionIamBinding:FunctionIamBinding",
    ),
    check: ({ properties }, report) => {
      for (const member of [properties.at("member"), ...properties.at("members").items()])
        if (member.is(...EVERYONE)) report(`${member.path} must not be ${member.shown}`);
    },
  }),
  rule({
    name: "gcp-sql-not-public",
    title: "Cloud SQL has no public address",
    severity: "critical",
    source: ["CKV_GCP_60", "CKV_GCP_11"],
    fix: "set `settings.ipConfiguration.ipv4Enabled: false` and `privateNetwork`",
    types: types("gcp:sql/databaseInstance:DatabaseInstance"),
    // Google's default is a public address.
    check: ({ properties }, report) =>
      must(properties.at("settings.ipConfiguration.ipv4Enabled"), [false], report),
  }),
];
