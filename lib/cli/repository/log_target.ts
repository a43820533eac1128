import { definitionFile, LOCAL_FOLDER } from "../../format/layout/names.ts";
import { routeTo } from "../../protocol/route_table.ts";
import { isUrl } from "../../base/server_url.ts";
import { newId } from "../../base/ids.ts";
import { isObject, type JsonObject } from "../../base/json.ts";
import { AlreadyExistsError, NotFoundError, UnreachableError } from "../../base/errors.ts";
import { checkExtendable, createExperiment, createRun, type NewExperiment } from "../../logger/create.ts";
import { readRequests } from "../../repo/control/requests.ts";
import { Experiment } from "../../repo/experiments/experiment.ts";
import { initRepository } from "../../repo/open.ts";
import type { LocalStore } from "../../store/local/local_store.ts";
import type { ProcessContext } from "../command.ts";
import type { LogTarget, TargetExperiment } from "./access.ts";
import { warnOfMarker } from "./problems.ts";
import { claimed, claimLine, sendFirstLine, writeFirstLine } from "./claims.ts";
import { catalogueOf, connectLazily } from "./repository.ts";

/** Milliseconds after which dbx reports that it is still sending. */
const NOTICE_DELAY_MS = 1000;

/** Opens the place where a command line logs. `spool`: the absolute path of that of a process that died, for a server. */
export async function openTarget(context: ProcessContext, spool?: string): Promise<LogTarget> {
  return isUrl(context.repo) ? await serverTarget(context, context.repo, spool) : await folderTarget(context);
}

async function folderTarget(context: ProcessContext): Promise<LogTarget> {
  const { repository } = await initRepository(context.repo, { catalogue: catalogueOf(context) });
  warnOfMarker(context, repository);
  const store = repository.store as LocalStore;
  const find = async (prefix: string) => {
    const found = await repository.findExperiment(prefix);
    checkExtendable(found);
    return found;
  };
  return {
    store,
    isRemote: false,
    find,
    make: (wanted) => makeIn(store, wanted),
    async makeOnce(wanted) {
      // Starts that give it different names would make it in different folders: they take turns.
      store.folder.makeFolder(LOCAL_FOLDER);
      using turn = store.folder.open(`${LOCAL_FOLDER}/resume.lock`, { write: true, create: true });
      await turn.lock(true);
      try {
        return await find(wanted.id);
      } catch (error) {
        if (!(error instanceof NotFoundError)) throw error;
      }
      try {
        return { ...await makeIn(store, wanted), params: wanted.params ?? {} };
      } catch (error) {
        if (!(error instanceof AlreadyExistsError)) throw error;
        return await find(wanted.id);
      }
    },
    async isDeleted({ id }) {
      return (await (await repository.findExperiment(id)).notes()).deleted;
    },
    // A repository that was made before it had an id of its own goes by its path.
    repositoryId: () => Promise.resolve(repository.id ?? context.repo),
    async claim(experiment, definition) {
      let made: { folder: string };
      try {
        made = await createRun(store, experiment.folder, definition);
      } catch (error) {
        if (error instanceof AlreadyExistsError) throw claimed(definition.id);
        throw error;
      }
      const line = claimLine(newId(), Date.now());
      if (!writeFirstLine(store, made.folder, line)) throw claimed(definition.id);
      return made;
    },
    requests: ({ id, folder }) => {
      const definition = { id, kind: "", name: "", params: {}, createdAt: NaN, extra: {} };
      return readRequests(new Experiment(repository, definition, folder));
    },
    close: () => Promise.resolve(true),
  };
}

async function serverTarget(context: ProcessContext, url: string, spool?: string): Promise<LogTarget> {
  const server = await connectLazily(context, url);
  const store = await server.spoolStore(spool);
  return {
    store,
    isRemote: true,
    async find(prefix) {
      const found = await server.experiment(prefix);
      checkExtendable(found);
      return found;
    },
    make: (wanted) => makeIn(store, wanted),
    async makeOnce({ id, kind = "", name = "", params = {}, extra = {} }) {
      const response = await server.client.send("make_experiment", { json: { ...extra, id, kind, name, params } });
      // 409: somebody else made it, with other params.
      if (!response.ok && response.status !== 409) throw await server.client.errorOf(response);
      await response.body?.cancel();
      return await server.experiment(id);
    },
    async isDeleted({ id }) {
      return (await (await server.findExperiment(id)).notes()).deleted;
    },
    async repositoryId() {
      try {
        const { repository } = await server.client.json("about");
        return isObject(repository) && typeof repository.id === "string" ? repository.id : url;
      } catch (error) {
        if (error instanceof UnreachableError) return undefined;
        throw error;
      }
    },
    async claim({ id: exp }, { id, cmd, pwd, script, hostname, env, git, extra = {} }) {
      const json = { id, cmd, pwd, script, hostname, env, git, ...extra } as unknown as JsonObject;
      const response = await server.client.send(routeTo("make_run", { exp }), { json });
      if (response.status === 409) throw claimed(id);
      if (!response.ok) throw await server.client.errorOf(response);
      const { folder } = await response.json() as { folder: string };
      const name = definitionFile(folder);
      await store.create(name, await server.store.read(name));
      const line = claimLine(newId(), Date.now());
      // First where all can see it, then here, from where it is sent again without harm.
      if (!(await sendFirstLine(server.client, exp, id, line))) throw claimed(id);
      writeFirstLine(store, folder, line);
      return { folder };
    },
    requests: ({ id }) => server.requests(id),
    async close(milliseconds) {
      const { stderr } = context;
      const timer = setTimeout(() => {
        if (stderr.isTerminal) stderr.line(`dbx: waiting until ${url} has received everything`);
      }, NOTICE_DELAY_MS);
      await server.close(milliseconds).finally(() => clearTimeout(timer));
      return !server.isRefused;
    },
  };
}

async function makeIn(store: LocalStore, wanted: NewExperiment): Promise<TargetExperiment> {
  const { definition, folder } = await createExperiment(store, wanted);
  return { id: definition.id, folder };
}
