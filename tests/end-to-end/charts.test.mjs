// Two charts at once and an exchange that takes four seconds to answer: nothing of one patient ever stands under
// the other's banner. Every page looks at itself every 50 ms and whenever it changes.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, Person } from "./browser.mjs";
import { Simulator } from "./simulator.mjs";
import { supersede } from "./demographics.mjs";
import { SlowExchange, startHost } from "./slow_host.mjs";

const late = 4000;
const unused = "9990000026";
const every = 50;
const flower = { house: "House of the Alder Tree", marks: [] };
const stone = { house: "House of the Granite Stone", marks: [] };
let simulator, slow, host, browser, gp, samples = 0;

// In the page: counts looks, and keeps what stands where it must not. `charts` are two lists of marks, each with
// the number of its patient first.
function watchPage({ charts, every }) {
  const state = (window.looks = { count: 0, seen: [0, 0], wrong: [] });
  const text = (selector) => [...document.querySelectorAll(selector)].map((node) => `${node.innerText} ${[...node.querySelectorAll("input, textarea")].map((one) => one.value).join(" ")} ${node.getAttribute("aria-label") ?? ""}`).join(" ").replace(/\s+/g, " ");
  const look = () => {
    state.count += 1;
    const banner = text("[data-testid=banner]");
    const shown = `${banner} ${text("section[data-testid=patient-banner], [data-testid=banner-flags], [data-testid=flag-meanings], [data-testid=actions], .record, .case, .panel, .messages")}`;
    const open = charts.findIndex(([number]) => banner.includes(number));
    if (open >= 0) state.seen[open] += 1;
    charts.forEach((marks, of) => {
      if (of === open) return;
      const found = marks.find((mark) => shown.includes(mark));
      if (found) state.wrong.push(`${found} under ${open < 0 ? "no banner" : charts[open][0]}`);
    });
  };
  setInterval(look, every);
  new MutationObserver(look).observe(document.documentElement, { subtree: true, childList: true, characterData: true });
}

const watch = (person) => person.page.evaluate(watchPage, { charts: [flower.marks, stone.marks], every });

async function looked(person, words) {
  const looks = await person.page.evaluate(() => window.looks);
  assert.deepEqual([...new Set(looks.wrong)], [], `${words}: nothing of one patient under the other's banner`);
  samples += looks.count;
  return looks;
}

const openRow = (person, chart) => person.by(`open-${chart.id}`).click();
const back = (person) => person.by("back").click();
// As a hurried clinician: by the address, without a way over the list.
const jump = (person, chart) => person.page.evaluate((id) => { location.hash = id; }, chart.id);
const planOf = (person, chart) => person.by("panel-read").filter({ hasText: chart.house });
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

before(async () => {
  simulator = await Simulator.start();
  slow = await SlowExchange.before(simulator.exchange);
  host = await startHost(simulator, "gp", slow.url, { web: process.env.CAREPLUG_WEB });
  browser = await launch();
  gp = await Person.at(browser, host.url, "piwobi");
  await gp.page.waitForFunction(() => document.querySelectorAll('[data-knowledge="plan"]').length > 5);
  const rows = (await gp.rows()).filter((one) => one.plan.knowledge === "plan" && one.plan.flags.every((flag) => flag.id !== "awaiting-approval"));
  const [one, ...others] = rows;
  Object.assign(flower, one);
  Object.assign(stone, others.find((each) => each.family !== one.family && each.given !== one.given));
  for (const chart of [flower, stone]) {
    const number = chart.nhs_number.replace(/(...)(...)(....)/, "$1 $2 $3");
    chart.marks = [number, chart.nhs_number, chart.family.toUpperCase(), `${chart.given} ${chart.family}`, chart.house];
    await openRow(gp, chart);
    await gp.by("action-edit").click();
    await gp.by("panel-edit").waitFor();
    await gp.write("pref.care", chart.house);
    await gp.by("draft-kept").waitFor();
    await gp.by("publish").click();
    await planOf(gp, chart).waitFor();
    await back(gp);
  }
  assert.notEqual(flower.marks[0], stone.marks[0]);
  slow.delay = late;
}, { timeout: 120000 });

after(async () => {
  await browser?.close();
  await host?.stop();
  slow?.stop();
  await simulator?.stop();
  simulator?.forget();
});

test("hazard H1: left before its plan arrived, a patient leaves nothing, and nothing comes late", async () => {
  await watch(gp);
  await openRow(gp, flower);
  await gp.by("action-read").click();
  await pause(700);
  await back(gp);
  await openRow(gp, stone);
  await gp.by("action-read").click();
  await pause(300);
  // There and back while both answers are on their way.
  for (const chart of [flower, stone, flower, stone]) {
    await jump(gp, chart);
    await gp.by("action-read").click();
    await pause(400 + Math.random() * 900);
  }
  await gp.picture("30-two-charts-waiting");
  await planOf(gp, stone).waitFor({ timeout: 40000 });
  await gp.picture("31-two-charts-arrived");
  await pause(late + 500);
  const looks = await looked(gp, "there and back");
  assert.ok(looks.seen[0] > 20 && looks.seen[1] > 20, `both charts were looked at: ${looks.seen}`);
}, { timeout: 120000 });

