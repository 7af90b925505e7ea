// Preloaded into the commands of the walk: resolves the hosts of WALK_HOSTS to WALK_ADDRESS, as the DNS of the internet would.
import dns from "node:dns";

const { WALK_HOSTS = "", WALK_ADDRESS = "" } = process.env;
const hosts = WALK_HOSTS.split(",");
const stands = (name) =>
  hosts.some((host) => (host.startsWith("*.") ? name.endsWith(host.slice(1)) : name === host));
const { lookup } = dns;

dns.lookup = (name, options, callback) => {
  const done = typeof options === "function" ? options : callback;
  if (!stands(name)) return lookup(name, options, callback);
  const all = typeof options === "object" && options !== null && options.all === true;
  process.nextTick(() =>
    all ? done(null, [{ address: WALK_ADDRESS, family: 4 }]) : done(null, WALK_ADDRESS, 4),
  );
};
