// The recorded synchronisations, replayed by our own code in both roles.
import { FOLDER, PLANS, scenarioFile, scenarioText } from "../../scripts/sync_vectors/all.ts";
import { runClient, type Scenario, server } from "../../scripts/sync_vectors/scenario.ts";
import { readState, writeState } from "../../scripts/sync_vectors/state.ts";
import { answerOf, comparable, readRequest, requestOf, wireAnswer } from "../../scripts/sync_vectors/wire.ts";
import { assert, assertEquals } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";

const HINT = "does the protocol change? then run scripts/make_sync_vectors.ts, and read what changed";

async function read(name: string): Promise<Scenario> {
  return JSON.parse(await Deno.readTextFile(`${FOLDER}scenarios/${name}.json`));
}

/** A scenario, with its frames as another implementation of DEFLATE could have made them. */
function withoutPacking({ exchanges, ...rest }: Scenario): unknown {
  const parts = exchanges.map(({ request, answer, ...rest }) => {
    return { ...rest, request: comparable(request), answer: answer && comparable(answer) };
  });
  return { ...rest, exchanges: parts };
}

Deno.test("vectors: each synchronisation is the one that the script makes [slow]", async () => {
  const there = Array.from(Deno.readDirSync(`${FOLDER}scenarios`), ({ name }) => `scenarios/${name}`);
  assertEquals(there.sort(), PLANS.map(scenarioFile).sort());
  for (const plan of PLANS) {
    const made = await scenarioText(plan);
    const committed = await Deno.readTextFile(FOLDER + scenarioFile(plan));
    if (made === committed) continue;
    assertEquals(
      withoutPacking(JSON.parse(made)),
      withoutPacking(JSON.parse(committed)),
      `${plan.name} is another one: ${HINT}`,
    );
  }
});

Deno.test("vectors: our client sends the recorded requests, and ends as recorded", async () => {
  await using folder = await scratch();
  for (const { name } of PLANS) {
    const { before, exchanges, result, after, ...what } = await read(name);
    const own = `${folder.path}/${name}`;
    await writeState(own, before.client);
    let at = 0;
    const said = await runClient(own, what, async (sent) => {
      const { wire } = await readRequest(sent);
      assert(at < exchanges.length, `${name}: asks for more than was recorded: ${wire.method} ${wire.path}`);
      const { request, answer, damage } = exchanges[at++];
      assertEquals(comparable(wire), comparable(request), `${name}: request ${at - 1}`);
      if (answer === undefined) throw new TypeError("the connection broke");
      return answerOf(answer, damage);
    });
    assertEquals(said, result, name);
    assertEquals(at, exchanges.length, `${name}: number of requests`);
    assertEquals(await readState(own), after.client, name);
  }
});

Deno.test("vectors: our server gives the recorded answers, and ends as recorded", async () => {
  await using folder = await scratch();
  for (const { name } of PLANS) {
    const { before, exchanges, after } = await read(name);
    const own = `${folder.path}/${name}`;
    await writeState(own, before.server);
    const routes = server(own);
    for (const [at, { request, answer, damage, isFalse }] of exchanges.entries()) {
      const response = await routes(requestOf(request, damage));
      const bytes = new Uint8Array(await response.arrayBuffer());
      if (answer === undefined || isFalse) continue;
      const wire = wireAnswer(response, request.path, bytes);
      assertEquals(comparable(wire), comparable(answer), `${name}: answer ${at}`);
    }
    assertEquals(await readState(own), after.server, name);
  }
});
