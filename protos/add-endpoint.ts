import { ConfigError } from '../helpers/errors.ts';
import { type Field, type Method, type ProtoSet, packageOf } from './describe.ts';

/** What adding an endpoint writes: new files, and agent.proto (or whichever declares the service) as it is then. */
export interface Addition {
  /** `package.Service/Method`. */
  readonly method: string;
  /** Texts by file name, relative to the set's directory. */
  readonly files: ReadonlyMap<string, string>;
  /** Fields of the request, for the spec. */
  readonly request: ReadonlyMap<string, Field>;
  /** Messages and enums that came with it. */
  readonly brought: readonly string[];
}

/** `GetFoo` as a file is named. */
export function kebabCase(name: string): string {
  return name.replaceAll(/([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])/g, '$1$3-$2$4').toLowerCase();
}

/**
 * Works out what is to be written so that `ours` has the method `name` (or `Service/Name`) of `theirs`: the rpc, and
 * every message and enum it needs that we have not. Pure; `read` gives the text of our files. Throws {@link ConfigError}.
 */
export function addEndpoint(ours: ProtoSet, theirs: ProtoSet, name: string, read: (file: string) => string): Addition {
  const { service, method, rpc } = find(theirs, name);
  const full = `${service}/${rpc}`;
  if (ours.services.get(service)?.has(rpc)) throw new ConfigError(`${full} is there already; write a spec for it`);
  if (method.streams) throw new ConfigError(`${full} streams; the agent's ttrpc client knows unary methods only`);
  const needed = missing(ours, theirs, [method.request, method.response]);
  const files = new Map<string, string>();
  const places = new Map(ours.files);
  for (const [scope, names] of byPackage(needed)) {
    const file = `${kebabCase(rpc)}${scope === packageOf(service) ? '' : `-${scope}`}.proto`;
    for (const added of names) places.set(added, file);
    files.set(file, '');
  }
  for (const [scope, names] of byPackage(needed)) {
    const file = places.get(names[0] ?? '') ?? '';
    files.set(file, render(file, scope, names, theirs, places, full));
  }
  const declaring = ours.files.get(service);
  if (declaring === undefined)
    throw new ConfigError(`we have no service ${service}; add a .proto file that declares it first`);
  files.set(declaring, withRpc(read(declaring), { service, rpc, method, places, declaring }));
  return { method: full, files, request: requestOf(theirs, ours, method), brought: needed };
}

function requestOf(theirs: ProtoSet, ours: ProtoSet, { request }: Method): ReadonlyMap<string, Field> {
  return ours.messages.get(request) ?? theirs.messages.get(request) ?? new Map();
}

function find(theirs: ProtoSet, name: string): { service: string; rpc: string; method: Method } {
  const [rpc = '', ...before] = name.split('/').reverse();
  const wanted = before[0];
  const found = [...theirs.services].flatMap(([service, methods]) => {
    const method = methods.get(rpc);
    return method === undefined || (wanted !== undefined && service !== wanted) ? [] : [{ service, rpc, method }];
  });
  const [only, ...others] = found;
  if (only === undefined) {
    const known = [...theirs.services].flatMap(([service, methods]) =>
      [...methods.keys()].map((key) => `${service}/${key}`),
    );
    throw new ConfigError(`the checkout declares no method ${name}; it has ${known.join(', ')}`);
  }
  if (others.length > 0) {
    throw new ConfigError(
      `more than one service has ${name}, name one: ${found.map(({ service }) => `${service}/${rpc}`).join(', ')}`,
    );
  }
  return only;
}

/** Types reachable from `roots` that we do not have, in the order they are needed. */
function missing(ours: ProtoSet, theirs: ProtoSet, roots: readonly string[]): string[] {
  const needed: string[] = [];
  const visit = (type: string): void => {
    const name = outermost(type, theirs);
    const known = ours.messages.has(name) || ours.enums.has(name) || name.startsWith('google.');
    if (known || needed.includes(name) || !(theirs.messages.has(name) || theirs.enums.has(name))) return;
    needed.push(name);
    const fields = [name, ...within(name, theirs)].flatMap((each) => [...(theirs.messages.get(each)?.values() ?? [])]);
    for (const field of fields) visit(field.type);
  };
  for (const root of roots) visit(root);
  return needed;
}

/** A type within a message is declared there: what is taken over is the message around it. */
function outermost(type: string, { messages }: Pick<ProtoSet, 'messages'>): string {
  const around = type.slice(0, type.lastIndexOf('.'));
  return messages.has(around) ? outermost(around, { messages }) : type;
}

/** Messages and enums directly or indirectly within a message. */
function within(name: string, { enums, messages }: ProtoSet): string[] {
  return [...messages.keys(), ...enums.keys()].filter((other) => other.startsWith(`${name}.`));
}

