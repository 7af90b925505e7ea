import { BadInput } from "../../errors.ts";

const HEADER = "header.";
/** A header value without line breaks, which Node refuses with a message that shows the value. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * Returns the headers that prove who reads: from `token`, or `username` and `password`, and of each `header.NAME`.
 * Throws BadInput for other entries. No message has a value.
 */
export function httpCredentials(
  workload: string,
  entries: Readonly<Record<string, string>>,
): Record<string, string> {
  const { token, username, password, ...others } = entries;
  const refuse = (rule: string): never => {
    throw new BadInput(
      `${workload}: the Secret of source.credentials must ${rule}, got ${Object.keys(entries).join(", ")}`,
    );
  };
  if ((username === undefined) !== (password === undefined))
    refuse("have both username and password, or neither");
  if (token !== undefined && username !== undefined) refuse("have either token, or username and password");
  const headers: Record<string, string> = {};
  if (token !== undefined) headers["authorization"] = `Bearer ${token}`;
  if (username !== undefined)
    headers["authorization"] = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  for (const [entry, value] of Object.entries(others)) {
    if (!new RegExp(`^${HEADER}[A-Za-z0-9-]+$`).test(entry))
      refuse("have the entries token, username and password, or header.NAME");
    headers[entry.slice(HEADER.length).toLowerCase()] = value;
  }
  for (const [name, value] of Object.entries(headers))
    if (!VALUE.test(value)) refuse(`have values of one line (header ${name})`);
  return headers;
}
