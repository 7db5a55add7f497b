// LHC-Forms of the National Library of Medicine: a renderer of FHIR Questionnaires that shares no line with ours.
// Its npm package also asks for the parts that it was built from, which nobody needs to run it: so the one
// package is fetched, and taken only when it is the one that is pinned here.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "./simulator.mjs";

const version = "40.1.3";
const sha256 = "288cff4360e8a90a44e994a01422d2cf970170000ce915b5739ccc383097edd9";
const address = "http://lhc-forms.test";
const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>LHC-Forms</title><link rel="stylesheet" href="/webcomponent/styles.css">
<main id="form"></main><script src="/webcomponent/assets/lib/zone.min.js"></script><script src="/webcomponent/lhc-forms.js"></script>
<script src="/fhir/R4/lformsFHIR.min.js"></script></html>`;

// The folder of its files, or null where npm cannot be reached.
export function fetchLhcForms() {
  const folder = join(build, "peers");
  const packed = join(folder, `lforms-${version}.tgz`);
  const files = join(folder, `lforms-${version}`);
  mkdirSync(files, { recursive: true });
  if (!existsSync(packed)) {
    try {
      execFileSync("npm", ["pack", "--silent", `lforms@${version}`], { cwd: folder, timeout: 60000, stdio: ["ignore", "ignore", "ignore"] });
    } catch {
      return null;
    }
  }
  const found = createHash("sha256").update(readFileSync(packed)).digest("hex");
  if (found !== sha256) throw new Error(`${packed} is not the package that is pinned here: its SHA-256 is ${found}`);
  if (!existsSync(join(files, "package"))) execFileSync("tar", ["-xzf", `../lforms-${version}.tgz`], { cwd: files });
  return join(files, "package", "dist", "lforms");
}

// One form, filled in by its own controls.
export class LhcForm {
  // `given`: a QuestionnaireResponse that it starts from.
  static async of(browser, folder, questionnaire, given) {
    const form = new LhcForm();
    form.context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB" });
    form.page = await form.context.newPage();
    form.page.setDefaultTimeout(5000);
    form.problems = [];
    form.page.on("pageerror", (problem) => form.problems.push(String(problem)));
    await form.page.route("**/*", (route) => {
      const { pathname, origin } = new URL(route.request().url());
      if (origin !== address) return route.abort();
      return pathname === "/" ? route.fulfill({ contentType: "text/html", body: page }) : route.fulfill({ path: join(folder, pathname) });
    });
    await form.page.goto(address);
    await form.page.evaluate(async ([asked, answers]) => {
      const { LForms } = window;
      let shown = LForms.Util.convertFHIRQuestionnaireToLForms(asked, "R4");
      if (answers) shown = LForms.Util.mergeFHIRDataIntoLForms(answers, shown, "R4");
      await LForms.Util.addFormToPage(shown, "form");
    }, [questionnaire, given]);
    return form;
  }

  control(linkId, place) { return this.page.locator(`[id="${linkId}/${place}"]`); }

  // `place`: which of the repeated ones, in LHC-Forms' own notation "1/1", "1/2/1".
  async write(linkId, text, place = "1/1") { await this.control(linkId, place).fill(text); }

  async choose(linkId, display, place = "1/1") {
    await this.control(linkId, place).click();
    await this.control(linkId, place).pressSequentially(display.slice(0, 40));
    await this.page.locator("#completionOptions li").filter({ hasText: display }).first().click();
  }

  // A word of one's own where suggestions are only suggestions.
  async suggest(linkId, text, place = "1/1") {
    await this.control(linkId, place).fill(text);
    await this.control(linkId, place).press("Tab");
  }

  async date(linkId, year, month, day, place = "1/1") {
    const input = this.control(linkId, place).locator("input");
    await input.fill(`${month}/${day}/${year}`);
    await input.press("Enter");
  }

  add(linkId, place = "1/1") { return this.page.locator(`[id="add-${linkId}/${place}"]`).click(); }

  response() { return this.page.evaluate(() => window.LForms.Util.getFormFHIRData("QuestionnaireResponse", "R4")); }

  close() { return this.context.close(); }
}