test("hazard H1: a patient who is left with an open form keeps the draft, and its text is not the next one's", async () => {
  slow.delay = 0;
  await jump(gp, flower);
  await gp.by("action-edit").click();
  await gp.by("panel-edit").waitFor();
  slow.delay = late;
  const typed = "Alder draft, typed and left at once";
  flower.marks.push(typed);
  await watch(gp);
  await gp.field("pref.matters").locator("textarea").fill(typed);
  await jump(gp, stone);
  await gp.by("banner").filter({ hasText: stone.marks[0] }).waitFor();
  await gp.by("action-read").click();
  await pause(1500);
  await jump(gp, flower);
  await gp.by("action-continue").click();
  await gp.by("panel-edit").waitFor();
  assert.equal(await gp.field("pref.matters").locator("textarea").inputValue(), typed);
  await jump(gp, stone);
  await gp.by("action-read").click();
  await planOf(gp, stone).waitFor({ timeout: 40000 });
  await looked(gp, "a draft that was left");
}, { timeout: 120000 });

test("hazard H1: two windows, of one person and of two, with two patients at once", async () => {
  slow.delay = 0;
  const second = await Person.at(browser, host.url, "lodell");
  await second.page.waitForFunction(() => document.querySelectorAll('[data-knowledge="plan"]').length > 5);
  slow.delay = late;
  const tab = new Person();
  tab.context = gp.context;
  tab.page = await gp.context.newPage();
  tab.page.setDefaultTimeout(15000);
  await tab.page.goto(host.url);
  await tab.by("list").waitFor();
  const people = [gp, second, tab];
  if (await gp.by("back").count()) await back(gp);
  for (const person of people) await watch(person);
  for (const round of [0, 1]) {
    const charts = round ? [stone, flower, flower] : [flower, stone, stone];
    await Promise.all(people.map(async (person, at) => {
      await jump(person, charts[at]);
      await person.by("action-read").click();
      await pause(300 + at * 500);
    }));
    await pause(late / 2);
  }
  await planOf(second, flower).waitFor({ timeout: 120000 });
  await planOf(gp, stone).waitFor({ timeout: 120000 });
  await second.picture("32-second-window");
  for (const person of people) await looked(person, "windows");
  for (const person of [second, tab]) assert.equal(await person.by("banner").filter({ hasText: flower.marks[0] }).count(), 1);
  await second.context.close();
}, { timeout: 280000 });

test("hazard H4: a draft that was not deleted after all keeps what is typed from then on", async () => {
  slow.delay = 0;
  await jump(gp, flower);
  await gp.by("action-continue").click();
  await gp.by("panel-edit").waitFor();
  await gp.page.route("**/api/panels/*/discard", (route) => route.fulfill({ status: 409, json: { sentence: "This draft is open in another window." } }));
  await gp.by("discard").click();
  await gp.by("discard-yes").click();
  await gp.by("panel-status").getByText("another window").waitFor();
  await gp.page.unroute("**/api/panels/*/discard");
  const typed = "Typed after the draft stayed";
  await gp.field("pref.matters").locator("textarea").fill(typed);
  await gp.by("panel-close").click();
  await gp.by("panel-edit").waitFor({ state: "detached" });
  await gp.by("action-continue").click();
  await gp.by("panel-edit").waitFor();
  assert.equal(await gp.field("pref.matters").locator("textarea").inputValue(), typed);
}, { timeout: 120000 });

test("hazard H1: what became of one patient's change is neither said nor done at the next one, who came meanwhile", async () => {
  await gp.page.route("**/api/panels/*/close", async (route) => { await pause(1500); await route.continue(); });
  const closing = gp.page.waitForRequest(/panels\/[^/]+\/close$/);
  await gp.by("publish").click();
  await closing;
  await jump(gp, stone);
  await gp.by("banner").filter({ hasText: stone.marks[0] }).waitFor();
  await pause(3000);
  assert.doesNotMatch(await gp.by("message").innerText(), /revision|published|saved/i);
  assert.equal(await gp.page.locator(".panel").count(), 0, "nothing opened by itself");
  await gp.page.unroute("**/api/panels/*/close");
  await back(gp);
  await gp.by("message").filter({ hasText: flower.given }).waitFor();
}, { timeout: 120000 });

test("hazard H1: a number that is superseded while its plan is read takes the plan off the screen, and says where it is", async () => {
  slow.delay = 0;
  await jump(gp, flower);
  await gp.by("action-read").click();
  await planOf(gp, flower).waitFor();
  await supersede(simulator, flower.nhs_number, unused);
  await gp.by("warning").filter({ hasText: "superseded by" }).waitFor({ timeout: 40000 });
  assert.doesNotMatch(await gp.by("panel-read").innerText(), new RegExp(flower.house));
  assert.equal(await gp.by("banner-flags").getByTestId("flag-dnacpr").count(), 0);
  await gp.picture("33-superseded");
  await gp.accessible("superseded number");
}, { timeout: 120000 });

test("hazard H1: the pages were looked at many times", () => {
  console.log(`looked at ${samples} times`);
  assert.ok(samples > 1000, `${samples} looks`);
});
