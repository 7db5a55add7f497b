// A simulated host of its own whose exchange answers late: a server before the exchange holds each request back.
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build } from "./simulator.mjs";

export class SlowExchange {
  static async before(exchange) {
    const slow = new SlowExchange();
    const target = new URL(exchange);
    slow.delay = 0;
    slow.server = createServer((asked, answer) => {
      const pass = () => {
        const onward = request({ host: target.hostname, port: target.port, method: asked.method, path: asked.url, headers: asked.headers }, async (reply) => {
          if (asked.url.includes("$events")) {
            answer.writeHead(reply.statusCode, reply.headers);
            reply.pipe(answer);
            return;
          }
          let body = "";
          for await (const part of reply.setEncoding("utf8")) body += part;
          // Further pages are asked for here too.
          body = Buffer.from(body.replaceAll(target.origin, `http://${asked.headers.host}`));
          answer.writeHead(reply.statusCode, { ...reply.headers, "content-length": body.length });
          answer.end(body);
        });
        onward.on("error", () => answer.destroy());
        answer.on("close", () => onward.destroy());
        asked.pipe(onward);
      };
      // The stream of changes is no answer: it stays open.
      setTimeout(pass, asked.url.includes("$events") ? 0 : slow.delay);
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => slow.server.once("listening", resolve));
    slow.url = `http://127.0.0.1:${slow.server.address().port}${target.pathname}`;
    return slow;
  }

  stop() { this.server.closeAllConnections(); this.server.close(); }
}

// `web` serves other pages than those that were built.
export async function startHost(simulator, kind, exchange, { web = join(build, "share", "web"), patients = 60, seed = 7 } = {}) {
  const data = join(simulator.folder, "data");
  const folder = join(simulator.folder, `slow-${kind}`);
  mkdirSync(join(folder, "store"), { recursive: true, mode: 0o700 });
  const settings = JSON.parse(readFileSync(join(data, "hosts", kind, "settings.json"), "utf8"));
  Object.assign(settings, { exchange, store: join(folder, "store"), log: join(folder, "engine.log") });
  writeFileSync(join(folder, "settings.json"), JSON.stringify(settings));
  const host = spawn(join(build, "bin", "careplug-sim-host"), ["--kind", kind, "--settings", join(folder, "settings.json"), "--key", join(data, "keys", `${kind}.key`),
    "--web", web, "--seed", String(seed), "--patients", String(patients)], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise((resolve) => host.once("exit", resolve));
  const first = await new Promise((resolve) => createInterface({ input: host.stdout }).once("line", resolve));
  return { url: JSON.parse(first).url, stop: async () => { host.stdin.end(); host.kill("SIGTERM"); await ended; } };
}
