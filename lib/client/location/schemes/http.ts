import { hostOf, isUrl, normalizeServerUrl } from "../../../base/server_url.ts";
import type { Opening, Scheme } from "../scheme.ts";

/** A repository that `dbx serve` offers. */
export interface HttpLocation {
  readonly kind: "http";
  readonly url: string;
  /** With its port. */
  readonly host: string;
}

/** `http:` and `https:` URLs. */
export const httpScheme: Scheme<HttpLocation> = {
  kind: "http",
  forms: "http://, https://",

  parse(text) {
    if (!isUrl(text)) return undefined;
    const url = normalizeServerUrl(text);
    return { kind: "http", url, host: hostOf(url) };
  },

  address: ({ url }) => url,

  nameOf: ({ url }) => new URL(url).hostname,

  permissions({ host }, { env }) {
    return { net: [host], read: env.DBX_CA_FILE ? [env.DBX_CA_FILE] : [] };
  },

  async openStore({ url }, opening) {
    const { RemoteStore } = await import("../../store/remote_store.ts");
    return new RemoteStore({ base: url, transport: await transportOf(url, opening), ...opening.tokenFor?.(url) });
  },

  async openReader({ url }, opening) {
    const { RemoteRepository } = await import("../../remote_repository.ts");
    return await RemoteRepository.open(url, await remoteOptions(url, opening));
  },

  async openRepository({ url }, options) {
    const { RemoteRepository } = await import("../../remote_repository.ts");
    const { spoolFolder } = await import("../../spool/folder.ts");
    const { visibleToken, visibleVariables } = await import("../own_environment.ts");
    const kept = options.token === undefined ? visibleToken(url, options.insecure) : undefined;
    return await RemoteRepository.openOrWait(url, {
      ...options,
      ...kept,
      insecure: options.insecure ?? kept?.insecure,
      spool: options.spool ?? spoolFolder(visibleVariables("DBX_SPOOL", "XDG_STATE_HOME", "HOME")),
    });
  },
};

/** How the repository behind a URL is opened. */
export async function remoteOptions(url: string, opening: Opening) {
  const { spoolFolder } = await import("../../spool/folder.ts");
  return {
    ...opening.tokenFor?.(url),
    transport: await transportOf(url, opening),
    spool: spoolFolder(opening.env),
    onMessage: opening.onMessage,
  };
}

async function transportOf(url: string, { env, wrapTransport }: Opening) {
  const { httpTransport } = await import("../../http/http_transport.ts");
  const transport = httpTransport(env.DBX_CA_FILE);
  return wrapTransport?.(transport, url) ?? transport;
}
