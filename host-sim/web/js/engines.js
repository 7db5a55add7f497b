// The page of engines and jails: how each fares, and what may be done to it. What is shown is read again every second;
// the buttons stay the same elements, so that none is replaced under the mouse.
import { get, post } from "./api.js";
import { dateTimeWords, el, replace, timeWords } from "./dom.js";

const titles = { gp: "GP record", ooh: "Out-of-hours queue", ae: "A&E board" };
const states = { ready: "Ready", starting: "Starting", resting: "Failed: is started again in a moment", quarantined: "Left alone: it failed again and again" };

const memory = (bytes) => (bytes ? `${(bytes / 1048576).toFixed(1)} MB` : "not known");
const times = (count, one, none) => (count ? `${count} ${count === 1 ? "time" : "times"}${one ? `, ${one}` : ""}` : none);

function sandbox(words) {
  if (!words) return "not known";
  const [holds, lacks] = words.split("; lacking here: ");
  return [el("span", {}, holds), el("br"), lacks ? el("span", { class: "wrong" }, `This kernel lacks: ${lacks}`) : el("span", { class: "good" }, "Nothing is lacking here")];
}

const fact = (name, value, id) => [el("dt", {}, name), el("dd", { "data-testid": id }, value)];

function engineFacts(host) {
  const engine = host.engine;
  if (!engine) return [fact("State", "It has not answered yet", "state")];
  return [
    fact("State", host.answers ? el("span", { class: "good" }, engine.safe_mode ? "Runs in safe mode, without plugins" : "Runs") : el("span", { class: "wrong" }, "Does not answer: the facts below are the last ones"), "state"),
    fact("Process", String(engine.process), "process"),
    fact("Memory", memory(engine.memory), "memory"),
    fact("Calls answered", String(engine.calls), "calls"),
    fact("Runs since", dateTimeWords(engine.started), "since"),
    fact("Restarted", times(engine.restarts, "", "never"), "restarts"),
    fact("Upgraded", times(engine.upgrades, "", "never"), "upgrades"),
    fact("Signature", "None: it is installed beside the library by the administrator", "signature"),
    fact("Version", engine.version, "version"),
    fact("Sandbox", sandbox(engine.sandbox), "sandbox"),
  ];
}

function jailFacts(host) {
  const plugin = host.plugin;
  if (!plugin) return [fact("State", "It has not answered yet", "state")];
  const fails = plugin.state === "resting" || plugin.state === "quarantined";
  return [
    fact("State", el("span", { class: plugin.state === "ready" ? "good" : "wrong" }, states[plugin.state] ?? plugin.state, fails && plugin.next_start ? `, next start ${timeWords(plugin.next_start)}` : ""), "state"),
    fact("Process", plugin.process ? String(plugin.process) : "none now", "process"),
    fact("Memory", memory(plugin.memory), "memory"),
    fact("Calls answered", String(plugin.calls), "calls"),
    fact("Restarted", times(Math.max(0, plugin.starts - 1), "", "never"), "restarts"),
    fact("Upgraded", times(plugin.replaced, "", "never"), "upgrades"),
    fact("Last failure", plugin.last_failure ? `${timeWords(plugin.last_failure_at)} ${plugin.last_failure}` : "none", "failure"),
    fact("Signature", plugin.signature, "signature"),
    fact("Version", plugin.version === host.installed ? plugin.version : `${plugin.version}; installed is ${host.installed}`, "version"),
    fact("Sandbox", sandbox(plugin.sandbox), "sandbox"),
  ];
}

class Part {
  constructor(kind, part, name, words) {
    this.kind = kind;
    this.part = part;
    this.facts = el("dl", { class: "facts" });
    this.upgrade = this.button("upgrade", words.upgrade);
    this.node = el("section", { class: "box", "aria-label": `${name} of the ${titles[kind] ?? kind}`, "data-testid": `${part}-${kind}` },
      el("h3", {}, name), this.facts,
      el("p", { class: "acts" }, this.button("crash", words.crash), this.button("hang", words.hang), this.upgrade));
  }

  button(act, words) {
    return el("button", { type: "button", class: "btn", "data-testid": `${act}-${this.part}-${this.kind}`, onclick: () => this.act(act) }, words);
  }

  async act(act) {
    try {
      draw(await post("plan-services", { host: this.kind, part: this.part, act }));
      say("");
    } catch (problem) {
      say(problem.message);
    }
  }
}

class Service {
  constructor(host) {
    this.engine = new Part(host.kind, "engine", "Engine", { crash: "Crash it", hang: "Hang it", upgrade: "Install an engine in its place" });
    this.jail = new Part(host.kind, "plugin", "Jail of the plugin", { crash: "Crash it", hang: "Hang it", upgrade: "Install the other version of the plugin" });
    this.told = el("ul", { "data-testid": `told-${host.kind}` });
    this.node = el("section", { "aria-label": titles[host.kind] ?? host.kind, "data-testid": `service-${host.kind}` },
      el("h2", {}, el("a", { href: host.url }, titles[host.kind] ?? host.kind), el("span", { class: "quiet" }, ` host process ${host.process}`)),
      el("div", { class: "parts" }, this.engine.node, this.jail.node), this.told);
  }

  show(host) {
    replace(this.engine.facts, engineFacts(host));
    replace(this.jail.facts, jailFacts(host));
    const told = host.events ?? [];
    replace(this.told, host.sentence ? el("li", { class: "wrong" }, host.sentence) : null, told.map((one) => el("li", {}, `${timeWords(one.at)} ${one.sentence}`)));
  }
}

const services = new Map();
function draw(state) {
  for (const host of state.hosts) {
    if (!services.has(host.kind)) {
      services.set(host.kind, new Service(host));
      document.getElementById("services").append(services.get(host.kind).node);
    }
    services.get(host.kind).show(host);
  }
}

function say(words) {
  replace(document.getElementById("message"), words ? el("p", { class: "say say--wrong" }, words) : null);
}

async function read() {
  try {
    draw(await get("plan-services"));
  } catch (problem) {
    say(problem.message);
  }
  setTimeout(read, 1000);
}

await read();
