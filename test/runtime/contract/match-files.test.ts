import { expect, it } from "vitest";
import { matchFiles } from "../../../runtime/contract/match-files.ts";

const NAMES = [
  "a.csv",
  "b.csv.gz",
  "data/a.csv",
  "data/2013/1.parquet",
  "data/2013/10.parquet",
  "data/2014/1.parquet",
  "a+b.csv",
];

it.each([
  ["a.csv", ["a.csv"]],
  ["*.csv", ["a+b.csv", "a.csv"]],
  ["a+b.csv", ["a+b.csv"]],
  ["a.cs", []],
  ["aXcsv", []],
  ["data/*/1.parquet", ["data/2013/1.parquet", "data/2014/1.parquet"]],
  ["data/2013/1*.parquet", ["data/2013/1.parquet", "data/2013/10.parquet"]],
  ["**/*.csv", ["a+b.csv", "a.csv", "data/a.csv"]],
  ["data/**/*.parquet", ["data/2013/1.parquet", "data/2013/10.parquet", "data/2014/1.parquet"]],
  ["data/**", ["data/2013/1.parquet", "data/2013/10.parquet", "data/2014/1.parquet", "data/a.csv"]],
])("the pattern %s matches %j", (pattern, matched) => {
  expect(matchFiles(pattern, NAMES)).toEqual(matched);
});
