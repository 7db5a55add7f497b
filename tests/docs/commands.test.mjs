// Every command that a page shows runs. A page's blocks of shell run in order, in a folder of their own,
// with the built programs on the PATH; ports are replaced by free ones.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";

const build = resolve(process.env.CAREPLUG_BUILD_DIR ?? "build");

const blocks = (page) => [...readFileSync(page, "utf8").matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, text]) => text);

test("operators: the commands of the page bring up an exchange that answers", () => {
  const folder = mkdtempSync(join(tmpdir(), "careplug-docs-"));
  try {
    mkdirSync(join(folder, "bin"));
    for (const program of ["careplug-exchange", "careplug-engine"]) symlinkSync(join(build, "bin", program), join(folder, "bin", program));
    symlinkSync(resolve("sdk/plan/datasets"), join(folder, "datasets"));
    const port = 20000 + (process.pid % 20000);
    const script = blocks("docs/operators.md").join("\n").replaceAll("8084", String(port)).replaceAll("/usr/share/careplug/datasets", join(folder, "datasets"));
    const { status, stdout, stderr } = spawnSync("bash", ["-euo", "pipefail", "-c", script], { cwd: folder, encoding: "utf8", timeout: 60000, env: { ...process.env, PATH: `${join(folder, "bin")}:${process.env.PATH}` } });
    assert.equal(status, 0, stderr);
    assert.match(stdout, /CapabilityStatement/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("first plugin: the commands of the page sign a package that is accepted", () => {
  const folder = mkdtempSync(join(tmpdir(), "careplug-docs-"));
  try {
    mkdirSync(join(folder, "bin"));
    symlinkSync(join(build, "bin", "careplug"), join(folder, "bin", "careplug"));
    mkdirSync(join(folder, "build", "plugins"), { recursive: true });
    copyFileSync(join(build, "tests", "sample-plugins", "night_nursing.so"), join(folder, "build", "plugins", "night_nursing.so"));
    const { status, stdout, stderr } = spawnSync("bash", ["-euo", "pipefail", "-c", blocks("docs/first-plugin.md").join("\n")], { cwd: folder, encoding: "utf8", timeout: 60000, env: { ...process.env, PATH: `${join(folder, "bin")}:${process.env.PATH}` } });
    assert.equal(status, 0, stderr + stdout);
    assert.match(stdout, /^Signed example\.night-nursing 1\.0\.0 of Example Ltd/m);
    assert.match(stdout, /^accepted$/m);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("README: its commands are those of ./dev", () => {
  const known = execFileSync("./dev", ["help"], { encoding: "utf8" });
  for (const line of blocks("README.md").join("\n").trim().split("\n")) {
    const [program, command] = line.split(" ");
    assert.equal(program, "./dev");
    assert.match(known, new RegExp(`^\\./dev ${command} `, "m"));
  }
});
