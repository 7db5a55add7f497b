// The pages of the hazard log, from its data.
import { likelihoods, riskOf, severities } from "./log.mjs";

const cell = (text) => text.replaceAll("|", "\\|").replaceAll("<", "&lt;").replaceAll("\n", " ");
const plain = (text) => text.replaceAll("<", "&lt;");
const capital = (text) => text[0].toUpperCase() + text.slice(1);
const risk = (of) => `${riskOf(of)} (${of.severity}, likelihood ${of.likelihood})`;

// The clinicians' page: one row for each hazard.
export function overview({ hazards }) {
  const rows = hazards.map((hazard) => {
    const number = hazard.controls.length;
    const built = number === 0 ? "none" : `[${number}](safety/hazard-log.md#${hazard.id.toLowerCase()})`;
    return `| [${hazard.id}](safety/hazard-log.md#${hazard.id.toLowerCase()}) | ${cell(hazard.title)} | ${cell(hazard.today)} | ${built} | ${riskOf(hazard.initial)} → ${riskOf(hazard.residual)} |`;
  });
  return ["| | hazard | what holds it today | controls | risk |", "|---|---|---|---|---|", ...rows].join("\n");
}

function matrix() {
  const rows = [...likelihoods].reverse().map((likelihood) => `| **${likelihood}** | ${severities.map((severity) => riskOf({ severity, likelihood })).join(" | ")} |`);
  return [`| likelihood ↓ severity → | ${severities.join(" | ")} |`, `|---|${severities.map(() => "---|").join("")}`, ...rows].join("\n");
}

function proofLine(proof) {
  if (!proof.test) return `  - **proof missing**: ${plain(proof.name)}`;
  return `  - ${plain(proof.test.sentence)} — \`${proof.test.file}\`${proof.test.skipped ? " **skipped**" : ""}`;
}

function controlLines(control) {
  const kind = control.switched ? "" : ` *No switch: ${plain(control.structural)}*`;
  const depth = control.note ? ` *${plain(control.note)}*` : "";
  const lines = [`- **${control.id}** ${plain(control.sentence ?? "(not in the list of controls)")}.${depth}${kind}`];
  if (control.elsewhere) return [`${lines[0]} See [${control.hazard}](#${control.hazard.toLowerCase()}).`];
  return [...lines, ...(control.proofs.length ? control.proofs.map(proofLine) : ["  - **no test proves it**"])];
}

function section(hazard) {
  const text = [`<a id="${hazard.id.toLowerCase()}"></a>`, "", `## ${hazard.id} ${hazard.title}`, ""];
  if (hazard.notBuilt) text.push(`**${hazard.notBuilt}**`, "");
  text.push("| | |", "|---|---|", `| causes | ${hazard.causes.map(cell).join(" · ")} |`, `| effect | ${cell(hazard.effect)} |`);
  text.push(`| initial risk (proposal) | ${risk(hazard.initial)} |`, `| residual risk (proposal) | ${risk(hazard.residual)}: ${cell(hazard.residual.why)} |`, "");
  if (hazard.controls.length) text.push("Controls and their proofs:", "", ...hazard.controls.flatMap(controlLines), "");
  if (hazard.otherTests.length)
    text.push("Other tests that name this hazard:", "", ...hazard.otherTests.map((test) => `- ${plain(test.sentence)} — \`${test.file}\`${test.skipped ? " **skipped**" : ""}`), "");
  if (hazard.open?.length) text.push("Left to others, or open:", "", ...hazard.open.map((each) => `- ${plain(each)}`), "");
  return text.join("\n");
}

export function hazardLogPage({ hazards, controls, wrong }) {
  const switched = controls.filter((control) => control.switched).length;
  const head = `# Hazard log

In the form of DCB0129: each hazard with its causes, effect, controls and risk before and after them. **Severity,
likelihood and risk are proposals** for the clinical safety officer who signs; so is the matrix. Who deploys adds the hazards of
the place (DCB0160). The page is generated: \`node tests/docs/hazards.mjs\` writes it from \`docs/safety/hazards/\`, from the list of
controls (\`sdk/controls\`) and from the names of the tests.

**What a proof is.** A control is code at one place that asks whether it is on. In what is built for care the answer is always
yes and leaves no code; in the build of the tests the environment can switch one control off. The tests run each proof with its control
off, and fail when it still passes: then it would prove nothing. They fail as well when a proof is missing or skipped. ${controls.length} controls,
${switched} with a switch; the others say why they have none, and are proven by looking at what was built.

| risk | means |
|---|---|
| 5 | not acceptable |
| 4 | not acceptable: eliminate, or control until 3 or lower |
| 3 | undesirable: accepted only when it cannot be lowered with reasonable effort |
| 2 | acceptable when lowering it costs more than it helps |
| 1 | acceptable |

${matrix()}
`;
  const missing = wrong.length ? ["", "## What is missing", "", ...wrong.map((each) => `- **${plain(each)}**`), ""] : [];
  return `${[head, ...missing, ...hazards.map(section)].join("\n").trimEnd()}\n`;
}
