// One control for each kind of question. A control reads and gives FHIR value[x] objects.
// What is outside the supported subset is refused visibly; its answers stay as they are.
import { el, replace } from "./dom.js";

const radiosAtMost = 6;
let lastId = 0;
const newId = () => `f${++lastId}`;

const displayOf = (value) => {
  if (!value) return "";
  if (value.valueCoding) return value.valueCoding.display ?? value.valueCoding.code ?? "";
  const key = Object.keys(value).find((name) => name.startsWith("value"));
  return key ? String(value[key]) : "";
};

const sameCoding = (a, b) => a?.code === b?.code && (a?.system ?? "") === (b?.system ?? "");

function group(legend, item, ...content) {
  return el("fieldset", { class: "nhsuk-fieldset" }, el("legend", { class: "nhsuk-fieldset__legend" }, legend), hintOf(item), ...content);
}

function hintOf(item) {
  return item.prefilled ? el("div", { class: "nhsuk-hint" }, "Filled in for you: please confirm") : null;
}

function labelled(label, id, item, ...content) {
  return el("div", {}, el("label", { class: "nhsuk-label", for: id }, label), hintOf(item), ...content);
}

// --- text -------------------------------------------------------------------------------------

function lines(item, make, toValue) {
  const list = el("div", { class: "stack" });
  const add = (text) => list.append(make(text, newId()));
  const answers = item.answer ?? [];
  for (const answer of answers) add(displayOf(answer));
  if (answers.length === 0) add("");
  const inputs = () => [...list.querySelectorAll("input, textarea")];
  const read = () => inputs().map((input) => toValue(input.value.trim())).filter(Boolean);
  return { list, add, inputs, read };
}

function textControl(item, changed) {
  const long = item.type === "text";
  const phone = item.kind === "phone" || item.kind === "identifier";
  const single = (value, id) => {
    const shared = { id, class: phone ? "nhsuk-input" : "nhsuk-textarea", "aria-label": item.repeats ? item.label : undefined, autocomplete: "off", oninput: changed };
    if (phone) return el("input", { ...shared, type: item.kind === "phone" ? "tel" : "text", value });
    return el("textarea", { ...shared, rows: long ? "2" : "1" }, value);
  };
  const toValue = (text) => (text ? { valueString: long ? text : text.replace(/\s*\n\s*/g, ", ") } : null);
  const { list, add, inputs, read } = lines(item, single, toValue);
  const node = item.repeats
    ? group(item.label, item, list, el("button", { type: "button", class: "btn", onclick: () => { add(""); inputs().at(-1).focus(); } }, "Add another"))
    : labelled(item.label, inputs()[0].id, item, list);
  return { node, read };
}

function openChoiceControl(item, changed) {
  const choices = item.choices ?? [];
  const known = [...choices, ...(item.answer ?? []).map((one) => one.valueCoding).filter(Boolean)];
  const options = choices.length ? el("datalist", { id: newId() }, choices.map((one) => el("option", { value: one.display }))) : null;
  const single = (value, id) => el("input", { id, class: "nhsuk-input", value, list: options?.id, autocomplete: "off", "aria-label": item.repeats ? item.label : undefined, oninput: changed });
  const toValue = (text) => {
    if (!text) return null;
    const coding = known.find((one) => (one.display ?? one.code) === text);
    return coding ? { valueCoding: coding } : { valueString: text };
  };
  const { list, add, inputs, read } = lines(item, single, toValue);
  const node = item.repeats
    ? group(item.label, item, list, options, el("button", { type: "button", class: "btn", onclick: () => { add(""); inputs().at(-1).focus(); } }, "Add another"))
    : labelled(item.label, inputs()[0].id, item, list, options);
  return { node, read };
}

function integerControl(item, changed) {
  const id = newId();
  const input = el("input", { id, class: "nhsuk-input nhsuk-input--width-4", inputmode: "numeric", value: displayOf(item.answer?.[0]), autocomplete: "off", oninput: changed });
  const range = item.min !== undefined && item.max !== undefined ? ` (${item.min} to ${item.max})` : "";
  const read = () => {
    const text = input.value.trim();
    if (!text) return [];
    if (!/^-?\d+$/.test(text)) return { problem: "Enter a whole number" };
    return [{ valueInteger: Number(text) }];
  };
  return { node: labelled(item.label + range, id, item, input), read };
}

