// The three lists: practice list, queue, board. Discs are triage, rectangles are the plan.
import { ageAndSex, dateWords, el, family, nhsNumberWords, number, timeWords } from "./dom.js";
import { countMore, discreetFlags, flagList } from "./flags.js";

const triageWords = { 1: "Immediate", 2: "Very urgent", 3: "Urgent", 4: "Standard", 5: "Non-urgent" };

function name(row) {
  return [el("b", {}, family(row.family)), ` ${row.given} `, el("span", { class: "quiet nowrap" }, ageAndSex(row))];
}

function nameLink(row, open) {
  return el("button", { type: "button", class: "link", onclick: () => open(row.id), "data-testid": `open-${row.id}` }, el("b", {}, family(row.family)), ` ${row.given}`);
}

function waited(arrived) {
  const minutes = Math.max(0, Math.floor((Date.now() - arrived) / 60000));
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}

// The link that opens: the words of the data set when there is a plan, otherwise why not.
function openLink(row, open) {
  const plan = row.plan.knowledge === "plan" || row.plan.last_knowledge === "plan";
  const words = plan ? "Care plan" : row.plan.knowledge === "no-plan" ? "Open" : "Why?";
  return el("button", { type: "button", class: "link", onclick: () => open(row.id, "read"), "aria-label": `${words}: ${row.given} ${row.family}`, "data-testid": `plan-${row.id}` }, words);
}

const columns = {
  gp: {
    heads: [["Patient"], ["Born"], ["NHS number"], ["Urgent care plan"]],
    table: "rows",
    cells: (row, { open }) => [
      el("th", { scope: "row" }, nameLink(row, open)),
      el("td", {}, number(dateWords(row.birth_date))),
      el("td", {}, number(nhsNumberWords(row.nhs_number))),
    ],
    room: 6,
  },
  ooh: {
    heads: [["Priority"], ["Patient and reason"], ["Urgent care plan"]],
    table: "rows rows--tall",
    cells: (row, { open }) => [
      el("td", { class: "nowrap" }, el("b", {}, row.priority), el("br"), el("span", { class: "quiet num" }, `due ${timeWords(row.due)}`)),
      el("th", { scope: "row" }, nameLink(row, (id) => open(id, "read")), " ", el("span", { class: "quiet nowrap" }, ageAndSex(row)), el("br"), el("span", { class: "quiet" }, row.complaint)),
    ],
    room: 3,
    wrap: true,
  },
  ae: {
    heads: [["Bay"], ["Triage"], ["Wait", "wide"], ["Patient"], ["Complaint", "wide"], ["Urgent care plan"], ["Open"]],
    table: "rows rows--board",
    cells: (row) => [
      el("td", { class: "num" }, row.place),
      el("td", {}, el("span", { class: `triage triage--${row.triage}` }, el("b", {}, String(row.triage)), el("span", { class: "wide" }, triageWords[row.triage]))),
      el("td", { class: "num wide" }, waited(row.arrived)),
      el("th", { scope: "row" }, name(row)),
      el("td", { class: "wide" }, row.complaint),
    ],
    last: (row, { open }) => [el("td", { class: "nowrap" }, openLink(row, open))],
    room: 3,
    discreet: true,
  },
};

export const listColumns = (kind) => columns[kind];

const gap = 5;
const moreWidth = 34;
const place = (widths) => widths.reduce((sum, width) => sum + width + gap, -gap);

function drop({ place: cell, room, flags, widths, full }) {
  const more = flags.find((one) => one.classList.contains("more"));
  let width = full;
  let dropped = 0;
  for (let i = flags.length - 1; i >= 0 && width > room - (more ? 0 : dropped ? moreWidth : 0); --i) {
    if (flags[i].dataset.mayDrop === undefined) continue;
    flags[i].hidden = true;
    width -= widths[i] + gap;
    dropped += 1;
  }
  if (more) countMore(more, Number(more.dataset.base) + dropped);
  cell.classList.toggle("flags--wrap", width > room);
}

// Keeps its rows; only the cells of changed flags are drawn again.
export class List {
  constructor(kind, open) {
    this.kind = columns[kind];
    this.open = open;
    this.rows = new Map();
    this.discreet = false;
    this.body = el("tbody", {});
    new ResizeObserver(() => this.fit()).observe(this.body);
    this.node = el("table", { class: this.kind.table, "data-testid": "list" },
      el("caption", { class: "nhsuk-u-visually-hidden" }, "Patients and their urgent care plan flags"),
      el("thead", {}, el("tr", {}, this.kind.heads.map(([words, style]) => el("th", { scope: "col", class: style }, words)))), this.body);
  }

  show(rows, openId) {
    for (const row of rows) {
      const old = this.rows.get(row.id);
      const signature = JSON.stringify([row, this.discreet]);
      if (old?.signature !== signature) {
        const node = this.draw(row);
        if (old) old.node.replaceWith(node);
        else this.body.append(node);
        this.rows.set(row.id, { node, signature });
      }
      this.rows.get(row.id).node.classList.toggle("is-open", row.id === openId);
    }
    this.fit();
  }

  // Whole flags drop from the right and are counted; knowledge and CPR never do. All is measured before anything
  // changes, so that a board of 200 is laid out once.
  fit() {
    if (this.kind.wrap || !this.node.isConnected) return;
    const places = [...this.body.querySelectorAll(".flags")].map((place) => ({ place, room: place.clientWidth, flags: [...place.children] }));
    for (const { flags } of places) for (const one of flags) one.hidden = false;
    for (const one of places) {
      one.widths = one.flags.map((each) => each.offsetWidth);
      one.full = place(one.widths);
    }
    for (const one of places) drop(one);
  }

  setDiscreet(on, rows, openId) {
    this.discreet = on;
    this.show(rows, openId);
  }

  draw(row) {
    const { cells, last, room, wrap } = this.kind;
    const flags = this.discreet ? discreetFlags(row.plan) : flagList(row.plan, { room });
    return el("tr", { "data-testid": `row-${row.id}`, "data-knowledge": row.plan.knowledge }, cells(row, this),
      el("td", { class: "plan-cell" }, el("div", { class: wrap ? "flags flags--wrap" : "flags" }, flags)), last?.(row, this));
  }
}
