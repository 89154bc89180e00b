import { isUtf8 } from 'node:buffer';

/** Length from which a text is searched: shorter ones, such as `text`, occur in any report. */
const SHORTEST = 16;

/** The secrets in a file of a KBS, a resource or a key: nothing for policies, public keys and short texts. */
export function secretsInFile(content: Buffer): string[] {
  if (!isUtf8(content)) return [content.toString('base64'), content.toString('hex')];
  const text = content.toString().trim();
  if (/^-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) return text.split('\n').slice(1, -1).filter(isLong);
  if (text.startsWith('{')) {
    return [...text.matchAll(/"(?:auth|d)"\s*:\s*"([^"]+)"/g)].map(([, value = '']) => value);
  }
  return /\s/.test(text) || !isLong(text) ? [] : [text];
}

function isLong(text: string): boolean {
  return text.length >= SHORTEST;
}

/** What looks like a secret, whichever it is. */
const SHAPES: readonly (readonly [what: string, shape: RegExp])[] = [
  ['a token (JWT)', /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/],
  ['a sealed secret', /\bsealed\.[\w-]{16,}/],
  ['a private key in PEM', /PRIVATE KEY-----(?:\\n|\s)+[A-Za-z0-9+/]{16}/],
  ['a private key in JSON', /\\?"d\\?"\s*:\s*\\?"[\w-]{30,}/],
  ['a session of a KBS', /\bkbs-session-id=[\w-]{8,}/i],
];

/** What of these secrets a text contains, also in base64 or a URL, and what looks like a secret in it or in its base64. */
export function secretsFound(text: string, secrets: Iterable<string>): string[] {
  const views = [text, ...decoded(text)];
  const known = [...secrets].filter((secret) =>
    formsOf(secret).some((form) => views.some((view) => view.includes(form))),
  );
  const shapes = SHAPES.filter(([, shape]) => views.some((view) => shape.test(view))).map(([what]) => what);
  return [...known.map((secret) => `a secret of ${secret.length} characters`), ...shapes];
}

/** The base64 in a text, decoded; each piece may begin at any of four characters of a group, since streams are read in parts. */
function decoded(text: string): string[] {
  const pieces = text.match(/[A-Za-z0-9+/]{40,}/g) ?? [];
  return [0, 1, 2, 3].map((from) =>
    pieces.map((piece) => Buffer.from(piece.slice(from), 'base64').toString('latin1')).join('\n'),
  );
}

function formsOf(secret: string): string[] {
  return [secret, Buffer.from(secret).toString('base64').replace(/=+$/, ''), encodeURIComponent(secret)];
}
