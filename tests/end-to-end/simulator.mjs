// The real simulator for a browser test: a folder of its own, ports of its own.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { randomUUID, sign } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";

export const build = process.env.CAREPLUG_BUILD_DIR ?? "build";
const program = join(build, "bin", "careplug-sim");

export class Simulator {
  // `folder` continues with the data of an earlier start.
  static async start({ patients = 60, seed = 7, folder = mkdtempSync(join(tmpdir(), "careplug-sim-")) } = {}) {
    const simulator = new Simulator();
    simulator.folder = folder;
    simulator.process = spawn(program, ["--port", "0", "--data", join(folder, "data"), "--patients", String(patients), "--seed", String(seed), "--json"],
      { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    simulator.process.stderr.on("data", (text) => { said += text; });
    simulator.ended = new Promise((resolve) => simulator.process.once("exit", (code, signal) => resolve(code ?? signal)));
    const lines = createInterface({ input: simulator.process.stdout });
    const first = await Promise.race([
      new Promise((resolve) => lines.once("line", resolve)),
      simulator.ended.then((code) => { throw new Error(`careplug-sim ended with ${code}: ${said}`); }),
    ]);
    const addresses = JSON.parse(first);
    Object.assign(simulator, { url: addresses.url, hosts: addresses.hosts, exchange: addresses.fhir, token: addresses.token });
    return simulator;
  }

  // GET on the exchange from outside, as any FHIR client would: what a revision says is given to who said first why.
  async fhir(path) {
    const answer = await this.get(path);
    if (answer.resourceType !== "QuestionnaireResponse" || !answer.meta?.security?.some((label) => label.code === "REDACTED")) return answer;
    await this.opens(answer.subject.identifier.value);
    return this.get(path);
  }

  async get(path) {
    const reply = await fetch(this.exchange + path, { headers: { Authorization: `Bearer ${this.token}` } });
    if (!reply.ok) throw new Error(`GET ${path}: ${reply.status} ${await reply.text()}`);
    return reply.json();
  }

  // Who reads what a plan says tells the exchange first why.
  async opens(nhsNumber, basis = "registered", reason = "") {
    const claims = JSON.parse(Buffer.from(this.token.split(".")[1], "base64url").toString());
    const event = {
      resourceType: "AuditEvent",
      type: { system: "http://terminology.hl7.org/CodeSystem/audit-event-type", code: "rest" },
      subtype: [{ system: "urn:x-local:careplug:audit", code: basis === "break-glass" ? basis : "open" }],
      recorded: new Date().toISOString(),
      agent: [{ who: { identifier: { system: `urn:x-local:careplug:issuer:${claims.iss}`, value: claims.sub } }, requestor: true }],
      source: { observer: { display: "test" } },
      entity: [{ what: { identifier: { system: "https://fhir.nhs.uk/Id/nhs-number", value: nhsNumber } }, detail: [{ type: "basis", valueString: basis }, ...(reason ? [{ type: "reason", valueString: reason }] : [])] }],
    };
    const reply = await fetch(`${this.exchange}/AuditEvent`, { method: "POST", headers: { Authorization: `Bearer ${this.token}`, "Content-Type": "application/fhir+json" }, body: JSON.stringify(event) });
    if (!reply.ok) throw new Error(`POST AuditEvent: ${reply.status} ${await reply.text()}`);
  }

  // A token of somebody else of this computer: the claims that differ from this one's.
  tokenOf(claims) {
    const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const own = JSON.parse(Buffer.from(this.token.split(".")[1], "base64url").toString());
    const signed = `${part({ alg: "RS256", kid: "sim", typ: "JWT" })}.${part({ ...own, jti: randomUUID(), ...claims })}`;
    const key = readFileSync(join(this.folder, "data", "keys", "sim.key"));
    return `${signed}.${sign("RSA-SHA256", Buffer.from(signed), key).toString("base64url")}`;
  }

  // Its own process and all below it, as "pid program".
  processes() {
    const all = execFileSync("ps", ["-eo", "pid,ppid,args"], { encoding: "utf8" }).split("\n").slice(1)
      .map((line) => /^\s*(\d+)\s+(\d+)\s+(\S+)(.*)$/.exec(line)).filter(Boolean)
      .map(([, pid, parent, name, rest]) => ({ pid: Number(pid), parent: Number(parent), name: basename(name), line: name + rest }));
    const below = (pid) => all.filter((one) => one.parent === pid).flatMap((one) => [one, ...below(one.pid)]);
    return below(this.process.pid);
  }

  async stop(signal = "SIGTERM") {
    this.process.kill(signal);
    return this.ended;
  }

  forget() { rmSync(this.folder, { recursive: true, force: true }); }
}

// Runs the simulator to its end, for starts that must fail: { code, error }.
export function failingStart(...parameters) {
  const { status, stderr } = spawnSync(program, parameters, { encoding: "utf8", timeout: 60000 });
  return { code: status, error: stderr };
}
