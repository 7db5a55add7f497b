// The same form, the same answers, the same response: our published form in LHC-Forms and in our own page.
// What may differ is written in docs/data-sets.md, "In another renderer".
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, Person, pictures } from "./browser.mjs";
import { fetchLhcForms, LhcForm } from "./lhc_forms.mjs";
import { Simulator } from "./simulator.mjs";

const files = fetchLhcForms();
const skip = files ? false : "LHC-Forms is not there: npm could not be reached";
let simulator, browser, gp, ooh, plan;

before(async () => {
  if (skip) return;
  simulator = await Simulator.start();
  browser = await launch();
  gp = await Person.at(browser, simulator.hosts.gp, "piwobi");
}, { timeout: 120000 });

after(async () => {
  for (const person of [gp, ooh]) if (person) assert.deepEqual(person.problems, [], "no script error on a page");
  await browser?.close();
  const code = simulator ? await simulator.stop() : 0;
  simulator?.forget();
  assert.equal(code, 0);
});

const published = async (url) => (await simulator.fhir(`/Questionnaire?url=${encodeURIComponent(url)}`)).entry[0].resource;

// What a response says: nested link ids and answers. Rows' ids are the engine's, texts repeat the form's.
function said(items) {
  return (items ?? []).filter((item) => !item.linkId.endsWith(".$row")).map((item) => {
    const inner = said(item.item);
    const out = { linkId: item.linkId };
    if (item.answer?.length) out.answer = item.answer.map(({ item: below, ...value }) => value);
    if (inner.length) out.item = inner;
    return out;
  }).filter((item) => item.answer || item.item);
}

// What the form holds before anybody types: the record's facts and the defaults.
function startOf(view, questionnaire) {
  const sections = questionnaire.item.map((section) => ({ linkId: section.linkId, item: [] }));
  const inner = (items) => items.filter((one) => one.answer?.length).map((one) => ({ linkId: one.linkId, answer: one.answer }));
  for (const item of view.items) {
    const section = sections.find((one) => one.linkId === item.section);
    if (item.answer?.length) section.item.push({ linkId: item.linkId, answer: item.answer });
    else if (item.rows) section.item.push(...item.rows.map((row) => ({ linkId: item.linkId, item: inner(row.items) })));
    else if (item.type === "group" && inner(item.items).length) section.item.push({ linkId: item.linkId, item: inner(item.items) });
  }
  return { resourceType: "QuestionnaireResponse", status: "in-progress", questionnaire: `${questionnaire.url}|${questionnaire.version}`,
    item: sections.filter((section) => section.item.length) };
}

const codingOf = (questionnaire, linkId, code) => {
  const find = (items) => items.flatMap((item) => [item, ...find(item.item ?? [])]);
  return find(questionnaire.item).find((item) => item.linkId === linkId).answerOption.map((one) => one.valueCoding).find((one) => one.code === code);
};

// Opens a form by a button, and gives what it holds before anybody types.
async function opened(person, action) {
  const reply = person.page.waitForResponse((one) => one.request().method() === "POST" && new URL(one.url()).pathname === "/api/panels");
  await person.by(action).click();
  const { panel } = await (await reply).json();
  await person.page.locator("[data-testid=core] > [data-testid^=field-]").first().waitFor();
  const read = () => person.page.evaluate(async (id) => (await (await fetch(`/api/panels/${id}`)).json()).view, panel);
  let view = await read();
  for (let wait = 0; view.record === "awaited" && wait < 50; ++wait) view = await read();
  return view;
}

// Every answer is given to both forms, by the controls of each.
const hands = (person, form, questionnaire) => ({
  choose: async (linkId, code) => { await person.choose(linkId, code); await form.choose(linkId, codingOf(questionnaire, linkId, code).display); },
  write: async (linkId, text) => { await person.write(linkId, text); await form.write(linkId, text); },
  suggest: async (linkId, text) => { await person.write(linkId, text); await form.suggest(linkId, text); },
  date: async (linkId, ...parts) => { await person.field(linkId).waitFor(); await person.date(linkId, ...parts); await form.date(linkId, ...parts); },
});

