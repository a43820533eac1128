import type { ForeignData, RunRecord } from "../foreign.ts";
import { timeOfIso } from "../event_parts.ts";

/** What is known of a run of Trackio. Older versions know runs by their names only. */
export interface TrackioRun {
  readonly project: string;
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly config?: ForeignData;
  readonly createdAt?: number;
}

/** What tells runs apart. */
export function runKey({ project, id, name }: TrackioRun): string {
  return id ?? `${project}\n${name ?? "unnamed"}`;
}

/** A run; what Trackio adds to its config stands apart from the params. */
export function trackioRun({ project, id, name, config = {}, createdAt }: TrackioRun): RunRecord {
  const { _Username: user, _Created: created, _Group: group, ...params } = config;
  const label = name ?? id ?? "unnamed";
  const extra = Object.fromEntries(
    Object.entries({ user, group }).filter(([, value]) => value !== undefined && value !== null),
  );
  return {
    type: "run",
    key: runKey({ project, id, name }),
    kind: typeof group === "string" ? group : project,
    name: `${project}/${label}`,
    params,
    createdAt: timeOfIso(typeof created === "string" ? created : undefined) ?? createdAt ?? 0,
    extra: Object.keys(extra).length > 0 ? { trackio: extra } : undefined,
  };
}
