// The real simulator for a browser test: a folder of its own, ports of its own.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

export const build = process.env.CAREPLUG_BUILD_DIR ?? "build";

export class Simulator {
  static async start({ patients = 60, seed = 7 } = {}) {
    const simulator = new Simulator();
    simulator.folder = mkdtempSync(join(tmpdir(), "careplug-story-"));
    simulator.process = spawn(join(build, "bin", "careplug-sim"),
      ["--port", "0", "--data", join(simulator.folder, "data"), "--patients", String(patients), "--seed", String(seed), "--json"],
      { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    simulator.process.stderr.on("data", (text) => { said += text; });
    const lines = createInterface({ input: simulator.process.stdout });
    const first = await Promise.race([
      new Promise((resolve) => lines.once("line", resolve)),
      new Promise((_, reject) => simulator.process.once("exit", (code) => reject(new Error(`careplug-sim ended with ${code}: ${said}`)))),
    ]);
    const addresses = JSON.parse(first);
    Object.assign(simulator, { url: addresses.url, hosts: addresses.hosts, exchange: addresses.fhir, token: addresses.token });
    return simulator;
  }

  // GET on the exchange from outside, as any FHIR client would.
  async fhir(path) {
    const reply = await fetch(this.exchange + path, { headers: { Authorization: `Bearer ${this.token}` } });
    if (!reply.ok) throw new Error(`GET ${path}: ${reply.status} ${await reply.text()}`);
    return reply.json();
  }

  async stop() {
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    this.process.kill("SIGTERM");
    const code = await ended;
    rmSync(this.folder, { recursive: true, force: true });
    return code;
  }
}
