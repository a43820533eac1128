import type { Json } from "../../base/json.ts";
import { IndexFiles } from "../../index/state/index_files.ts";
import { SegmentFiles } from "../../query/snapshot/catalogue/segment/files.ts";
import { Cell, Flag } from "../../query/snapshot/catalogue/segment/layout.ts";
import type { Segment } from "../../query/snapshot/catalogue/segment/segment.ts";
import { SegmentExperiment } from "../../query/snapshot/catalogue/segment_rows.ts";
import { RootFolder } from "../../fs/folders/root_folder.ts";
import { notesFolder } from "../../format/layout/names.ts";
import { cellsOf } from "../../terminal/values.ts";

/** So many experiments are offered; of more, those that were made last. */
const MAX_EXPERIMENTS = 100;

/** So many experiments are looked at for the params and tags that there are, those that were made last. */
const SAMPLE = 200;

/** Bytes of notes of one experiment that are looked at, from their beginning. */
const MAX_NOTES_BYTES = 64 * 1024;

/** An experiment of the files of a catalogue. */
interface Row {
  readonly segment: Segment;
  readonly row: number;
  readonly createdAt: number;
}

/**
 * What an index knows, as it stands: nothing is brought up to date for a key that was pressed. What is damaged is as if it were not
 * there.
 */
export class IndexWords {
  readonly #segments: readonly Segment[];

  /** `folder`: of the index, an absolute path. */
  constructor(readonly repo: string, readonly folder: string) {
    this.#segments = new SegmentFiles(`${folder}/catalogue`).load();
  }

  /** The ids that begin with a text, the newest first, with what tells them apart. */
  experiments(prefix: string): [id: string, help: string][] {
    return this.#newest(MAX_EXPERIMENTS, prefix).map((row) => {
      const known = experimentOf(row);
      const { kind, name } = known.brief;
      const cell = cellsOf({ isTerminal: true });
      const params = Object.entries(known.params() ?? {}).slice(0, 4).map(([key, value]) =>
        `${key}=${cell(value as Json)}`
      );
      return [known.id, [name, kind, ...params].filter((text) => text !== "").join("  ")];
    });
  }

  /** Each kind, or each name. */
  briefs(of: "kind" | "name"): string[] {
    const cell = of === "kind" ? Cell.Kind : Cell.Name;
    const found = new Set<string>();
    for (const segment of this.#segments) {
      segment.load();
      const seen = new Set<number>();
      for (let row = 0; row < segment.count; row++) seen.add(segment.cell(row, cell));
      for (const string of seen) found.add(segment.head.strings[string]);
    }
    return [...found];
  }

  /** The names of the params of the newest experiments. */
  params(): string[] {
    const found = new Set<string>();
    for (const row of this.#newest(SAMPLE)) {
      for (const key of Object.keys(experimentOf(row).params() ?? {})) found.add(key);
    }
    return [...found];
  }

  /** The tags of the newest experiments that have notes. */
  tags(): string[] {
    const found = new Set<string>();
    const root = new RootFolder(this.repo);
    for (const { segment, row } of this.#newest(SAMPLE, "", Flag.MayHaveNotes)) {
      const folder = notesFolder(segment.folderAt(row));
      try {
        for (const { name, isFile } of root.list(folder)) {
          if (!isFile) continue;
          const text = new TextDecoder().decode(root.readFile(`${folder}/${name}`).subarray(0, MAX_NOTES_BYTES));
          for (const [, tag] of text.matchAll(/^\{"event":"dbx\/tag".*?"tag":("(?:[^"\\]|\\.)*")/gm)) {
            found.add(JSON.parse(tag));
          }
        }
      } catch {
        // They are gone, or damaged.
      }
    }
    return [...found];
  }

  /** The last parts of the keys of series. */
  series(): string[] {
    const found = new Set<string>();
    for (const { directory: { series, strings } } of new IndexFiles(this.folder).load().packs) {
      const seen = new Set<number>();
      for (let at = 0; at < series.length; at++) seen.add(series.path[at]);
      for (const string of seen) found.add(strings[string]);
    }
    return [...found];
  }

  /** The experiments that were made last, whose ids begin with a text. */
  #newest(most: number, prefix = "", flag = 0): Row[] {
    const rows: Row[] = [];
    const seen = new Set<string>();
    // What a newer file says of an experiment counts.
    for (const segment of this.#segments) {
      segment.load();
      for (let row = prefix === "" ? 0 : segment.firstFrom(prefix); row < segment.count; row++) {
        const id = segment.idAt(row);
        if (!id.startsWith(prefix)) break;
        if (this.#segments.length > 1) {
          if (seen.has(id)) continue;
          seen.add(id);
        }
        if (segment.has(row, Flag.Gone) || (flag !== 0 && !segment.has(row, flag))) continue;
        rows.push({ segment, row, createdAt: segment.cell(row, Cell.Created) });
      }
    }
    return rows.sort((a, b) => b.createdAt - a.createdAt).slice(0, most);
  }
}

function experimentOf({ segment, row }: Row): SegmentExperiment {
  return new SegmentExperiment(segment, row, segment.folderAt(row));
}
