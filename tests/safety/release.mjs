// What is built for care has no switch: the sources that ask for a control are compiled as such a build compiles
// them, and hold neither the name of the switch nor that of a control. The smallest source of each room; with
// `--long` all of them.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";

const build = resolve(process.env.CAREPLUG_BUILD_DIR ?? "build");
const most = process.argv.includes("--long") ? Infinity : 1;
const folder = mkdtempSync(join(tmpdir(), "careplug-release-"));
const switched = /CAREPLUG_CONTROLS_OFF|H\d+\.[a-z][a-z-]+/;

// Command and folder of each source that asks for a control, by room.
const rooms = new Map();
for (const { directory, command, file } of JSON.parse(readFileSync(join(build, "compile_commands.json"), "utf8"))) {
  const room = /^(sdk\/[a-z]+|host-sim\/exchange)\//.exec(relative(process.cwd(), file))?.[1];
  if (room && readFileSync(file, "utf8").includes("careplug/controls/controls.h")) rooms.set(room, [...(rooms.get(room) ?? []), { directory, command, file }]);
}

const stringsOf = (object) => execFileSync("strings", ["-a", object], { encoding: "utf8", maxBuffer: 1 << 28 });

function compiled(object, command, directory) {
  const made = spawnSync("bash", ["-c", command.replace(/ -o \S+/, ` -o ${object}`)], { cwd: directory, encoding: "utf8" });
  if (made.status !== 0) throw new Error(`${command}\n${made.stderr}`);
  return stringsOf(object);
}

// The object of this build where that has switches, else one made with them: it shows that there is something to find.
function withSwitches(object, command, directory) {
  const built = join(directory, / -o (\S+)/.exec(command)[1]);
  if (command.includes("-DCAREPLUG_CONTROL_SWITCHES") && existsSync(built)) return stringsOf(built);
  return compiled(object, `${command} -DCAREPLUG_CONTROL_SWITCHES`, directory);
}

let failed = 0;
try {
  for (const [room, sources] of rooms)
    for (const { directory, command, file } of sources.sort((a, b) => statSync(a.file).size - statSync(b.file).size).slice(0, most)) {
      const object = join(folder, "object.o");
      // Debug information repeats names of files, and of nothing that runs.
      const bare = command.replaceAll("-DCAREPLUG_CONTROL_SWITCHES", "").replace(" -g1", "");
      const found = switched.exec(compiled(object, bare, directory));
      const seen = switched.test(withSwitches(object, command, directory));
      if (found) console.error(`${relative(process.cwd(), file)}: what is built for care holds "${found[0]}"`);
      else if (!seen) console.error(`${relative(process.cwd(), file)}: a build with switches has none here either, so this shows nothing`);
      else console.log(`${room}: ${relative(process.cwd(), file)} has no switch`);
      failed += found || !seen ? 1 : 0;
    }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (rooms.size === 0) console.error("no source asks for a control");
process.exit(failed || rooms.size === 0 ? 1 : 0);
