// Runs the proofs of each control with the control switched off: they must fail, by an assertion of their own.
//   node tests/safety/switches.mjs [--long] [--only ID]...
// Without --long one proof of each control runs, the first that is not marked long. Where another control would cover
// the one that is off, the proof names it as `without`: with that one alone off it must pass, with both off it must fail.
import { execFile } from "node:child_process";
import { existsSync, readFileSync, readdirSync, readlinkSync } from "node:fs";
import { cpus } from "node:os";
import { basename, join, resolve } from "node:path";
import { hazardLog } from "./log.mjs";

const build = resolve(process.env.CAREPLUG_BUILD_DIR ?? "build");
const long = process.argv.includes("--long");
const only = process.argv.filter((_, at) => process.argv[at - 1] === "--only");
const limit = (proof) => (proof.long ? 400 : 90) * 1000;

const passes = "STILL PASSES";

// The program that a test's source is part of, as the build says.
const programs = new Map();
for (const { file, command } of JSON.parse(readFileSync(join(build, "compile_commands.json"), "utf8"))) {
  const [, target] = / -o \S*CMakeFiles\/([^/]+)\.dir\//.exec(command) ?? [];
  const program = join(build, "tests", target ?? "");
  if (target && existsSync(program) && !programs.has(file)) programs.set(file, program);
}

function run(off, command, args, timeout) {
  const env = { ...process.env, CAREPLUG_BUILD_DIR: build, CAREPLUG_CONTROLS_OFF: off.join(",") };
  delete env.NODE_TEST_CONTEXT;
  return new Promise((done) =>
    execFile(command, args, { env, timeout, killSignal: "SIGKILL", maxBuffer: 1 << 28, encoding: "utf8" }, (failure, stdout, stderr) => {
      endOrphans(env.CAREPLUG_CONTROLS_OFF);
      done({ stdout, stderr, late: failure?.killed === true, signal: failure?.signal, status: failure ? failure.code : 0 });
    }));
}

// With its control off a process may outlive who started it: what is left of this proof, and nothing else, ends here.
function endOrphans(off) {
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const orphan = /^PPid:\t1$/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
      if (!orphan || !readlinkSync(`/proc/${pid}/exe`).startsWith(`${build}/`)) continue;
      if (readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(`CAREPLUG_CONTROLS_OFF=${off}`)) process.kill(Number(pid), "SIGKILL");
    } catch {
      // It has ended, or is not ours to look at.
    }
  }
}

const text = (xml) => xml.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&").replace(/\s+/g, " ").trim();

async function catchProof(off, proof) {
  const program = programs.get(resolve(proof.test.file));
  if (!program) return { problem: `no program in ${build}/tests is built from ${proof.test.file}` };
  const { stdout, late, signal } = await run(off, program, ["-r", "xml", proof.name.replace(/[\\,[\]"]/g, "\\$&")], limit(proof));
  if (late) return { problem: "took too long" };
  const cases = [...stdout.matchAll(/<TestCase /g)].length;
  if (cases !== 1) return { problem: `${cases} tests ran` };
  if (/<FatalErrorCondition/.test(stdout) || signal) return { problem: "crashed" };
  const failed = [...stdout.matchAll(/<Expression success="false"[^>]*filename="([^"]*)" line="(\d+)"[^>]*>\s*<Original>([\s\S]*?)<\/Original>\s*<Expanded>([\s\S]*?)<\/Expanded>/g)].map(([, file, line, original]) => ({ file, at: `${basename(file)}:${line}`, what: text(original) }));
  failed.push(...[...stdout.matchAll(/<Failure filename="([^"]*)" line="(\d+)"[^>]*>([\s\S]*?)<\/Failure>/g)].map(([, file, line, words]) => ({ file, at: `${basename(file)}:${line}`, what: text(words) })));
  const own = failed.find(({ file }) => file.endsWith(proof.test.file) || file.endsWith(proof.in ?? proof.test.file));
  if (own) return { failed: `${own.at} ${own.what}` };
  if (failed.length) return { problem: `failed elsewhere: ${failed[0].at} ${failed[0].what}` };
  const exception = /<Exception[^>]*>([\s\S]*?)<\/Exception>/.exec(stdout);
  return { problem: exception ? `threw: ${text(exception[1])}` : passes };
}

async function nodeProof(off, proof) {
  const pattern = `^${proof.name.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&")}$`;
  const { stdout, late } = await run(off, process.execPath, ["--test", "--test-reporter=tap", `--test-name-pattern=${pattern}`, proof.test.file], limit(proof));
  if (late) return { problem: "took too long" };
  const [, result] = new RegExp(`^\\s*(ok|not ok) \\d+ - ${proof.name.replace(/[.*+?^${}()|[\]\\#]/g, "\\\\?\\$&")}(?! # SKIP)`, "m").exec(stdout) ?? [];
  if (!result) return { problem: "did not run" };
  if (result === "ok") return { problem: passes };
  const [, error] = /error: (?:\|-\s*)?([^\n]*)/.exec(stdout) ?? [];
  return /code: 'ERR_ASSERTION'/.test(stdout) ? { failed: `${basename(proof.test.file)} ${error ?? ""}` } : { problem: `failed, and not by an assertion: ${error}` };
}

const outcome = (off, proof) => (proof.test.file.endsWith(".mjs") ? nodeProof : catchProof)(off, proof);

async function judge(control, proof) {
  if (!proof.test) return { problem: "there is no such test" };
  if (proof.without) {
    const alone = await outcome(proof.without, proof);
    if (alone.problem !== passes) return { problem: `with ${proof.without} off it should pass: ${alone.failed ?? alone.problem}` };
  }
  return outcome([control.id, ...(proof.without ?? [])], proof);
}

const { controls, wrong } = hazardLog();
const runs = controls
  .filter((control) => control.switched && (only.length === 0 || only.includes(control.id)))
  .flatMap((control) => (long ? control.proofs : control.proofs.filter((proof) => !proof.long).slice(0, 1)).map((proof) => ({ control, proof })));
const results = [];
const waiting = [...runs];
const started = Date.now();
await Promise.all(
  Array.from({ length: Math.min(2, cpus().length) }, async () => {
    for (let next; (next = waiting.shift()); ) {
      const { control, proof } = next;
      const begun = Date.now();
      results.push({ ...next, ...(await judge(control, proof)), seconds: (Date.now() - begun) / 1000 });
    }
  }),
);
results.sort((a, b) => runs.findIndex((each) => each.proof === a.proof) - runs.findIndex((each) => each.proof === b.proof));
for (const { control, proof, failed, problem, seconds } of results)
  console.log(`${failed ? "ok   " : "WRONG"} ${control.id.padEnd(30)} ${seconds.toFixed(1).padStart(5)} s  ${proof.name}\n      ${failed ? `fails at ${failed.slice(0, 160)}` : problem}`);
const bad = results.filter((each) => !each.failed);
console.log(`${results.length} proofs of ${new Set(results.map((each) => each.control.id)).size} controls with their control off: ${bad.length} wrong; ${((Date.now() - started) / 1000).toFixed(0)} s`);
for (const each of wrong) console.log(each);
process.exit(bad.length || wrong.length ? 1 : 0);
