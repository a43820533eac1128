import { VERSION } from "../base/version.ts";
import { type Route, ROUTES } from "../protocol/route_table.ts";
import { isNeeded } from "./api/body.ts";
import { ERROR_CONTENT, ERRORS, errorsOf } from "./api/errors.ts";
import type { Answer, Body, Contract, Parameter } from "./api/contract.ts";
import { GUARDED_ENDPOINTS, OPEN_ENDPOINTS } from "./routes/handlers.ts";
import { SCHEMAS } from "./api/schemas.ts";

/** What a document says of the server that gives it. */
export interface DocumentOptions {
  /** Whether everybody needs a token. */
  readonly needsTokens: boolean;
  /** The name of the cookie of its address. */
  readonly cookie: string;
}

const DESCRIPTION = `A repository of machine-learning experiments. API.md describes what does not fit here.

\`HEAD\` is answered wherever \`GET\` is, \`OPTIONS\` everywhere. Unknown parameters are refused, and so is JSON that repeats a name in
an object, has an unpaired surrogate or a number beyond the range of a double, or is nested deeper than 64 levels. Bodies may
be compressed (\`content-encoding: gzip\`) and have a \`content-digest\` (RFC 9530). Every answer has \`dbx-protocol\`, the
version of the protocol; a request with another version is refused.`;

const CONTRACTS: Readonly<Record<string, Contract>> = { ...OPEN_ENDPOINTS, ...GUARDED_ENDPOINTS };

/** The document that was asked for last: it needs no token, so it is not built for each request. */
let last: { readonly key: string; readonly text: string } | undefined;

/** The document as JSON. */
export function describeInterface(options: DocumentOptions): string {
  const key = `${options.needsTokens} ${options.cookie}`;
  if (last?.key !== key) last = { key, text: JSON.stringify(openApi(options)) + "\n" };
  return last.text;
}

/** The interface as an OpenAPI 3.1 document. Other repositories of a server are below `/repos/{repository}`. */
export function openApi(options: DocumentOptions): unknown {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [name, route] of Object.entries(ROUTES)) {
    const path = paths[route.path] ??= route.path.startsWith("/api/") ? {} : { servers: [{ url: "/" }] };
    path[route.method.toLowerCase()] = operationOf(name, { ...route, ...CONTRACTS[name] }, options);
  }
  return {
    openapi: "3.1.0",
    info: { title: "dbx", version: VERSION, description: DESCRIPTION },
    servers: [
      { url: "/", description: "the first repository" },
      {
        url: "/repos/{repository}",
        description: "any repository of the server",
        variables: { repository: { default: "repository", description: "its name, as listed by /api/v1" } },
      },
    ],
    paths,
    components: {
      schemas: SCHEMAS,
      responses: Object.fromEntries(
        Object.entries(ERRORS).map((
          [status, answer],
        ) => [`Error${status}`, answerOf({ content: ERROR_CONTENT, ...answer })]),
      ),
      securitySchemes: {
        token: {
          type: "http",
          scheme: "bearer",
          description: "roles: read, write, agent, control; each includes those before",
        },
        cookie: { type: "apiKey", in: "cookie", name: options.cookie, description: "set by POST /api/v1/session" },
      },
    },
  };
}

function operationOf(
  name: string,
  operation: Route & Contract,
  { needsTokens }: DocumentOptions,
): unknown {
  const { summary, help, subject, right, parameters = [], body, answers, method } = operation;
  const isHead = method === "HEAD";
  const failures = errorsOf(operation, right).filter((status) => !(status in answers)).map((status) =>
    [status, isHead ? { description: ERRORS[status].help } : { $ref: `#/components/responses/Error${status}` }] as const
  );
  return {
    operationId: name,
    summary,
    ...help !== undefined && { description: help },
    tags: [subject],
    ...right !== "open" && { "x-right": right },
    security: right === "open" || !needsTokens ? [{}] : [{ token: [] }, { cookie: [] }],
    parameters: parameters.map(parameterOf),
    ...body !== undefined && { requestBody: bodyOf(body) },
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, answerOf(answer)])),
      ...Object.fromEntries(failures),
    },
  };
}

function parameterOf({ name, in: place, help, schema, required, prefix, example }: Parameter): unknown {
  const isList = schema.type === "array";
  return {
    name: prefix === undefined ? name : prefix.replace(/\.$/, ""),
    in: place,
    description: help,
    required: place === "path" || required === true,
    ...isList && { style: "form", explode: true },
    ...prefix === undefined ? { schema } : {
      // Names of its own, each with its value.
      style: "form",
      explode: true,
      schema: {
        type: "object",
        propertyNames: { pattern: `^${prefix.replaceAll(".", "\\.")}[^\\u0000]{1,100}$` },
        additionalProperties: schema,
      },
    },
    ...example !== undefined && { example },
  };
}

function bodyOf(body: Body): unknown {
  const { type, help, schema, examples } = body;
  const named = Object.entries(examples ?? {}).map(([name, value]) => [name, { value }]);
  return {
    description: help,
    required: isNeeded(body),
    content: {
      [type]: {
        schema: schema ?? { type: "string" },
        ...named.length > 0 && { examples: Object.fromEntries(named) },
      },
    },
  };
}

function answerOf({ help, content, headers, links }: Answer): unknown {
  const described = Object.entries(headers ?? {}).map(([name, { help, schema, required = false }]) =>
    [name, { description: help, schema, required }] as const
  );
  const linked = Object.entries(links ?? {}).map(([operationId, parameters]) => {
    const named = Object.entries(parameters).map(([name, at]) => [name, `$response.body#${at}`]);
    return [operationId, { operationId, parameters: Object.fromEntries(named) }] as const;
  });
  return {
    description: help,
    ...content !== undefined && {
      content: Object.fromEntries(Object.entries(content).map(([type, schema]) => [type, { schema }])),
    },
    ...described.length > 0 && { headers: Object.fromEntries(described) },
    ...linked.length > 0 && { links: Object.fromEntries(linked) },
  };
}
