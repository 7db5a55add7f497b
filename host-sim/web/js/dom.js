// Elements from data: text only, never markup, so that a name is never a script.

export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "value" || key === "checked" || key === "disabled") element[key] = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  append(element, children);
  return element;
}

function append(element, children) {
  for (const child of children) {
    if (child === undefined || child === null || child === false || child === "") continue;
    if (Array.isArray(child)) append(element, child);
    else element.append(child);
  }
}

// What stays is not moved: a field that somebody writes in keeps its cursor.
export function place(element, nodes) {
  for (const old of [...element.childNodes]) if (!nodes.includes(old)) old.remove();
  nodes.forEach((node, index) => { if (element.childNodes[index] !== node) element.insertBefore(node, element.childNodes[index] ?? null); });
}

export function replace(element, ...children) {
  const wanted = children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false && child !== "");
  place(element, wanted.map((child) => (child instanceof Node ? child : document.createTextNode(child))));
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const two = (number) => String(number).padStart(2, "0");

// A FHIR date, whole or partial, as 21-Nov-2026.
export function dateWords(text) {
  const [year, month, day] = String(text ?? "").slice(0, 10).split("-");
  if (!year) return "";
  if (!month) return year;
  return `${day ? `${day}-` : ""}${months[Number(month) - 1] ?? "?"}-${year}`;
}

// A FHIR dateTime or milliseconds.
function moment(value) {
  if (!value) return null;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? null : date;
}

export function timeWords(value) {
  const date = moment(value);
  return date ? `${two(date.getHours())}:${two(date.getMinutes())}` : "";
}

export function dateTimeWords(value) {
  const date = moment(value);
  if (!date) return "";
  return `${two(date.getDate())}-${months[date.getMonth()]}-${date.getFullYear()} ${timeWords(value)}`;
}

export function todayOrDateTime(value) {
  const date = moment(value);
  if (!date) return "";
  return date.toDateString() === new Date().toDateString() ? timeWords(value) : dateTimeWords(value);
}

export function nhsNumberWords(digits) {
  return digits && digits.length === 10 ? `${digits.slice(0, 3)}\u00a0${digits.slice(3, 6)}\u00a0${digits.slice(6)}` : digits ?? "";
}

export function age(birthDate) {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(birthDate ?? "")) return "";
  const [year, month, day] = birthDate.split("-").map(Number);
  const now = new Date();
  const before = now.getMonth() + 1 < month || (now.getMonth() + 1 === month && now.getDate() < day);
  return String(now.getFullYear() - year - (before ? 1 : 0));
}

export const number = (text) => el("span", { class: "num" }, text);

export function ageAndSex(person) {
  const sex = { female: "F", male: "M" }[person.sex] ?? "";
  return person.birth_date ? `${age(person.birth_date)}\u00a0${sex}` : person.age_words;
}

// Capitals by style alone: the name in the page stays the name that was recorded.
export const family = (name) => el("span", { class: "family" }, `${name},`);

export function fullName(person) {
  return `${person.family}, ${person.given}${person.prefix ? ` (${person.prefix})` : ""}`;
}

export function nameParts(person) {
  return [family(person.family), ` ${person.given ?? ""}${person.prefix ? ` (${person.prefix})` : ""}`];
}

// Whole FHIR dates within words, as people write them.
export const withDates = (text) => String(text ?? "").replace(/\b(\d{4})-(\d{2})-(\d{2})\b(?!T)/g, (date) => dateWords(date));

// A telephone number or a date never breaks over two lines.
export const unbroken = (text) => text.replace(/(?<=\d) (?=\d)/g, "\u00a0").replace(/\b(\d{2})-([A-Z][a-z]{2})-(\d{4})\b/g, "$1\u2011$2\u2011$3");
