import GithubSlugger from 'github-slugger';
import { lexer, type Token, walkTokens } from 'marked';

/** Targets of all links and images of a Markdown text, in order. */
export function linksIn(markdown: string): string[] {
  return tokensOf(markdown).flatMap((token) =>
    (token.type === 'link' || token.type === 'image') && typeof token.href === 'string' ? [token.href] : [],
  );
}

/** Anchors that GitHub gives the headings of a Markdown text. */
export function anchorsIn(markdown: string): ReadonlySet<string> {
  const slugger = new GithubSlugger();
  return new Set(
    tokensOf(markdown).flatMap((token) => (token.type === 'heading' ? [slugger.slug(plainText(token))] : [])),
  );
}

/** Whether a Markdown link leads to another site. */
export function isExternal(link: string): boolean {
  return /^[a-z][a-z\d+.-]*:/i.test(link);
}

function tokensOf(markdown: string): Token[] {
  const tokens: Token[] = [];
  void walkTokens(lexer(markdown), (token) => void tokens.push(token));
  return tokens;
}

/** The text of a Markdown heading without its markup. */
function plainText(token: Token): string {
  const inner = 'tokens' in token ? token.tokens : undefined;
  if (inner !== undefined && inner.length > 0) return inner.map(plainText).join('');
  return 'text' in token && typeof token.text === 'string' ? token.text : token.raw;
}
