import { spawn, type ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { runCommand } from "../../../../local/run-command.ts";
import type { Certificate } from "../network/authority.ts";

/** A Redis of a cloud: TLS and a password. */
export class ManagedRedis {
  #process: ChildProcess | undefined;
  readonly #address: string;
  readonly #port: number;
  readonly #certificate: Certificate;
  readonly #authority: string;

  constructor(options: { address: string; port: number; certificate: Certificate; authority: string }) {
    this.#address = options.address;
    this.#port = options.port;
    this.#certificate = options.certificate;
    this.#authority = options.authority;
  }

  async start(password: string): Promise<void> {
    const { cert, key } = this.#certificate.files;
    const options = {
      bind: this.#address,
      port: "0",
      "tls-port": String(this.#port),
      "tls-cert-file": cert,
      "tls-key-file": key,
      "tls-ca-cert-file": this.#authority,
      "tls-auth-clients": "no",
      save: "",
      "protected-mode": "no",
    };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
    this.#process = spawn("redis-server", ["-", ...args], { stdio: ["pipe", "ignore", "inherit"] });
    this.#process.stdin?.end(`requirepass "${password}"\n`); // `ps` shows arguments
    const tls = ["--tls", "--cacert", this.#authority, "-h", this.#address, "-p", String(this.#port)];
    for (let attempt = 0; attempt < 50; attempt++) {
      const answer = await runCommand("redis-cli", [...tls, "ping"]).catch(() => "");
      if (answer.includes("NOAUTH") || answer.includes("PONG")) return;
      await sleep(100);
    }
    throw new Error("redis-server does not answer");
  }

  stop(): void {
    this.#process?.kill("SIGKILL");
  }
}
