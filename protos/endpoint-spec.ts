import type { Addition } from './add-endpoint.ts';
import type { Field } from './describe.ts';

/** Services that the typed agent client has methods of, in the set it is typed by. */
const TYPED = new Set(['grpc.AgentService', 'grpc.Image', 'grpc.Health']);

/** A spec that compiles, calls the endpoint, and fails until somebody has written down what it is to answer. */
export function endpointSpec({ method, request }: Addition, set: 'skopeo' | 'main'): string {
  const [service = '', name = ''] = method.split('/');
  const fields = [...request].flatMap(([key, field]) => exampleField(key, field));
  const argument = fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
  const call =
    set === 'skopeo' && TYPED.has(service)
      ? `guest.agent.${name.charAt(0).toLowerCase()}${name.slice(1)}(${argument})`
      : `guest.agent.call('${method}', ${argument})`;
  return `import { describe, expect, test } from '../../fixtures/test.ts';

describe('${name}', { tags: ['agent-rpc'] }, () => {
  // Make this a claim, and give it a twin that is refused.
  test('answers', async ({ guest }) => {
    const answer = await ${call};
    expect(answer).toEqual({ say: 'what ${name} is to answer' });
  });
});
`;
}

const EXAMPLES: Readonly<Record<string, string>> = { string: "''", bool: 'false', bytes: 'Buffer.alloc(0)' };

/** Scalars alone: what a message inside is to hold, only its author knows. */
function exampleField(name: string, { label, type }: Field): string[] {
  const key = name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  if (label !== 'one') return [];
  const number = /^(u?int|s?fixed|sint)(32|64)$|^(float|double)$/.test(type) ? '0' : undefined;
  const value = EXAMPLES[type] ?? number;
  return value === undefined ? [] : [`${key}: ${value}`];
}