// --- choices ----------------------------------------------------------------------------------

// Codes outside the value set stay and are shown: they are never rewritten or dropped.
function withRecorded(item) {
  const choices = [...(item.choices ?? [])];
  for (const answer of item.answer ?? [])
    if (answer.valueCoding && !choices.some((one) => sameCoding(one, answer.valueCoding))) choices.push(answer.valueCoding);
  return choices;
}

const isChosen = (item, choice) => (item.answer ?? []).some((one) => sameCoding(one.valueCoding, choice));

function tickList(kind, item, choices, changed) {
  const name = newId();
  const inputs = choices.map((choice) => {
    const id = newId();
    const input = el("input", { type: kind === "radios" ? "radio" : "checkbox", class: `nhsuk-${kind}__input`, id, name, checked: isChosen(item, choice), "data-code": choice.code });
    return { input, choice, node: el("div", { class: `nhsuk-${kind}__item` }, input, el("label", { class: `nhsuk-label nhsuk-${kind}__label`, for: id }, choice.display ?? choice.code)) };
  });
  const exclusive = new Set(item.exclusive ?? []);
  for (const one of inputs)
    one.input.addEventListener("change", () => {
      if (one.input.checked && kind === "checkboxes")
        for (const other of inputs)
          if (other !== one && (exclusive.has(one.choice.code) || exclusive.has(other.choice.code))) other.input.checked = false;
      changed();
    });
  const read = () => inputs.filter((one) => one.input.checked).map((one) => ({ valueCoding: one.choice }));
  return { node: group(item.label, item, el("div", { class: `nhsuk-${kind}` }, inputs.map((one) => one.node))), read };
}

function selectControl(item, choices, changed) {
  const id = newId();
  const select = el("select", { class: "nhsuk-select", id, onchange: changed }, el("option", { value: "" }, "Choose an answer"),
    choices.map((choice, index) => el("option", { value: String(index), "data-code": choice.code }, choice.display ?? choice.code)));
  const chosen = choices.findIndex((choice) => isChosen(item, choice));
  select.value = chosen < 0 ? "" : String(chosen);
  const read = () => (select.value === "" ? [] : [{ valueCoding: choices[Number(select.value)] }]);
  return { node: labelled(item.label, id, item, select), read };
}

function choiceControl(item, changed) {
  const choices = withRecorded(item);
  if (item.repeats) return tickList("checkboxes", item, choices, changed);
  return choices.length > radiosAtMost ? selectControl(item, choices, changed) : tickList("radios", item, choices, changed);
}

function booleanControl(item, changed) {
  const choices = [{ code: "true", display: "Yes" }, { code: "false", display: "No" }];
  const answer = item.answer?.[0]?.valueBoolean;
  const shown = { ...item, answer: answer === undefined ? [] : [{ valueCoding: choices[answer ? 0 : 1] }] };
  const control = tickList("radios", shown, choices, changed);
  return { node: control.node, read: () => control.read().map((one) => ({ valueBoolean: one.valueCoding.code === "true" })) };
}

// --- dates: three fields, because a native one shows American order ------------------------------

const two = (text) => text.padStart(2, "0");

function validDate(year, month, day) {
  const date = new Date(Date.UTC(Number(year), Number(month || 1) - 1, Number(day || 1)));
  return /^\d{4}$/.test(year) && date.getUTCMonth() + 1 === Number(month || 1) && date.getUTCDate() === Number(day || 1);
}

function dateParts(item, text, changed) {
  const [year = "", month = "", day = ""] = (text ?? "").slice(0, 10).split("-");
  const part = (label, value, width) => {
    const id = newId();
    const input = el("input", { class: `nhsuk-input nhsuk-date-input__input nhsuk-input--width-${width}`, id, inputmode: "numeric", value, autocomplete: "off", "data-part": label.toLowerCase(), oninput: changed });
    return { input, node: el("div", { class: "nhsuk-date-input__item" }, el("label", { class: "nhsuk-label nhsuk-date-input__label", for: id }, label), input) };
  };
  const parts = [part("Day", day, 2), part("Month", month, 2), part("Year", year, 4)];
  const read = () => {
    const [d, m, y] = parts.map((one) => one.input.value.trim());
    if (!d && !m && !y) return { text: "" };
    if (!y) return { problem: `Enter the year, for example ${new Date().getFullYear()}` };
    if (!item.partial_date && (!d || !m)) return { problem: d ? "Enter the month" : "Enter the day and the month" };
    if (d && !m) return { problem: "Enter the month" };
    if (!validDate(y, m, d)) return { problem: "There is no such date" };
    return { text: [y, m && two(m), d && two(d)].filter(Boolean).join("-") };
  };
  return { node: el("div", { class: "nhsuk-date-input" }, parts.map((one) => one.node)), read };
}

