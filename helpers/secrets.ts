const MASK = '******';

/**
 * Letters and digits below which a secret is not replaced wherever it stands: `a` or `true` as a password would turn a report
 * into stars. It is still taken out beside its user name, in base64, in headers, flags and fields.
 */
export const SHORTEST_SECRET = 6;

/** Shortest text of base64 that is replaced: shorter ones are in other words by chance. */
const SHORTEST_BASE64 = 8;

/** A word of a command line, a log or JSON: quoted, or up to a blank. */
const WORD = String.raw`(?:'(?:[^'\\]|\\.|'\\'')*'|"(?:[^"\\]|\\.)*"|[^\s"']+)`;

/** Headers, flags and fields that carry credentials, whoever printed them. The first group stays. */
const PATTERNS: readonly RegExp[] = [
  /(\bauthorization["']?\s*[:=]\s*["']?(?:basic|bearer)\s+)[\w+/=.~*-]+/gi,
  new RegExp(`(--(?:src-|dest-)?creds[= ])${WORD}`, 'gi'),
  /("(?:auth|identitytoken|registrytoken|password|source_creds|sourceCreds)"\s*:\s*")(?:[^"\\]|\\.)+/gi,
  /(:\/\/[^\s:/@]+:)[^\s@/]+(?=@)/g,
  // bcrypt, as in an htpasswd file: which algorithm may stay.
  /(\$2[aby]\$\d\d\$)[./\w]{53}/g,
];

/** Takes secrets out of text, for everything that is written down. */
export type Redact = (text: string) => string;

/**
 * Makes a redactor for these secrets in whatever form they may appear: as they are, line by line, in JSON, in a URL, in
 * hexadecimal, and inside base64 at any alignment. Of `user:password` the password alone is a secret too.
 */
export function redactor(secrets: readonly string[]): Redact {
  const forms = new Set(secrets.flatMap(variantsOf).flatMap(formsOf));
  // Longest first, so that no piece of a longer one is left over.
  const ordered = [...forms].sort((a, b) => b.length - a.length);
  return (text) => {
    const known = ordered.reduce(
      (result, form) => (result.includes(form) ? result.replaceAll(form, MASK) : result),
      text,
    );
    return PATTERNS.reduce((result, pattern) => result.replace(pattern, `$1${MASK}`), known);
  };
}

/**
 * The credentials in an environment variable that holds URLs, several between commas or bars: as they are written and as a
 * server gets them. A URL without a scheme, which curl takes for a proxy, is known by its password.
 */
export function credentialsIn(value: string): string[] {
  const found = [value, ...value.split(/[,|]/)].flatMap((url) => {
    const [, scheme, user = ''] = /^([a-z][\w+.-]*:\/\/)?([^/]*)@/i.exec(url.trim()) ?? [];
    return user === '' || (scheme === undefined && !user.includes(':')) ? [] : [user, decoded(user)];
  });
  return [...new Set(found)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    // A bare % that is none: the text is meant as it is.
    if (error instanceof URIError) return text;
    throw error;
  }
}

/** Takes secrets out of every string of a JSON value. */
export function redactValue<T>(value: T, redact: Redact): T {
  if (typeof value === 'string') return redact(value) as T;
  if (Array.isArray(value)) return value.map((item) => redactValue(item, redact)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactValue(item, redact)])) as T;
}

/** Whether a password is replaced only beside its user name. */
export function isShort(secret: string): boolean {
  return secret.replaceAll(/\s/g, '').length < SHORTEST_SECRET;
}

/** Of `user:password`. */
export function passwordOf(credentials: string): string | undefined {
  return /^[^:]+:(.+)$/s.exec(credentials)?.[1];
}

/** Whoever reads a secret from a file may cut off the blanks around it. Of a password of blanks nothing would be left. */
function variantsOf(secret: string): string[] {
  return passwordOf(secret)?.trim() === '' ? [secret] : [secret, secret.trim()];
}

function formsOf(secret: string): string[] {
  const password = passwordOf(secret);
  // With its user name a short password is long enough, blanks included.
  const pair = password !== undefined && secret.length >= SHORTEST_SECRET ? [secret] : [];
  const long = [secret, password ?? ''].filter((part) => !isShort(part));
  const whole = [...new Set([...pair, ...long])];
  const lines = whole.flatMap((part) => part.split(/[\r\n]+/)).map((line) => line.trim());
  return [
    ...whole.flatMap(textForms),
    ...lines.filter((line) => !isShort(line)).flatMap(textForms),
    ...[...whole, secret].flatMap((part) => byteForms(Buffer.from(part))),
  ];
}

/** A text as programs quote it. */
function textForms(text: string): string[] {
  const json = quoted(text);
  return [
    text,
    json,
    // A log in JSON quotes what a program has quoted.
    quoted(json),
    // Go's encoder escapes these for HTML.
    json.replaceAll(/[<>&]/g, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`),
    encodeURIComponent(text),
    // As Go and forms encode it: `+` for a blank.
    new URLSearchParams([['', text]]).toString().slice(1),
    // A word of a shell.
    text.replaceAll("'", "'\\''"),
  ];
}

function quoted(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function byteForms(bytes: Buffer): string[] {
  // Twice, as in a pull secret: base64 of a JSON file with base64 of the credentials in it.
  const encoded = [...base64Of(bytes), ...base64Of(Buffer.from(bytes.toString('base64')))];
  return [...(bytes.length < SHORTEST_SECRET ? [] : [bytes.toString('hex')]), ...encoded];
}

/** What base64 of any text around these bytes must contain: three alignments, without the characters shared with neighbours. */
function base64Of(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const from = Math.ceil((before * 4) / 3);
    const to = Math.floor(((before + bytes.length) * 4) / 3);
    const core = text.slice(from, to);
    return core.length < SHORTEST_BASE64 ? [] : [core, core.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
