/** Length above which a value is shortened in a message. */
const LONGEST = 200;

/** Control and format characters, which a terminal would act on or hide. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const EVERY_UNPRINTABLE = new RegExp(UNPRINTABLE, 'gu');

/** A user's value for a message: quoted and escaped if it is unprintable, and shortened if it is long. */
export function shownValue(value: string): string {
  const short = value.length > LONGEST ? value.slice(0, LONGEST) : value;
  const printable = UNPRINTABLE.test(short) ? JSON.stringify(short).replaceAll(EVERY_UNPRINTABLE, escaped) : short;
  return short === value ? printable : `${printable}… (${value.length} characters)`;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** A remedy if a value ends with a carriage return, as values of a file with Windows line ends do. */
export function carriageReturnHint(value: string): string {
  return value.endsWith('\r') ? '; it ends with a carriage return: give the file that sets it Unix line ends' : '';
}
