const MASK = '******';

/**
 * Minimum length of a secret that is redacted everywhere: a password such as `a` or `true` would mask much of a report.
 * A shorter one is redacted beside its user name, in base64, and in headers, flags and fields.
 */
export const SHORTEST_SECRET = 6;

/** Minimum length of base64 text that is redacted: shorter ones occur in other text by chance. */
const SHORTEST_BASE64 = 8;

/** A word of a command line, a log or JSON: quoted, or up to the next blank. */
const WORD = String.raw`(?:'(?:[^'\\]|\\.|'\\'')*'|"(?:[^"\\]|\\.)*"|[^\s"']+)`;

/** Headers, flags and fields that contain credentials, in any text. The first group is kept. */
const PATTERNS: readonly RegExp[] = [
  /(\bauthorization["']?\s*[:=]\s*["']?(?:basic|bearer)\s+)[\w+/=.~*-]+/gi,
  new RegExp(`(--(?:src-|dest-)?creds[= ])${WORD}`, 'gi'),
  /("(?:auth|identitytoken|registrytoken|password|source_creds|sourceCreds)"\s*:\s*")(?:[^"\\]|\\.)+/gi,
  /(:\/\/[^\s:/@]+:)[^\s@/]+(?=@)/g,
  // A sealed secret, a JWS behind a prefix: no secret itself, but it names one.
  /(\bsealed\.)[\w-]{16,}(?:\.[\w-]+)*/g,
  // A token (JWT), or a sealed secret without its prefix: three parts in base64url, of which two are JSON.
  /(\beyJ)[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]+/g,
  // A bcrypt hash, as in an htpasswd file; the algorithm and cost are kept.
  /(\$2[aby]\$\d\d\$)[./\w]{53}/g,
];

/** Removes secrets from a text that is written to a file or shown. */
export type Redact = (text: string) => string;

/**
 * Creates a redactor for these secrets in all forms: plain, line by line, in JSON, in a URL, in hexadecimal, and inside
 * base64 at any alignment. In `user:password`, the password alone is a secret too.
 */
export function redactor(secrets: readonly string[]): Redact {
  const forms = new Set(secrets.flatMap(variantsOf).flatMap(formsOf));
  // Longer forms are replaced first, so that no part of them remains.
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
 * The credentials in an environment variable whose value is one or more URLs, separated by commas or bars: as written
 * and decoded. A URL without a scheme, which curl accepts for a proxy, is recognised by its password.
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
    // A per cent sign that does not begin an escape means that the text is not URL-encoded.
    if (error instanceof URIError) return text;
    throw error;
  }
}

/** Removes secrets from all strings of a JSON value. */
export function redactValue<T>(value: T, redact: Redact): T {
  if (typeof value === 'string') return redact(value) as T;
  if (Array.isArray(value)) return value.map((item) => redactValue(item, redact)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactValue(item, redact)])) as T;
}

/** Whether a password is too short to be redacted everywhere in a text. */
export function isShort(secret: string): boolean {
  return secret.replaceAll(/\s/g, '').length < SHORTEST_SECRET;
}

/** The password in credentials of the form `user:password`. */
export function passwordOf(credentials: string): string | undefined {
  return /^[^:]+:(.+)$/s.exec(credentials)?.[1];
}

/**
 * The secret as written, and without surrounding blanks, because a program may trim it; a password of only blanks is
 * not trimmed.
 */
function variantsOf(secret: string): string[] {
  return passwordOf(secret)?.trim() === '' ? [secret] : [secret, secret.trim()];
}

function formsOf(secret: string): string[] {
  const password = passwordOf(secret);
  // Together with its user name, a short password is long enough to be redacted, including blanks.
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

/** A secret in all the ways in which programs quote text. */
function textForms(text: string): string[] {
  const json = quoted(text);
  return [
    text,
    json,
    // A log in JSON quotes text that a program has already quoted, so the JSON form is quoted again.
    quoted(json),
    // Go's JSON encoder escapes these characters for HTML.
    json.replaceAll(/[<>&]/g, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`),
    encodeURIComponent(text),
    // Go and HTML forms encode a blank as `+`.
    new URLSearchParams([['', text]]).toString().slice(1),
    // The secret as quoted for a shell.
    text.replaceAll("'", "'\\''"),
  ];
}

function quoted(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function byteForms(bytes: Buffer): string[] {
  // Base64 is also applied twice, as in a pull secret: base64 of a JSON file that contains base64 of the credentials.
  const encoded = [...base64Of(bytes), ...base64Of(Buffer.from(bytes.toString('base64')))];
  return [...(bytes.length < SHORTEST_SECRET ? [] : [bytes.toString('hex')]), ...encoded];
}

/**
 * The parts that base64 of any data containing these bytes has in common: one for each of three alignments, without
 * characters that depend on neighbouring bytes.
 */
function base64Of(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const from = Math.ceil((before * 4) / 3);
    const to = Math.floor(((before + bytes.length) * 4) / 3);
    const core = text.slice(from, to);
    return core.length < SHORTEST_BASE64 ? [] : [core, core.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
