// Calls of the host's own service.

export class Problem extends Error {
  constructor(status, sentence) {
    super(sentence);
    this.status = status;
  }
}

async function call(path, options = {}) {
  let response;
  try {
    response = await fetch(`/api/${path}`, options);
  } catch {
    throw new Problem(0, "This simulated host does not answer. It may have been stopped: nothing new was saved.");
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Problem(response.status, body.sentence ?? `The host answered with status ${response.status}.`);
  return body;
}

export const get = (path) => call(path);
export const post = (path, body = {}) =>
  call(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

export const segment = (text) => encodeURIComponent(text);