function dateControl(item, changed) {
  const parts = dateParts(item, displayOf(item.answer?.[0]), changed);
  const read = () => {
    const { text, problem } = parts.read();
    if (problem) return { problem };
    return text ? [{ valueDate: text }] : [];
  };
  return { node: group(item.label, item, parts.node), read };
}

function dateTimeControl(item, changed) {
  const stored = displayOf(item.answer?.[0]);
  const moment = stored ? new Date(stored) : null;
  const local = moment && !Number.isNaN(moment.getTime()) ? `${moment.getFullYear()}-${two(String(moment.getMonth() + 1))}-${two(String(moment.getDate()))}` : "";
  const parts = dateParts({ ...item, partial_date: false }, local, changed);
  const id = newId();
  const time = el("input", { class: "nhsuk-input nhsuk-input--width-4", id, value: local ? `${two(String(moment.getHours()))}:${two(String(moment.getMinutes()))}` : "", autocomplete: "off", oninput: changed });
  const read = () => {
    const { text, problem } = parts.read();
    if (problem) return { problem };
    if (!text) return time.value.trim() ? { problem: "Enter the date" } : [];
    const clock = /^([01]?\d|2[0-3])[:.]([0-5]\d)$/.exec(time.value.trim());
    if (!clock) return { problem: "Enter the time, for example 22:35" };
    return [{ valueDateTime: new Date(`${text}T${two(clock[1])}:${clock[2]}:00`).toISOString().replace(/\.\d+Z$/, "Z") }];
  };
  const clockNode = el("div", { class: "nhsuk-date-input__item" }, el("label", { class: "nhsuk-label nhsuk-date-input__label", for: id }, "Time"), time);
  parts.node.append(clockNode);
  return { node: group(item.label, item, parts.node), read };
}

// --- groups -----------------------------------------------------------------------------------

const answered = (one) => (one.answer?.length ?? 0) > 0 || (one.item?.length ?? 0) > 0;

// Reads several controls; the first thing that is wrong stops the update, and nothing half is sent.
function readAll(controls) {
  const items = [];
  for (const { item, control } of controls) {
    if (!control.read) continue;
    const value = control.read();
    if (value?.problem) return value;
    const out = Array.isArray(value) ? { linkId: item.linkId, answer: value } : { linkId: item.linkId, item: value.items };
    if (answered(out)) items.push(Array.isArray(value) ? { linkId: out.linkId, answer: out.answer } : out);
  }
  return { items };
}

const enabledItems = (items) => (items ?? []).filter((one) => one.enabled !== false);

function plainGroup(item, changed) {
  const controls = enabledItems(item.items).map((one) => ({ item: one, control: control(one, changed) }));
  return { node: group(item.label, item, el("div", { class: "row-fields" }, controls.map((one) => wrap(one.item, one.control)))), read: () => readAll(controls) };
}

function repeatingGroup(item, changed) {
  const rows = [];
  const list = el("div", { class: "stack" });
  const add = (row, items) => {
    const controls = enabledItems(items).map((one) => ({ item: one, control: control(one, changed) }));
    const entry = { row, controls, untouched: row ? "" : JSON.stringify(readAll(controls).items) };
    const node = el("div", { class: "group-row", role: "group", "aria-label": `${item.label}, entry ${rows.length + 1}`, "data-testid": "group-row" },
      el("div", { class: "row-fields" }, controls.map((one) => wrap(one.item, one.control))),
      item.read_only ? null : el("button", { type: "button", class: "btn", onclick: () => { rows.splice(rows.indexOf(entry), 1); node.remove(); changed(); } }, "Remove"));
    rows.push(entry);
    list.append(node);
    return node;
  };
  for (const row of item.rows ?? []) add(row.row, row.items);
  let pattern = item.items;
  const addEmpty = () => add("", pattern).querySelector("input, select, textarea")?.focus();
  const addButton = el("button", { type: "button", class: "btn", onclick: addEmpty, "data-testid": "add-row" }, "Add another");
  if (rows.length === 0) addButton.textContent = "Add";
  const filled = () => rows.map((entry) => ({ entry, value: readAll(entry.controls) }))
    .filter(({ entry, value }) => value.problem || entry.row || (value.items.length > 0 && JSON.stringify(value.items) !== entry.untouched));
  const read = () => {
    const out = [];
    for (const { entry, value } of filled()) {
      if (value.problem) return value;
      if (value.items.length === 0) continue;
      const name = entry.row ? [{ linkId: `${item.linkId}.$row`, answer: [{ valueString: entry.row }] }] : [];
      out.push({ linkId: item.linkId, item: [...name, ...value.items] });
    }
    return { rows: out };
  };
  // The engine names new rows; the rows sent and the rows received have the same order.
  const adopt = (received) => {
    pattern = received.items;
    const sent = filled().filter(({ value }) => value.items?.length > 0).map(({ entry }) => entry);
    (received.rows ?? []).forEach((row, index) => { if (sent[index] && !sent[index].row) sent[index].row = row.row; });
  };
  return { node: group(item.label, item, list, addButton), read, adopt };
}

