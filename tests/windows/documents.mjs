// The documents that the policies are asked with: a plan with decisions, and with letters that
// JSON, HTML and Windows each treat in their own way.
import { readJson } from './tools.mjs';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const planSet = readJson('sdk/plan/datasets/urgent-care-plan.json');
const contactSet = readJson('sdk/plan/datasets/urgent-care-contact.json');
const snomed = 'http://snomed.info/sct';
const canonical = `${planSet.url}|${planSet.version}`;

const text = (linkId, valueString) => ({ linkId, answer: [{ valueString }] });
const date = (linkId, valueDate) => ({ linkId, answer: [{ valueDate }] });
const coded = (linkId, code, display) => ({ linkId, answer: [{ valueCoding: { system: snomed, code, display } }] });

const answers = [
  text('dem.family', '<script>alert(1)</script>'),
  text('dem.given', 'Zoë & "Bo"'),
  date('dem.dob', '1944-06-19'),
  text('dem.nhs', '9990000018'),
  text('dem.access', 'through the side gate'),
  coded('con.status', '882921000000109', 'Consent given'),
  coded('cpr.decision', '450476008', 'Not for attempted cardiopulmonary resuscitation'),
  date('cpr.date', '2026-10-02'),
  coded('leg.adrt', '816301000000100', 'Has advance decision to refuse treatment'),
  date('leg.adrt_date', '2025-01-31'),
  text('tep.text', '<b>Comfort</b> first'),
];

/** Answers in the groups in which the questionnaire asks them. */
function placed(items) {
  return items.flatMap((item) => {
    const given = answers.find(({ linkId }) => linkId === item.linkId);
    if (given) return [given];
    const inside = item.repeats ? [] : placed(item.item ?? []);
    return inside.length > 0 ? [{ linkId: item.linkId, item: inside }] : [];
  });
}

const response = { resourceType: 'QuestionnaireResponse', status: 'completed', questionnaire: canonical, item: placed(planSet.item) };

const record = {
  resourceType: 'Bundle',
  type: 'collection',
  entry: [
    {
      resource: {
        resourceType: 'Patient',
        id: 'p1',
        identifier: [{ system: 'https://fhir.nhs.uk/Id/nhs-number', value: '9990000018' }],
        name: [{ use: 'official', family: 'Marlowe', given: ['Iris'] }],
        birthDate: '1944-06-19',
        gender: 'female',
      },
    },
  ],
};

function documentsOf(view) {
  const actor = {
    iss: view, sub: 'tester', name: 'Dr T. Example', role: 'gp', senior: true,
    organisation: 'Y90001', organisation_name: 'Alder Lane Surgery',
  };
  const rights = { senior: true, may_edit: true, may_publish: true, may_note: true };
  return {
    session: { view, role: 'gp', ...rights, actor, data_sets: [planSet, contactSet] },
    patient: { knowledge: 'plan', fresh: true, own_draft: false, queued: false, revision: 7 },
    panel: { action: 'create', data_set: canonical, record },
    response,
    plan: {
      header: {
        revision: 7, amended: '2026-11-20T09:15:00Z', checked: '2026-11-21T14:02:00Z',
        author: 'Dr A. Patel, GP', approver: 'Dr A. Patel, GP', status: 'active',
      },
      response,
    },
    broken: [],
  };
}

/** Writes the documents of a view as files, one for each. */
export function writeDocuments(folder, view) {
  mkdirSync(folder, { recursive: true });
  for (const [name, document] of Object.entries(documentsOf(view)))
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(document));
}