function byPackage(names: readonly string[]): Map<string, string[]> {
  const packages = new Map<string, string[]>();
  for (const name of names) packages.set(packageOf(name), [...(packages.get(packageOf(name)) ?? []), name]);
  return packages;
}

function render(
  file: string,
  scope: string,
  names: readonly string[],
  theirs: ProtoSet,
  places: ReadonlyMap<string, string>,
  method: string,
): string {
  const all = names.flatMap((name) => [name, ...within(name, theirs)]);
  const used = all.flatMap((name) => [...(theirs.messages.get(name)?.values() ?? [])].map(({ type }) => type));
  const imports = [...new Set(used.flatMap((type) => importOf(type, places)))].filter((path) => path !== file).sort();
  return [
    `// What ${method} needs.`,
    'syntax = "proto3";',
    '',
    `package ${scope};`,
    ...(imports.length === 0 ? [] : ['', ...imports.map((path) => `import "${path}";`)]),
    ...names.flatMap((name) => ['', ...declaration(name, scope, theirs)]),
    '',
  ].join('\n');
}

function importOf(type: string, places: ReadonlyMap<string, string>): string[] {
  if (type === 'google.protobuf.Empty') return ['google/protobuf/empty.proto'];
  const place = places.get(type);
  return place === undefined ? [] : [place];
}

function declaration(name: string, scope: string, theirs: ProtoSet): string[] {
  const short = name.slice(name.lastIndexOf('.') + 1);
  const values = theirs.enums.get(name);
  if (values !== undefined)
    return [`enum ${short} {`, ...[...values].map(([key, value]) => `  ${key} = ${value};`), '}'];
  const fields = [...(theirs.messages.get(name) ?? [])];
  const loose = fields
    .filter(([, { oneof }]) => oneof === undefined)
    .map(([key, field]) => `  ${fieldLine(key, field, scope)}`);
  const oneofs = [...new Set(fields.flatMap(([, { oneof }]) => oneof ?? []))].flatMap((oneof) => [
    `  oneof ${oneof} {`,
    ...fields.filter(([, field]) => field.oneof === oneof).map(([key, field]) => `    ${fieldLine(key, field, scope)}`),
    '  }',
  ]);
  const inner = within(name, theirs)
    .filter((other) => !other.slice(name.length + 1).includes('.'))
    .flatMap((other) => declaration(other, scope, theirs).map((line) => `  ${line}`));
  return [`message ${short} {`, ...inner, ...loose, ...oneofs, '}'];
}

function fieldLine(name: string, { id, label, type }: Field, scope: string): string {
  const short = type.startsWith(`${scope}.`) ? type.slice(scope.length + 1) : type;
  if (typeof label === 'object') return `map<${label.mapOf}, ${short}> ${name} = ${id};`;
  return `${label === 'one' ? '' : `${label} `}${short} ${name} = ${id};`;
}

/** The rpc as the last of its service, the imports it needs among the others, and the count in the first line kept right. */
function withRpc(
  text: string,
  {
    service,
    rpc,
    method,
    places,
    declaring,
  }: { service: string; rpc: string; method: Method; places: ReadonlyMap<string, string>; declaring: string },
): string {
  const scope = packageOf(service);
  const short = (type: string): string => (type.startsWith(`${scope}.`) ? type.slice(scope.length + 1) : type);
  const line = `  rpc ${rpc}(${short(method.request)}) returns (${short(method.response)});`;
  const opening = new RegExp(`^service ${service.slice(scope.length + 1)} \\{$`, 'm').exec(text);
  const end = opening === null ? -1 : text.indexOf('\n}', opening.index);
  if (end < 0)
    throw new ConfigError(
      `${declaring}: no "service ${service.slice(scope.length + 1)} {" with its end on a line of its own`,
    );
  const added = `${text.slice(0, end)}\n${line}${text.slice(end)}`;
  const wanted = [method.request, method.response].flatMap((type) => importOf(type, places));
  return counted(
    withImports(
      added,
      wanted.filter((path) => path !== declaring),
    ),
  );
}

function withImports(text: string, wanted: readonly string[]): string {
  const present = [...text.matchAll(/^import "(.+)";$/gm)].map(([, path = '']) => path);
  const all = [...new Set([...present, ...wanted])].sort().map((path) => `import "${path}";`);
  if (present.length === 0) return text.replace(/^(package .+;)$/m, `$1\n\n${all.join('\n')}`);
  const first = text.indexOf('import "');
  return `${text.slice(0, first)}${all.join('\n')}\n${text.slice(first).replaceAll(/^import ".+";\n/gm, '')}`;
}

function counted(text: string): string {
  return text.replace(
    /^(\/\/.*: )(\d+)( methods\.)$/m,
    (_, before: string, count: string, after: string) => `${before}${Number(count) + 1}${after}`,
  );
}
