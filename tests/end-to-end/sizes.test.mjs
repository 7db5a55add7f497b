// The pages on a small desk screen, on a telephone, and enlarged to twice their size: nothing runs over, nothing
// is cut, every button can be reached.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, Person } from "./browser.mjs";
import { Simulator } from "./simulator.mjs";

const sizes = [
  { name: "1024x768", size: { width: 1024, height: 768 } },
  { name: "320", size: { width: 320, height: 640 } },
  // 1440 x 900 at 200 %.
  { name: "200-percent", size: { width: 720, height: 450 } },
];
let simulator, browser;

before(async () => {
  simulator = await Simulator.start();
  browser = await launch();
}, { timeout: 120000 });

after(async () => {
  await browser?.close();
  const code = await simulator?.stop();
  simulator?.forget();
  assert.equal(code, 0);
});

// What is wrong with the page as it stands, in words.
const faults = (person) => person.page.evaluate(() => {
  const found = [];
  const name = (one) => `${one.tagName.toLowerCase()} "${(one.innerText || one.ariaLabel || one.dataset.testid || one.className || "").slice(0, 40)}"`;
  const root = document.scrollingElement;
  if (root.scrollWidth > innerWidth + 1) {
    const wide = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest(".nhsuk-u-visually-hidden")).slice(0, 3).map(name);
    found.push(`the page is ${root.scrollWidth} wide of ${innerWidth}: ${wide.join(", ")}`);
  }
  const shown = (one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest(".nhsuk-u-visually-hidden");
  for (const one of document.querySelectorAll("button, label, legend, h1, h2, h3, dt, dd, .flag, .say, p, .facts, .panel__foot, .panel__title, .who"))
    if (shown(one) && one.scrollWidth > one.clientWidth + 2 && one.clientWidth > 0 && getComputedStyle(one).display !== "inline") found.push(`cut: ${name(one)} is ${one.scrollWidth} wide of ${one.clientWidth}`);
  for (const one of document.querySelectorAll("button, a, summary, input, select, textarea")) {
    if (!shown(one) || one.disabled) continue;
    one.scrollIntoView({ block: "center", inline: "center" });
    const box = one.getClientRects()[0];
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height / 2, 12));
    if (box.left < -1 || box.right > innerWidth + 1) found.push(`beside the screen: ${name(one)}`);
    else if (!top || !(one.contains(top) || top.contains(one))) found.push(`hidden: ${name(one)} under ${top ? name(top) : "nothing"}`);
  }
  scrollTo(0, 0);
  return found;
});

for (const { name, size } of sizes)
  test(`hazard H10: at ${name} no text is cut and every button is reached, in the record, the form and the plan`, { timeout: 120000 }, async () => {
    const look = async (person, what) => {
      await person.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
      await person.page.screenshot({ path: `${process.env.CAREPLUG_BUILD_DIR ?? "build"}/screenshots/30-${name}-${what}.png`, fullPage: size.width < 760 });
      assert.deepEqual((await faults(person)).slice(0, 8), [], `${what} at ${name}`);
    };
    const gp = await Person.at(browser, simulator.hosts.gp, "piwobi", size);
    await gp.page.waitForFunction(() => document.querySelectorAll('[data-knowledge="no-plan"]').length > 3 && document.querySelectorAll('[data-knowledge="plan"]').length > 3);
    await look(gp, "list");
    const rows = await gp.rows();
    const without = rows.filter((one) => one.plan.knowledge === "no-plan" && one.number_status === 1)[sizes.findIndex((one) => one.name === name)];
    await gp.by(`open-${without.id}`).click();
    await gp.by("action-create").waitFor();
    await look(gp, "record");
    await gp.by("action-create").click();
    await gp.by("panel-edit").waitFor();
    await gp.choose("cpr.decision", "450476008");
    await gp.field("cpr.date").waitFor();
    await gp.field("ppl.emergency").getByTestId("add-row").click();
    await gp.write("ppl.emergency.name", "Grace Example");
    await gp.write("pref.care", "With her sister Maximiliana-Wilhelmina at the sea, in the room under the roof");
    await gp.by("draft-kept").waitFor();
    await gp.by("publish").click();
    await gp.by("panel-message").waitFor();
    for (const part of await gp.page.locator("[data-testid^=details-] > summary").all()) await part.click();
    await look(gp, "form");
    await gp.accessible(`the form at ${name}`);
    await gp.by("save-and-close").click();
    await gp.by("panel-edit").waitFor({ state: "detached" });
    await gp.by("back").click();
    const plan = rows.find((one) => one.plan.knowledge === "plan" && one.plan.flags.length > 2);
    await gp.by(`open-${plan.id}`).click();
    await gp.by("action-read").click();
    await gp.by("panel-read").waitFor();
    await gp.by("facts").first().waitFor();
    await look(gp, "plan");
    assert.deepEqual(gp.problems, []);
    await gp.context.close();

    const ae = await Person.at(browser, simulator.hosts.ae, "aquaye", size);
    await ae.page.waitForFunction(() => document.querySelectorAll('[data-knowledge="plan"]').length > 5);
    await look(ae, "board");
    const first = (await ae.rows()).find((one) => one.plan.knowledge === "plan");
    await ae.by(`plan-${first.id}`).click();
    await ae.by("panel-cpr").waitFor();
    await look(ae, "board-plan");
    assert.deepEqual(ae.problems, []);
    await ae.context.close();
  });
