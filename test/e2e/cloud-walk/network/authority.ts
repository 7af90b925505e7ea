import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../../../../local/run-command.ts";

/** A certificate with its private key, as PEM. */
export interface Certificate {
  cert: string;
  key: string;
  /** Paths of the same, for programs. */
  files: { cert: string; key: string };
}

/** The certificate authority that stands for the public ones: pods, nodes and commands of the walk trust it. */
export class Authority {
  /** Path of its certificate. */
  readonly file: string;
  readonly #folder: string;
  #serial = 0;

  private constructor(folder: string) {
    this.#folder = folder;
    this.file = join(folder, "authority.crt");
  }

  static async create(): Promise<Authority> {
    const authority = new Authority(await mkdtemp(join(tmpdir(), "cloud-walk-authority-")));
    await authority.#openssl("genpkey", ...EC, "-out", authority.#path("authority.key"));
    await authority.#openssl(
      ...["req", "-x509", "-new", "-sha256", "-days", "2", "-subj", "/CN=walk"],
      ...["-key", authority.#path("authority.key"), "-out", authority.file],
    );
    return authority;
  }

  get folder(): string {
    return this.#folder;
  }

  /** Issues a server certificate for names such as `DNS:*.example.com` and `IP:10.0.0.1`. */
  async issue(...names: string[]): Promise<Certificate> {
    return this.#sign("walk", `subjectAltName=${names.join(",")}\n`);
  }

  /** Issues a server certificate for a common name alone, without alternative names. */
  async issueForCommonName(commonName: string): Promise<Certificate> {
    return this.#sign(commonName, "");
  }

  async #sign(commonName: string, names: string): Promise<Certificate> {
    const name = `server-${this.#serial++}`;
    const [key, request, extensions, cert] = ["key", "csr", "ext", "crt"].map((end) =>
      this.#path(`${name}.${end}`),
    ) as [string, string, string, string];
    await this.#openssl("genpkey", ...EC, "-out", key);
    await this.#openssl("req", "-new", "-key", key, "-subj", `/CN=${commonName}`, "-out", request);
    await writeFile(extensions, `basicConstraints=critical,CA:FALSE\nextendedKeyUsage=serverAuth\n${names}`);
    await this.#openssl(
      ...["x509", "-req", "-sha256", "-days", "2", "-in", request, "-extfile", extensions, "-out", cert],
      ...["-CA", this.file, "-CAkey", this.#path("authority.key"), "-CAcreateserial"],
    );
    return {
      cert: await readFile(cert, "utf8"),
      key: await readFile(key, "utf8"),
      files: { cert, key },
    };
  }

  #path(file: string): string {
    return join(this.#folder, file);
  }

  async #openssl(...args: string[]): Promise<void> {
    await runCommand("openssl", args);
  }
}

const EC = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];
