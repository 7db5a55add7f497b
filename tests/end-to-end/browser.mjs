// Chromium, one profile for each person, and what a person does on the simulator's pages.
import AxeBuilder from "@axe-core/playwright";
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { build } from "./simulator.mjs";

const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
export const pictures = join(build, "screenshots");

export async function launch() {
  mkdirSync(pictures, { recursive: true });
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags });
}

// One person at one host, in a browser profile of their own.
export class Person {
  static async at(browser, url, user, size = { width: 1440, height: 900 }) {
    const context = await browser.newContext({ viewport: size, locale: "en-GB" });
    const person = new Person();
    person.context = context;
    person.page = await context.newPage();
    person.problems = [];
    person.page.on("pageerror", (problem) => person.problems.push(String(problem)));
    person.page.setDefaultTimeout(15000);
    await person.page.goto(url);
    if (user) await person.page.getByTestId(`sign-in-${user}`).click();
    if (user) await person.page.getByTestId("list").waitFor();
    return person;
  }

  by(id) { return this.page.getByTestId(id); }
  row(id) { return this.by(`row-${id}`); }
  field(linkId) { return this.by(`field-${linkId}`); }

  // The host's own rows, as its page gets them.
  rows() { return this.page.evaluate(async () => (await (await fetch("/api/patients")).json()).patients); }

  async choose(linkId, code) {
    const field = this.field(linkId);
    const select = field.locator("select");
    if (await select.count()) {
      await select.selectOption(await select.locator(`option[data-code="${code}"]`).getAttribute("value"));
      return;
    }
    const input = field.locator(`input[data-code="${code}"]`);
    await field.locator(`label[for="${await input.getAttribute("id")}"]`).click();
  }

  write(linkId, text) { return this.field(linkId).locator("input, textarea").first().fill(text); }

  async date(linkId, year, month, day) {
    for (const [part, value] of Object.entries({ day, month, year })) await this.field(linkId).locator(`[data-part=${part}]`).fill(value);
  }

  async picture(name) {
    await this.page.screenshot({ path: join(pictures, `${name}.png`) });
  }

  // No serious or critical finding of axe on the page as it stands.
  async accessible(name) {
    const { violations } = await new AxeBuilder({ page: this.page }).analyze();
    const grave = violations.filter((one) => one.impact === "serious" || one.impact === "critical");
    assert.deepEqual(grave.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).slice(0, 3).join(", ")}`), [], `axe on ${name}`);
  }
}
