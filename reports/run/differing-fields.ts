/** Most fields that are named, and longest name in characters. */
const MOST_FIELDS = 5;
const LONGEST_NAME = 80;

/** A line of a diff with the name of a field: indentation, name, and the value or its beginning. */
const FIELD = /^( *)"(.*?)"(?:: | => )(.*)$/;

/**
 * The fields whose values differ in a diff of Vitest, as text: `cause, status`. Sorted, since the order of fields means
 * nothing, and without indices of lists. Empty if the values as a whole differ, for example two texts.
 */
export function differingFields(diff: string): string {
  const lines = diff.split('\n');
  const paths = [...new Set([...changedPaths(lines, '-'), ...changedPaths(lines, '+')])];
  const outermost = paths.filter((path) => !paths.some((other) => isInside(path, other))).sort();
  if (outermost.includes('')) return '';
  const names = outermost.slice(0, MOST_FIELDS).map((path) => path.slice(0, LONGEST_NAME));
  const others = outermost.length - names.length;
  return names.join(', ') + (others === 0 ? '' : ` and ${others} more`);
}

/** Paths of the changed lines on one side of a diff; the path of a line that is not a field's is that of its list. */
function changedPaths(diff: readonly string[], side: '-' | '+'): string[] {
  const changed: string[] = [];
  // Names of the fields around the line by indentation; lists and lines that the diff leaves out have none.
  let names: readonly (string | undefined)[] = [];
  let inText = false;
  for (const line of diff) {
    if (line.startsWith('@@')) [names, inText] = [[], false];
    if (!line.startsWith(`${side} `) && !line.startsWith('  ')) continue;
    const content = line.slice(2);
    if (HEADER.test(line) || (!inText && CLOSER.test(content))) continue;
    const [, indent = '', name, value] = FIELD.exec(content) ?? [undefined, /^ */.exec(content)?.[0]];
    if (inText) inText = !endsText(content);
    else {
      const depth = indent.length / 2;
      names = [...Array.from({ length: depth }, (_, at) => names[at]), name];
      const begun = (value ?? content).trimStart();
      inText = begun.startsWith('"') && !endsText(begun.slice(1));
    }
    if (line.startsWith(side)) changed.push(names.filter((one) => one !== undefined).join('.'));
  }
  return changed;
}

/** The two lines above a diff. */
const HEADER = /^(?:- Expected|\+ Received)(?: {2}[-+] \d+)?$/;

/** The end of an object or list; it changes only with its beginning, which has the name. */
const CLOSER = /^ *[}\]],?$/;

/** Whether a quoted text ends on a line; a text with line breaks is shown as several lines. */
function endsText(line: string): boolean {
  return /",?$/.test(line);
}

function isInside(path: string, other: string): boolean {
  return path !== other && (other === '' || path.startsWith(`${other}.`));
}
