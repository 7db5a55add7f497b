// A repeating group: rows that are added, moved and removed. A row that was removed can be put back until
// one goes on; a question of a row that is not asked any more keeps its answer until the plan is published.
import { el, place, replace } from "./dom.js";

const answered = (one) => (one.answer?.length ?? 0) > 0 || (one.item?.length ?? 0) > 0;

// Reads several controls; the first thing that is wrong stops the update, and nothing half is sent.
export function readAll(controls) {
  const items = [];
  for (const { item, control } of controls) {
    if (!control.read) continue;
    const value = control.read();
    if (value?.problem) return value;
    const out = Array.isArray(value) ? { linkId: item.linkId, answer: value } : { linkId: item.linkId, item: value.items };
    if (answered(out)) items.push(out);
  }
  return { items };
}

// Asked now, or asked before and answered.
export const keptItems = (items) => (items ?? []).filter((one) => one.enabled !== false || answered(one));

class Row {
  constructor(id, items, tools) {
    this.id = id;
    this.tools = tools;
    this.fields = new Map();
    this.removed = false;
    this.body = el("div", { class: "row-fields" });
    this.buttons = el("div", { class: "flags flags--wrap" });
    this.node = el("div", { class: "group-row", role: "group", "data-testid": "group-row" }, this.body, this.buttons);
    this.show(items);
    this.untouched = id ? "" : JSON.stringify(readAll(this.controls()).items);
  }

  // Keeps the controls that are there: somebody may be writing in one.
  show(items) {
    this.order = items.map((one) => one.linkId);
    const asked = [];
    for (const item of keptItems(items)) {
      if (!this.fields.has(item.linkId)) {
        const control = this.tools.control(item);
        this.fields.set(item.linkId, { item, control, node: this.tools.wrap(item, control) });
      }
      if (item.enabled !== false) asked.push(this.fields.get(item.linkId).node);
    }
    place(this.body, asked);
  }

  controls() { return this.order.map((linkId) => this.fields.get(linkId)).filter(Boolean); }
  read() { return readAll(this.controls()); }
  // What a person would call this row: what was first written in it.
  name() { return [...this.body.querySelectorAll("textarea, input:not([inputmode])")].map((one) => one.value.trim()).find(Boolean) ?? ""; }
  isFilled(value) { return Boolean(value.problem || this.id || (value.items.length > 0 && JSON.stringify(value.items) !== this.untouched)); }
}

// tools: { control(item), wrap(item, control), changed() }
export function repeatingGroup(item, tools) {
  let rows = (item.rows ?? []).map((row) => new Row(row.row, row.items, tools));
  let pattern = item.items;
  const list = el("div", { class: "stack" });
  const said = el("span", { class: "nhsuk-u-visually-hidden", role: "status" });
  const button = (words, name, act, id) => el("button", { type: "button", class: "btn", "aria-label": name, onclick: act, "data-testid": id }, words);
  const addButton = button("Add", undefined, () => add(), "add-row");

  const draw = () => {
    rows.forEach((row, index) => {
      const number = `entry ${index + 1}`;
      row.node.setAttribute("aria-label", `${item.label}, ${number}`);
      if (item.read_only) return;
      replace(row.buttons, row.removed
        ? [el("span", {}, `Removed${row.name() ? `: ${row.name()}` : ""}.`), button("Put back", `Put back ${number}`, () => putBack(row), "put-back-row")]
        : [index > 0 ? button("Move up", `Move up ${number}`, () => moveUp(row), "move-row") : null, button("Remove", `Remove ${number}`, () => remove(row), "remove-row")]);
      row.body.hidden = row.removed;
    });
    place(list, rows.map((row) => row.node));
    addButton.textContent = rows.some((row) => !row.removed) ? "Add another" : "Add";
  };
  const add = () => {
    const row = new Row("", pattern, tools);
    rows.push(row);
    draw();
    row.node.querySelector("input, select, textarea")?.focus();
  };
  const moveUp = (row) => {
    const index = rows.indexOf(row);
    rows.splice(index - 1, 0, ...rows.splice(index, 1));
    draw();
    (row.buttons.querySelector("[data-testid=move-row]") ?? row.buttons.firstElementChild).focus();
    said.textContent = `Moved to place ${index} of ${rows.length}`;
    tools.changed();
  };
  const remove = (row) => {
    if (!row.isFilled(row.read())) {
      rows = rows.filter((one) => one !== row);
      draw();
      addButton.focus();
    } else {
      row.removed = true;
      draw();
      row.buttons.querySelector("button").focus();
    }
    tools.changed();
  };
  const putBack = (row) => {
    row.removed = false;
    draw();
    row.body.querySelector("input, select, textarea")?.focus();
    tools.changed();
  };

  const sent = () => rows.filter((row) => !row.removed).map((row) => ({ row, value: row.read() })).filter(({ row, value }) => row.isFilled(value));
  const read = () => {
    const out = [];
    for (const { row, value } of sent()) {
      if (value.problem) return value;
      if (value.items.length === 0) continue;
      const name = row.id ? [{ linkId: `${item.linkId}.$row`, answer: [{ valueString: row.id }] }] : [];
      out.push({ linkId: item.linkId, item: [...name, ...value.items] });
    }
    return { rows: out };
  };
  // The engine names new rows; the rows sent and the rows received have the same order.
  const adopt = (received) => {
    pattern = received.items;
    const mine = sent().filter(({ value }) => value.items?.length > 0).map(({ row }) => row);
    (received.rows ?? []).forEach((row, index) => {
      const own = mine.find((one) => one.id === row.row) ?? (mine[index]?.id ? null : mine[index]);
      if (!own) return;
      own.id = row.row;
      own.show(row.items);
    });
  };
  const fieldOf = (row, linkId) => rows.find((one) => one.id === row)?.fields.get(linkId)?.node;
  draw();
  return { nodes: [list, said, item.read_only ? null : addButton], read, adopt, fieldOf };
}
