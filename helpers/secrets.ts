const MASK = '******';

/** Shorter ones are left alone: they would be found by chance everywhere. */
const SHORTEST = 4;

/** Headers, flags and fields that carry credentials, whoever printed them. The first group stays. */
const PATTERNS: readonly RegExp[] = [
  /(\bauthorization["']?\s*[:=]\s*["']?(?:basic|bearer)\s+)[\w+/=.~-]+/gi,
  /(--(?:src-|dest-)?creds[= ]["']?)[^\s"']+/gi,
  /("(?:auth|identitytoken|registrytoken|password|source_creds|sourceCreds)"\s*:\s*")[^"]+/gi,
  /(:\/\/[^\s:/@]+:)[^\s@/]+(?=@)/g,
];

/** Takes secrets out of text, for everything that is written down. */
export type Redact = (text: string) => string;

/**
 * Makes a redactor for these secrets in whatever form they may appear: as they are, in JSON, in a URL, in hexadecimal,
 * and inside base64 at any alignment. Of `user:password` the password alone is a secret too.
 */
export function redactor(secrets: readonly string[]): Redact {
  const parts = secrets.map((secret) => secret.trim()).flatMap((secret) => [secret, passwordOf(secret)]);
  const forms = new Set(parts.filter((part) => part.length >= SHORTEST).flatMap(formsOf));
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

function passwordOf(secret: string): string {
  return /^[^\s:]+:([^\s]+)$/.exec(secret)?.[1] ?? '';
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const encoded = [JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), bytes.toString('hex')];
  // Twice, as in a pull secret: base64 of a JSON file with base64 of the credentials in it.
  const twice = base64Of(Buffer.from(bytes.toString('base64')));
  return [secret, ...encoded, ...base64Of(bytes), ...twice].filter((form) => form.length >= SHORTEST);
}

/** What base64 of any text around these bytes must contain: three alignments, without the characters shared with neighbours. */
function base64Of(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const from = Math.ceil((before * 4) / 3);
    const to = Math.floor(((before + bytes.length) * 4) / 3);
    const core = text.slice(from, to);
    return core.length < 2 * SHORTEST ? [] : [core, core.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
