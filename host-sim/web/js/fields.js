// One control for each kind of question. A control reads and gives FHIR value[x] objects.
// What is outside the supported subset is refused visibly; its answers stay as they are.
import { el, replace } from "./dom.js";
import { keptItems, readAll, repeatingGroup } from "./rows.js";

const radiosAtMost = 6;
let lastId = 0;
const newId = () => `f${++lastId}`;

const displayOf = (value) => {
  if (!value) return "";
  if (value.valueCoding) return value.valueCoding.display ?? value.valueCoding.code ?? "";
  const key = Object.keys(value).find((name) => name.startsWith("value"));
  return key ? String(value[key]) : "";
};

// Nothing that was written is cut (hazard H10): text grows, and what is wider than its line stands whole below it.
const growsByItself = CSS.supports("field-sizing", "content");
function whole(input) {
  const below = el("p", { class: "quiet whole" });
  const look = () => {
    if (input.tagName === "TEXTAREA") {
      if (growsByItself) return;
      input.style.height = "auto";
      input.style.height = `${input.scrollHeight + 4}px`;
    } else {
      below.textContent = input.scrollWidth > input.clientWidth ? input.value : "";
    }
  };
  input.addEventListener("input", look);
  new ResizeObserver(look).observe(input);
  return input.tagName === "TEXTAREA" ? input : el("div", { class: "growing" }, input, below);
}

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
    if (phone) return whole(el("input", { ...shared, type: item.kind === "phone" ? "tel" : "text", value }));
    return whole(el("textarea", { ...shared, rows: long ? "2" : "1" }, value));
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
  const single = (value, id) => whole(el("input", { id, class: "nhsuk-input", value, list: options?.id, autocomplete: "off", "aria-label": item.repeats ? item.label : undefined, oninput: changed }));
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

function plainGroup(item, changed) {
  const fields = keptItems(item.items).map((one) => {
    const made = control(one, changed);
    return { item: one, control: made, node: wrap(one, made) };
  });
  const asked = fields.filter((one) => one.item.enabled !== false).map((one) => one.node);
  return { node: group(item.label, item, el("div", { class: "row-fields" }, asked)), read: () => readAll(fields) };
}

function rowsGroup(item, changed) {
  const { nodes, ...made } = repeatingGroup(item, { control: (one) => control(one, changed), wrap, changed });
  return { ...made, node: group(item.label, item, nodes) };
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
  if (item.type === "group") return item.repeats ? rowsGroup(item, changed) : plainGroup(item, changed);
  const make = makers[item.type];
  if (make) return make(item, changed);
  return { node: el("p", { class: "wrong", "data-testid": "unsupported" }, `${item.label}: this screen cannot ask a question of the kind “${item.type}”. Its answers stay as they are.`), read: null };
}

// A message stands between a question and its control, and belongs to the control.
function wrap(item, made) {
  const message = el("span", { class: "nhsuk-error-message", id: newId() });
  message.hidden = true;
  const node = el("div", { class: "nhsuk-form-group", "data-link-id": item.linkId, "data-testid": `field-${item.linkId}` }, message, made.node);
  node.querySelector("input, select, textarea, fieldset")?.setAttribute("aria-describedby", message.id);
  return node;
}

function sayAt(node, words) {
  const message = node.firstElementChild;
  message.hidden = !words;
  replace(message, words ?? "");
  node.classList.toggle("nhsuk-form-group--error", Boolean(words));
  const control = node.querySelector("input:not([type=radio]):not([type=checkbox]), select, textarea");
  if (words) control?.setAttribute("aria-invalid", "true");
  else control?.removeAttribute("aria-invalid");
}

// A field of the form: its node, what it answers, and its message.
export function makeField(item, { changed, reveal }) {
  let made;
  let node;
  const build = (shown) => {
    made = shown.masked ? maskedControl(shown) : control(shown, () => changed(field));
    node = wrap(shown, made);
    node.id = `field-${shown.linkId}`;
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
    say(words) { sayAt(node, words); },
    placeInRow(row, linkId) { return made.fieldOf?.(row, linkId); },
    // Beside the question of a row; null where this field has no such row.
    sayInRow(row, linkId, words) {
      const inner = row ? made.fieldOf?.(row, linkId) : node.querySelector(`[data-link-id="${CSS.escape(linkId)}"]`);
      if (inner) sayAt(inner, words);
      return inner ?? null;
    },
    adopt(received) { made.adopt?.(received); },
    // Or is being pressed: a click on what is drawn anew between press and release would be lost.
    hasFocus() { return node.contains(document.activeElement) || node.matches(":active"); },
  };
  build(item);
  field.say(item.message?.text);
  return field;
}