// --- all of them ------------------------------------------------------------------------------

const makers = {
  string: textControl, text: textControl, choice: choiceControl, "open-choice": openChoiceControl, boolean: booleanControl,
  date: dateControl, dateTime: dateTimeControl, integer: integerControl,
};

function readOnly(item, words) {
  return { node: el("div", {}, el("p", { class: "nhsuk-label" }, item.label), el("p", {}, words)), read: null };
}

function control(item, changed) {
  if (item.type === "display") return { node: el("p", {}, item.label), read: null };
  if (item.read_only) return readOnly(item, item.text || "not recorded");
  if (item.type === "group") return item.repeats ? repeatingGroup(item, changed) : plainGroup(item, changed);
  const make = makers[item.type];
  if (make) return make(item, changed);
  return { node: el("p", { class: "wrong", "data-testid": "unsupported" }, `${item.label}: this screen cannot ask a question of the kind “${item.type}”. Its answers stay as they are.`), read: null };
}

function wrap(item, made) {
  const message = el("span", { class: "nhsuk-error-message", id: newId() });
  message.hidden = true;
  return el("div", { class: "nhsuk-form-group", "data-link-id": item.linkId, "data-testid": `field-${item.linkId}` }, message, made.node);
}

// A field of the form: its node, what it answers, and its message.
export function makeField(item, { changed, reveal }) {
  let made;
  let node;
  const build = (shown) => {
    made = shown.masked ? maskedControl(shown) : control(shown, () => changed(field));
    node = wrap(shown, made);
    node.id = `field-${shown.linkId}`;
    const first = node.querySelector("input, select, textarea, fieldset");
    first?.setAttribute("aria-describedby", node.firstElementChild.id);
  };
  const maskedControl = (shown) => ({
    node: el("div", {}, el("p", { class: "nhsuk-label" }, shown.label),
      el("p", {}, "Recorded, hidden. ", el("button", { type: "button", class: "btn", onclick: async () => {
        const revealed = await reveal(shown.linkId);
        if (!revealed) return;
        const old = node;
        build({ ...shown, masked: false, answer: revealed.answer ?? [] });
        old.replaceWith(node);
      } }, "Show and edit"), el("span", { class: "quiet" }, " Looking is recorded with your name."))),
    read: null,
  });
  const field = {
    get node() { return node; },
    linkId: item.linkId,
    // Items to send: none where the control gives none, one to clear, many for rows. Or { problem }.
    read() {
      if (!made.read) return { items: [] };
      const value = made.read();
      if (value?.problem) return value;
      if (Array.isArray(value)) return { items: [value.length ? { linkId: item.linkId, answer: value } : { linkId: item.linkId }] };
      if (value.rows) return { items: value.rows.length ? value.rows : [{ linkId: item.linkId }] };
      return { items: [value.items.length ? { linkId: item.linkId, item: value.items } : { linkId: item.linkId }] };
    },
    say(words) {
      const message = node.firstElementChild;
      message.hidden = !words;
      replace(message, words ?? "");
      node.classList.toggle("nhsuk-form-group--error", Boolean(words));
    },
    adopt(received) { made.adopt?.(received); },
    hasFocus() { return node.contains(document.activeElement); },
  };
  build(item);
  field.say(item.message?.text);
  return field;
}
