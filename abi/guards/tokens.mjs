// Preprocessed C as tokens, each with its file and line, and comments among them.
const pattern = /\/\*[\s\S]*?\*\/|[A-Za-z_]\w*|\d\w*|"(?:[^"\\]|\\.)*"|\.\.\.|\S/g;

export function tokens(text) {
  const found = [];
  let file = '';
  let line = 0;
  let begin = 0;
  const marker = /^# (\d+) "([^"]*)".*\n?/gm;
  const take = (end) => {
    const part = text.slice(begin, end);
    let seen = 0;
    for (const match of part.matchAll(pattern)) {
      line += part.slice(seen, match.index).split('\n').length - 1;
      seen = match.index;
      found.push({ text: match[0], where: `${file}:${line}` });
    }
    line += part.slice(seen).split('\n').length - 1;
  };
  for (const match of text.matchAll(marker)) {
    take(match.index);
    line = Number(match[1]);
    file = match[2].replace(/^.*\/(?=careplug\/)/, '');
    begin = match.index + match[0].length;
  }
  take(text.length);
  return found;
}

export const isComment = (token) => token.text.startsWith('/*');
export const isName = (token) => token !== undefined && /^[A-Za-z_]/.test(token.text);
