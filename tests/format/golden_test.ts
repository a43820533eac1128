// The golden repositories, read with nothing but the format: what they hold must be read so for ever.
import { parseExperiment, parseRepositoryConfig, parseRun, parseV0 } from "../../lib/format/definitions/definition.ts";
import { formatDeviation } from "../../lib/format/events/format_deviation.ts";
import { parseEvent } from "../../lib/format/events/parse_event.ts";
import { checkExperimentName, experimentFolder, logNameOf, objectName } from "../../lib/format/layout/names.ts";
import { isExpfile, isRefFile } from "../../lib/format/json/special_values.ts";
import { seriesOf } from "../../lib/format/events/series_key.ts";
import { decodeValue } from "../../lib/format/json/value.ts";
import { assert, assertEquals } from "../assert.ts";

const FIXTURES = new URL("../fixtures/", import.meta.url);
const RESNET = "v1/vision/resnet/0resnet0exp01";
const UNICODE = "v1/größe/日本語 🚀/2unicode0exp3";
const MNIST = "v0/mnist/cnn/Ab3_x9ZkQ0pLm";
const T = Date.parse("2026-01-01T09:00:00.000Z");

function test(name: string, fn: () => void | Promise<void>): void {
  Deno.test({ name, permissions: { read: [FIXTURES] }, fn });
}

const url = (path: string): URL => new URL(path.split("/").map(encodeURIComponent).join("/"), FIXTURES);
const text = (path: string): string => Deno.readTextFileSync(url(path));

/** The whole lines of a log, and what follows the last line feed. */
function lines(path: string): { whole: string[]; torn: string } {
  const whole = text(path).split("\n");
  return { torn: whole.pop()!, whole };
}

const events = (path: string) => lines(path).whole.map((line) => parseEvent(line));

function files(folder: string): string[] {
  return [...Deno.readDirSync(url(folder))].flatMap(({ name, isDirectory }) =>
    isDirectory ? files(`${folder}/${name}`) : [`${folder}/${name}`]
  );
}

async function sha256(path: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", Deno.readFileSync(url(path)));
  return Array.from(new Uint8Array(digest), (b) => b.toString(16).padStart(2, "0")).join("");
}

test("golden v1: the marker and the definitions", () => {
  assertEquals(parseRepositoryConfig(text("v1/dbx.json")), { version: 1, id: "0golden0repo1", createdAt: T });
  let experiments = 0;
  for (const path of files("v1").filter((path) => path.endsWith("/meta.json"))) {
    const folder = path.slice("v1/".length, -"/meta.json".length);
    if (folder.includes("/runs/")) {
      assert(folder.endsWith(`/runs/${parseRun(text(path), { path }).id}`), path);
      continue;
    }
    experiments++;
    const experiment = parseExperiment(text(path), { path });
    assertEquals(experimentFolder(experiment), folder);
    checkExperimentName(experiment.name);
  }
  assertEquals(experiments, 4);
  const resnet = parseExperiment(text(`${RESNET}/meta.json`), { path: "" });
  assertEquals(decodeValue(resnet.params), {
    lr: 0.1,
    layers: [18, 34],
    optimizer: { name: "sgd", momentum: 0.9 },
    clip: Infinity,
    augment: true,
    seed: null,
  });
  assertEquals(resnet.extra, { dataset: "cifar10", tags: ["baseline", "paper"] });
  const params = parseExperiment(text(`${UNICODE}/meta.json`), { path: "" }).params;
  assertEquals(Object.keys(params), ["größe", "__proto__", "", "a.b", "line\u2028end"]);
});

test("golden v1: every line of every log is a regular event", () => {
  const logs = files("v1").filter((path) => logNameOf(path.slice(path.lastIndexOf("/") + 1)) !== undefined);
  assertEquals(logs.length, 14);
  for (const path of logs) {
    const { whole, torn } = lines(path);
    for (const line of whole) assertEquals(formatDeviation(line), undefined, `${path}: ${line}`);
    assertEquals(torn, path.includes("1plain00run01/log.jsonl") ? '{"event":"loss","ts":1767258000003,"val' : "");
  }
});