test("a plan typed in LHC-Forms and in our page is the same response", { skip, timeout: 150000 }, async () => {
  await gp.page.waitForFunction(() => document.querySelectorAll('[data-knowledge="no-plan"]').length > 0);
  const patient = (await gp.rows()).find((row) => row.plan.knowledge === "no-plan" && row.nhs_number);
  await gp.by(`open-${patient.id}`).click();
  const view = await opened(gp, "action-create");
  const questionnaire = await published("urn:x-local:careplug:Questionnaire:urgent-care-plan");
  const form = await LhcForm.of(browser, files, questionnaire, startOf(view, questionnaire));
  const both = hands(gp, form, questionnaire);
  for (const more of ["com", "ppl", "leg", "pref"]) await gp.by(`details-${more}`).locator("summary").click();

  await both.choose("con.status", "882921000000109");
  await both.date("con.date", "2026", "11", "19");
  await both.choose("leg.capacity", "has-capacity");
  await both.suggest("dx.primary", "Motor neurone disease, bulbar onset");
  await both.choose("cpr.decision", "450476008");
  await both.date("cpr.date", "2026", "11", "20");
  await both.choose("cpr.discussed", "873341000000100");
  await both.choose("cpr.discussed", "713656002");
  await both.write("cpr.where", "Yellow folder, hall table");
  await both.write("cpr.reason", "Would not survive; burdens outweigh\nbenefits. \u0645\u0631\u062D\u0628\u0627 e\u0301t\u00E9 \u{1F415} <b>not markup</b>");
  await both.choose("tep.level", "hospital-ward-based-treatment");
  await both.choose("leg.adrt", "none-known");
  await both.choose("leg.lpa", "none-known");
  await both.choose("ppl.carer", "184156005");
  await both.write("ppl.carer_name", "Omar Example");
  await both.write("com.function", "40");
  await both.suggest("pref.care", "By the sea");
  await both.suggest("pref.ppd1", "Patient's own home");
  await both.write("pref.matters", "To be at home with my dog");

  for (const [place, name, number] of [[1, "Grace Example", "07700 900 417"], [2, "Noor Example", "07700 900 418"]]) {
    if (place === 2) await form.add("ppl.emergency");
    await gp.field("ppl.emergency").getByTestId("add-row").click();
    const row = gp.field("ppl.emergency").getByTestId("group-row").nth(place - 1);
    await row.getByTestId("field-ppl.emergency.name").locator("textarea, input").fill(name);
    await row.getByTestId("field-ppl.emergency.phone").locator("input").first().fill(number);
    await row.getByTestId("field-ppl.emergency.order").locator("input").fill(String(place));
    await form.write("ppl.emergency.name", name, `1/${place}/1`);
    await form.write("ppl.emergency.phone", number, `1/${place}/1`);
    await form.write("ppl.emergency.order", String(place), `1/${place}/1`);
  }
  await gp.by("draft-kept").waitFor();
  await gp.by("publish").click();
  await gp.by("banner-flags").getByTestId("flag-dnacpr").waitFor();

  const bundle = await simulator.fhir(`/CarePlan?patient.identifier=${encodeURIComponent(`https://fhir.nhs.uk/Id/nhs-number|${patient.nhs_number}`)}`);
  plan = bundle.entry[0].resource;
  const ours = await simulator.fhir(`/${plan.supportingInfo[0].reference}`);
  const theirs = await form.response();
  assert.equal(theirs.questionnaire, ours.questionnaire);
  assert.ok(said(ours.item).length >= 10, "the plan has answers in its sections");
  assert.deepEqual(said(theirs.item), said(ours.item));
  assert.deepEqual(form.problems, [], "no script error in LHC-Forms");
  await form.page.screenshot({ path: join(pictures, "20-lhc-forms.png"), fullPage: true });
  await form.close();
});

// An old code counts as what it means with us; LHC-Forms shows no answer that is none of the form's choices.
function hasOldCode(questionnaire, response) {
  const all = (items) => items.flatMap((item) => [item, ...all(item.item ?? [])]);
  const asked = new Map(all(questionnaire.item).map((item) => [item.linkId, item]));
  return all(response.item).some((item) => asked.get(item.linkId)?.type === "choice" &&
    item.answer?.some(({ valueCoding: code }) => !asked.get(item.linkId).answerOption.some((one) => one.valueCoding.code === code.code)));
}

test("plans published by us are shown by LHC-Forms whole, and come out of it unchanged", { skip, timeout: 150000 }, async () => {
  const found = await simulator.fhir("/CarePlan?status=active&_count=10");
  let compared = 0;
  const plans = [plan, ...found.entry.map((one) => one.resource).filter((one) => one.id !== plan.id)];
  for (const each of plans.filter((one) => one.supportingInfo)) {
    const ours = await simulator.fhir(`/${each.supportingInfo[0].reference}`);
    const [url, version] = ours.questionnaire.split("|");
    const questionnaire = await published(url);
    assert.equal(questionnaire.version, version);
    if (hasOldCode(questionnaire, ours)) continue;
    compared += 1;
    const form = await LhcForm.of(browser, files, questionnaire, ours);
    assert.deepEqual(said((await form.response()).item), said(ours.item), each.id);
    assert.deepEqual(form.problems, []);
    await form.close();
    if (compared === 4) break;
  }
  assert.ok(compared >= 3, `${compared} plans compared`);
});

test("a contact note written in LHC-Forms and in our page is the same response", { skip, timeout: 150000 }, async () => {
  ooh = await Person.at(browser, simulator.hosts.ooh, "rpetrov");
  await ooh.page.waitForFunction(() => document.querySelectorAll('[data-knowledge="plan"]').length > 0);
  const row = (await ooh.rows()).find((one) => one.plan.knowledge === "plan");
  await ooh.by(`open-${row.id}`).click();
  await ooh.by("panel-read").waitFor();
  const reply = ooh.page.waitForResponse((one) => one.request().method() === "POST" && new URL(one.url()).pathname === "/api/panels");
  await ooh.by("add-note").click();
  const { panel } = await (await reply).json();
  await ooh.by("panel-note").waitFor();
  const view = await ooh.page.evaluate(async (id) => (await (await fetch(`/api/panels/${id}`)).json()).view, panel);
  const questionnaire = await published("urn:x-local:careplug:Questionnaire:urgent-care-contact");
  const group = questionnaire.item[0].item[0];
  const given = { resourceType: "QuestionnaireResponse", status: "in-progress", item: [{ linkId: questionnaire.item[0].linkId,
    item: [{ linkId: group.linkId, item: view.items.filter((one) => one.answer?.length).map((one) => ({ linkId: one.linkId, answer: one.answer })) }] }] };
  const form = await LhcForm.of(browser, files, questionnaire, given);
  const text = "Breathless at 02:00, settled with a fan.\nStayed at home.";
  await ooh.write("evt.note.text", text);
  await form.write("evt.note.text", text, "1/1/1");
  await ooh.by("draft-kept").waitFor();
  await ooh.by("submit-note").click();
  await ooh.by("notes").getByText("settled with a fan").waitFor();
  await simulator.opens(row.nhs_number);
  const { entry } = await simulator.fhir(`/QuestionnaireResponse?questionnaire=${encodeURIComponent(`${questionnaire.url}|${questionnaire.version}`)}`);
  const ours = entry.map((one) => one.resource).find((one) => JSON.stringify(one).includes("settled with a fan"));
  assert.ok(ours, "the note is on the exchange");
  assert.deepEqual(said((await form.response()).item), said(ours.item));
  await form.close();
});
