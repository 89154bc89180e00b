/** The imports that the linter forbids to the files of a folder. */
export interface ImportRule {
  /** The folder whose files have the rule, such as `helpers/`. */
  readonly folder: string;
  /** Folders and files, as in a document's table: `setup/`, `fixtures/test.ts`; or `everything but X` as one entry. */
  readonly forbidden: readonly string[];
}

/** The part of biome.json that has the import rules. */
export interface LinterConfig {
  readonly overrides: readonly {
    readonly includes: readonly string[];
    readonly linter?: {
      readonly rules: { readonly style?: { readonly noRestrictedImports?: RestrictedImports | 'off' } };
    };
  }[];
}

interface RestrictedImports {
  readonly options: { readonly patterns: readonly { readonly group: readonly string[] }[] };
}

/** The import rules of the linter's configuration. */
export function importRules({ overrides }: LinterConfig): ImportRule[] {
  return overrides.flatMap(({ includes, linter }) => {
    const rule = linter?.rules.style?.noRestrictedImports ?? 'off';
    const patterns = rule === 'off' ? [] : rule.options.patterns;
    const forbidden = patterns.flatMap(({ group }) => forbiddenBy(group));
    return forbidden.length === 0 ? [] : includes.map((include) => ({ folder: pathOf(include), forbidden }));
  });
}

/** `**` and `../**` have exceptions, and forbid everything else; other groups list what they forbid. */
function forbiddenBy([first = '', ...rest]: readonly string[]): string[] {
  if (first !== '**' && first !== '../**') return [first, ...rest].map(pathOf);
  const exceptions = rest.map((pattern) => pathOf(pattern.slice(1)));
  // An exception for a path needs one for its directory as well.
  const listed = exceptions.filter((path) => !exceptions.some((other) => other.startsWith(`${path}/`)));
  return [`everything ${first === '**' ? '' : 'outside it '}but ${listed.join(', ')}`];
}

/** `helpers/` of the patterns `helpers/**`, `**\/helpers/**` and `../../helpers/**`. */
function pathOf(pattern: string): string {
  return pattern.replace(/^(?:\*\*\/|\.\.\/)+/, '').replace(/\*\*$/, '');
}

/** The import rules in a Markdown table whose second column is headed "must not import". */
export function documentedRules(text: string): ImportRule[] {
  const lines = text.split('\n');
  const head = lines.findIndex((line) => /^\| *folder *\| *must not import *\|/.test(line));
  const end = lines.findIndex((line, index) => index > head && !line.startsWith('|'));
  return head === -1 ? [] : lines.slice(head + 2, end).map(ruleOf);
}

function ruleOf(row: string): ImportRule {
  const [, folder = '', forbidden = ''] = row.split('|').map((cell) => cell.replaceAll('`', '').trim());
  return { folder, forbidden: forbidden.startsWith('everything') ? [forbidden] : forbidden.split(/, */) };
}