test("golden v1: values, odd lines and series", () => {
  const log = events(`${RESNET}/runs/0resnet0run01/log.jsonl`);
  assertEquals(decodeValue(log[2].data), {
    train_loss: NaN,
    train_acc: 0.5,
    grad: { norm: Infinity, min: -Infinity },
    step: 300,
  });
  assertEquals(seriesOf(log[2]).map(({ key, step, value }) => [key, step, value]), [
    ["train/epoch/*:train_loss", 300, NaN],
    ["train/epoch/*:train_acc", 300, 0.5],
    ["train/epoch/*:grad.norm", 300, Infinity],
    ["train/epoch/*:grad.min", 300, -Infinity],
  ]);
  assert(isExpfile(log[5].data.checkpoint) && isRefFile(log[5].data.data));
  const [greetings, spaced, keys, numbers, empty] = events(`${UNICODE}/runs/2unicode0run1/log.jsonl`);
  assertEquals(greetings, { event: "größe/7", ts: T + 1, data: { Δ: 0.001, text: '\u2028 \ud800 \0 "x" 🚀' } });
  assertEquals(spaced, { event: "spaced", data: { loss: 0.5 } });
  assertEquals(Object.keys(keys.data), ["7", "_event", "_ts", "__proto__", "a.b", "a"]);
  assertEquals(numbers.data.big, 9007199254740992);
  assertEquals(numbers.data.huge, Number.MAX_VALUE);
  assertEquals(numbers.data.tiny, 5e-324);
  assertEquals(empty, { event: "empty", ts: T + 4, data: {} });
});

test("golden v1: objects have the hash that they are named by, and every expfile has its object", async () => {
  const objects = files("v1/objects");
  assertEquals(objects.length, 4);
  for (const path of objects) assertEquals(path, "v1/" + objectName(await sha256(path)));
  const named = files("v1").filter((path) => /(meta\.json|\.jsonl)$/.test(path)).flatMap((path) =>
    [...text(path).matchAll(/"expfile"[^}]*?"sha256":\s*"([0-9a-f]+)"/g)].map((match) => match[1])
  );
  assertEquals(named.length, 5);
  for (const hash of named) assert(objects.includes("v1/" + objectName(hash)), hash);
});

test("golden v0: definitions", () => {
  const { experiment, run } = parseV0(text(`${MNIST}/meta.json`), { path: "", id: "Ab3_x9ZkQ0pLm" });
  const createdAt = Date.parse("2025-06-01T12:30:00.500Z");
  assertEquals({ ...experiment, params: decodeValue(experiment.params) as never }, {
    id: "Ab3_x9ZkQ0pLm",
    kind: "train",
    name: "mnist/cnn",
    params: { lr: 0.01, batch_size: 64, betas: [0.9, 0.999], dropout: NaN as never },
    createdAt,
    extra: { supervisor: "Grace" },
  });
  assertEquals(run, {
    id: "Ab3_x9ZkQ0pLm",
    createdAt,
    cmd: ["train.py", "--lr", "0.01"],
    pwd: "/home/ada/mnist",
    script: "/home/ada/mnist/train.py",
    hostname: "gpu-1",
    env: { HOME: "/home/ada", LANG: "C.UTF-8" },
    git: { commit: "fedcba9876543210fedcba9876543210fedcba98", branch: "exp", dirty: false },
    extra: {},
  });
  const plain = parseV0(text("v0/0123456789abc/meta.json"), { path: "0123456789abc/meta.json", id: "0123456789abc" });
  assertEquals(plain, {
    experiment: { id: "0123456789abc", kind: "sweep", name: "", params: {}, createdAt: NaN, extra: {} },
    run: { id: "0123456789abc", createdAt: NaN, cmd: ["python sweep.py"], hostname: "box", pwd: "/tmp", extra: {} },
  });
});

test("golden v0: events, a torn tail, a user's own key ts", () => {
  const log = events(`${MNIST}/log.jsonl`);
  assertEquals(log.map((event) => event.ts), [undefined, undefined, undefined, undefined]);
  assertEquals(decodeValue(log[1].data), { loss: Infinity, acc: 0.5, ts: "a key like any other" });
  assertEquals(decodeValue(log[2].data), { loss: NaN, grad: { min: -Infinity } });
  assert(isExpfile(log[3].data.model) && isRefFile(log[3].data.data));
  assertEquals(lines("v0/0123456789abc/log.jsonl"), {
    whole: ['{"event": "loss", "value": 1}', '{"event": "loss", "value": 0.5}'],
    torn: '{"event": "loss", "va',
  });
});

test("golden v0: files.json names the files by their hashes", async () => {
  const lists = files("v0").filter((path) => path.endsWith("/files.json"));
  assertEquals(lists.length, 2);
  for (const list of lists) {
    for (const [name, hash] of Object.entries(JSON.parse(text(list)))) {
      assertEquals(await sha256(list.slice(0, -"files.json".length) + name), hash);
    }
  }
});
