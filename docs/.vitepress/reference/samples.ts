import { exampleOf } from './examples.ts';
import type { ApiOperation, Json } from './operations.ts';

const HOST = 'https://YOUR-WORKER';

/** Returns how to send an operation from a shell and from TypeScript, one tab each. */
export function samples(operation: ApiOperation): string {
  const { method, path } = operation;
  const query = (operation.parameters ?? []).filter((each) => each.in === 'query' && each.required);
  const address =
    HOST +
    path.replace(/\{(\w+)\}/g, (_, name: string) => PATH_EXAMPLES[name] ?? 'ID') +
    (query.length > 0
      ? `?${new URLSearchParams(query.map((each) => [each.name, String(exampleOf(each.schema, { name: each.name }))]))}`
      : '');
  const headers: Record<string, string> = headersOf(operation);
  const contents = operation.requestBody?.content ?? {};
  const [type, media] =
    Object.entries(contents).find(([each]) => each === 'application/json') ?? Object.entries(contents)[0] ?? [];
  const body = media && exampleOf(media.schema);
  if (type) headers['Content-Type'] = type;
  return [
    '::: code-group',
    curl(method, address, headers, type, body),
    typescript(operation, address, headers, type, body),
    ':::',
  ].join('\n\n');
}

const PATH_EXAMPLES: Record<string, string> = {
  site: 'acme',
  number: '%2B14155550132',
  dimension: 'channel',
  table: 'calls',
};

function headersOf({ security }: ApiOperation): Record<string, string> {
  const [scheme] = security ?? [];
  if (!scheme) return { Origin: 'https://acme.example' };
  return scheme.token ? { Authorization: 'Bearer $TOKEN' } : {};
}

function curl(method: string, address: string, headers: Json, type: string | undefined, body: unknown): string {
  const lines = [
    `curl ${method === 'GET' ? '' : `-X ${method} `}"${address}"`,
    ...Object.entries(headers).map(([name, value]) => `-H "${name}: ${value}"`),
    ...(body === undefined ? [] : [`-d '${encoded(type, body).replaceAll("'", "'\\''")}'`]),
  ];
  return `\`\`\`sh [curl]\n${lines.join(' \\\n  ')}\n\`\`\``;
}

function typescript(
  { method, responses }: ApiOperation,
  address: string,
  headers: Record<string, string>,
  type: string | undefined,
  body: unknown,
): string {
  const fields = Object.entries(headers).map(([name, value]) => {
    const text = value.includes('$TOKEN') ? "'Bearer ' + token" : `'${value}'`;
    return `    ${/^\w+$/.test(name) ? name : `'${name}'`}: ${text},`;
  });
  const sent =
    body === undefined
      ? []
      : type === 'application/json'
        ? [`  body: JSON.stringify(${JSON.stringify(body, null, 2).replaceAll('\n', '\n  ')}),`]
        : [`  body: ${JSON.stringify(encoded(type, body))},`];
  const answers = Object.entries(responses).some(
    ([status, { content }]) => status.startsWith('2') && content?.['application/json'],
  );
  const lines = [
    `const response = await fetch('${address}', {`,
    ...(method === 'GET' ? [] : [`  method: '${method}',`]),
    ...(fields.length > 0 ? ['  headers: {', ...fields, '  },'] : []),
    ...sent,
    '});',
    'if (!response.ok) throw new Error((await response.json()).detail);',
    ...(answers ? ['const answer = await response.json();'] : []),
  ];
  return `\`\`\`ts [TypeScript]\n${lines.join('\n')}\n\`\`\``;
}

function encoded(type: string | undefined, body: unknown): string {
  if (type === 'application/x-www-form-urlencoded') {
    return new URLSearchParams(Object.entries(body as Json).map(([name, value]) => [name, String(value)])).toString();
  }
  return typeof body === 'string' ? body : JSON.stringify(body);
}
