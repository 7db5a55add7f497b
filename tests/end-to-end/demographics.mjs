// The operator's demographics feed, as the exchange knows it: a token of role "system".
import { createSign, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const nhsNumber = "https://fhir.nhs.uk/Id/nhs-number";
const encoded = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

function token(simulator) {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: "sim", sub: "demographics", name: "Demographics feed", role: "system", senior: false, organisation: "X26", organisation_name: "Demographics", aud: "careplug-exchange", iat: now, exp: now + 300, jti: randomUUID() };
  const signed = `${encoded({ alg: "RS256", typ: "JWT", kid: "sim" })}.${encoded(claims)}`;
  const signature = createSign("RSA-SHA256").update(signed).sign(readFileSync(join(simulator.folder, "data", "keys", "sim.key")));
  return `${signed}.${signature.toString("base64url")}`;
}

// Says on both sides that `before` was replaced by `now`.
export async function supersede(simulator, before, now) {
  const call = async (method, path, body, version) => {
    const headers = { Authorization: `Bearer ${token(simulator)}`, "Content-Type": "application/fhir+json", ...(version ? { "If-Match": `W/"${version}"` } : {}) };
    const reply = await fetch(simulator.exchange + path, { method, headers, body: body && JSON.stringify(body) });
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`);
    return reply.json();
  };
  const found = await call("GET", `/Patient?identifier=${encodeURIComponent(`${nhsNumber}|${before}`)}`);
  const old = found.entry[0].resource;
  const made = await call("POST", "/Patient", { resourceType: "Patient", identifier: [{ system: nhsNumber, value: now }], birthDate: old.birthDate });
  await call("PUT", `/Patient/${made.id}`, { ...made, link: [{ other: { reference: `Patient/${old.id}` }, type: "replaces" }] }, made.meta.versionId);
  await call("PUT", `/Patient/${old.id}`, { ...old, link: [{ other: { reference: `Patient/${made.id}` }, type: "replaced-by" }] }, old.meta.versionId);
}
