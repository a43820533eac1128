import { storeRoutes } from "../../lib/server/store_routes.ts";
import { contentDigest } from "../../lib/protocol/integrity.ts";
import type { Transport } from "../../lib/client/http/exchange.ts";
import { RemoteStore } from "../../lib/client/store/remote_store.ts";
import type { Selection } from "../../lib/sync/select.ts";
import { sync, type SyncReport } from "../../lib/sync/sync.ts";
import { readState, type State, writeState } from "./state.ts";
import { SteadyStore } from "./steady_store.ts";
import { answerOf, type Damage, type Exchange, readRequest, requestOf, wireAnswer } from "./wire.ts";

/** Two copies, and what one of them is to do. */
export interface Plan {
  readonly name: string;
  /** The rules of SYNC.md that it shows. */
  readonly spec?: readonly string[];
  readonly about: string;
  /** What the client does: get what it lacks, send what the server lacks, or both. */
  readonly does: "pull" | "push" | "sync";
  readonly client: State | null;
  readonly server: State | null;
  readonly select?: Selection;
  /** What happens to the exchange of a number, from 0, on its way. */
  readonly damage?: Readonly<Record<number, Damage>>;
  /** Makes what replaces answers by those of a server that breaks the rules. */
  readonly falsify?: () => Falsify;
}

/** What a client says in the end. */
export type Result =
  | { readonly setbacks: readonly { readonly name: string; readonly kind: string }[] }
  | { readonly error: string };

/** The body of a false answer to a request with this path, or headers of one (null: left out). */
export type Falsify = (path: string) =>
  | { readonly body?: Uint8Array<ArrayBuffer>; readonly headers?: Readonly<Record<string, string | null>> }
  | undefined;

/** A synchronisation as it goes over the wire, with what both sides hold before and after it. */
export interface Scenario {
  readonly about: string;
  readonly spec?: readonly string[];
  readonly does: Plan["does"];
  readonly select?: Selection;
  readonly before: { readonly client: State | null; readonly server: State | null };
  readonly exchanges: readonly Exchange[];
  readonly result: Result;
  readonly after: { readonly client: State | null; readonly server: State | null };
}

/** The client of a vector, whose requests go through `transport`. */
export async function runClient(
  folder: string,
  { does, select }: Pick<Plan, "does" | "select">,
  transport: Transport,
): Promise<Result> {
  const own = new SteadyStore(folder);
  // Requests one after another: so that a server on a slow machine is not asked whether it is still alive.
  const peer = new RemoteStore({ location: "the server", base: "http://server", transport, pause: 0, isSerial: true });
  const [from, to] = does === "pull" ? [peer, own] : [own, peer];
  let report: SyncReport;
  try {
    report = await sync(from, to, { direction: does === "sync" ? "both" : "push", select });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { error: error.name };
  }
  return { setbacks: report.setbacks.map(({ name, kind }) => ({ name, kind })) };
}

/** The server of a vector. */
export function server(folder: string): (request: Request) => Promise<Response> {
  return storeRoutes(new SteadyStore(folder), { hide: (message) => message.replaceAll(folder, "the repository") });
}

/** Does what a plan says, with our client and our server, and writes down all that goes between them. */
export async function record(plan: Plan, folder: string): Promise<Scenario> {
  const { about, does, select, damage = {} } = plan;
  const falsify = plan.falsify?.();
  const [own, theirs] = [`${folder}/client`, `${folder}/server`];
  await writeState(own, plan.client);
  await writeState(theirs, plan.server);
  const routes = server(theirs);
  const exchanges: Exchange[] = [];
  const transport: Transport = async (sent) => {
    const { wire: request } = await readRequest(sent);
    const broken = damage[exchanges.length];
    const response = await routes(requestOf(request, broken));
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (broken?.of === "request" && broken.does === "cut") {
      exchanges.push({ request, damage: broken });
      throw new TypeError("the connection broke");
    }
    const other = falsify?.(request.path);
    const answer = wireAnswer(
      other === undefined ? response : falsified(response, other),
      request.path,
      other?.body ?? bytes,
    );
    exchanges.push({
      request,
      answer,
      ...(broken !== undefined && { damage: broken }),
      ...(other !== undefined && { isFalse: true }),
    });
    return answerOf(answer, broken);
  };
  const result = await runClient(own, plan, transport);
  return {
    about,
    ...(plan.spec !== undefined && { spec: plan.spec }),
    does,
    ...(select !== undefined && { select }),
    before: { client: plan.client, server: plan.server },
    exchanges,
    result,
    after: { client: await readState(own), server: await readState(theirs) },
  };
}

function falsified({ status, headers }: Response, other: NonNullable<ReturnType<Falsify>>): Response {
  const all = new Headers(headers);
  if (other.body !== undefined && all.has("content-digest")) all.set("content-digest", contentDigest(other.body));
  for (const [name, value] of Object.entries(other.headers ?? {})) {
    if (value === null) all.delete(name);
    else all.set(name, value);
  }
  return new Response(null, { status, headers: all });
}
