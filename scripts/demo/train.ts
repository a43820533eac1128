// Trains a small network on two spirals and logs to the file that `dbx run` names in DBX_LOG. Nothing of dbx is used:
// a log is a file to which any language appends lines of JSON.
import { parseArgs } from "@std/cli/parse-args";

const flags = parseArgs(Deno.args) as unknown as { lr: number; seed: number; hidden: number; epochs: number };
const { lr = 0.1, seed = 1, hidden = 24, epochs = 60 } = flags;
const log = Deno.env.get("DBX_LOG");

/** Uniform numbers in [0, 1) from a seed (a 32-bit linear congruential generator, Numerical Recipes). */
function generator(state: number): () => number {
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

const random = generator(seed * 7919);
const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

interface Sample {
  readonly x: number[];
  readonly y: number;
}

/** Points on two arms of a spiral, with noise; `y` names the arm. */
function spirals(count: number): Sample[] {
  return Array.from({ length: count }, (_, at) => {
    const y = at % 2;
    const turn = Math.sqrt(random()) * 3 * Math.PI / 2;
    const angle = turn + y * Math.PI;
    return { x: [turn / 4 * Math.cos(angle) + 0.05 * normal(), turn / 4 * Math.sin(angle) + 0.05 * normal()], y };
  });
}

/** One hidden layer twice: 2 → hidden → hidden → 1, tanh, logistic output, stochastic gradient descent. */
const sizes = [2, hidden, hidden, 1];
const weights = sizes.slice(1).map((size, layer) =>
  Array.from(
    { length: size },
    () => Float64Array.from({ length: sizes[layer] + 1 }, () => normal() / Math.sqrt(sizes[layer])),
  )
);

function forward(x: number[]): Float64Array[] {
  const activity = [Float64Array.from(x)];
  for (const [layer, rows] of weights.entries()) {
    const last = layer === weights.length - 1;
    activity.push(Float64Array.from(rows, (row) => {
      let sum = row[row.length - 1];
      for (let i = 0; i < activity[layer].length; i++) sum += row[i] * activity[layer][i];
      return last ? 1 / (1 + Math.exp(-sum)) : Math.tanh(sum);
    }));
  }
  return activity;
}

function step(sample: Sample): number {
  const activity = forward(sample.x);
  const p = activity[activity.length - 1][0];
  let delta = Float64Array.of(p - sample.y);
  for (let layer = weights.length - 1; layer >= 0; layer--) {
    const below = activity[layer];
    const next = new Float64Array(below.length);
    weights[layer].forEach((row, unit) => {
      for (let i = 0; i < below.length; i++) {
        next[i] += row[i] * delta[unit] * (1 - below[i] * below[i]);
        row[i] -= lr * delta[unit] * below[i];
      }
      row[row.length - 1] -= lr * delta[unit];
    });
    delta = next;
  }
  return loss(p, sample.y);
}

function loss(p: number, y: number): number {
  return -Math.log(Math.max(1e-12, y === 1 ? p : 1 - p));
}

const train = spirals(600);
const validation = spirals(300);
for (let epoch = 0; epoch < epochs; epoch++) {
  let sum = 0;
  for (let i = 0; i < train.length; i++) sum += step(train[Math.floor(random() * train.length)]);
  let [valLoss, right] = [0, 0];
  for (const { x, y } of validation) {
    const p = forward(x).at(-1)![0];
    valLoss += loss(p, y) / validation.length;
    right += Number((p > 0.5) === (y === 1)) / validation.length;
  }
  const event = {
    event: `train/epoch/${epoch}`,
    ts: Date.now(),
    train_loss: sum / train.length,
    val_loss: valLoss,
    val_acc: right,
  };
  if (log !== undefined) Deno.writeTextFileSync(log, JSON.stringify(event) + "\n", { append: true });
  if (epoch % 20 === 19) console.log(`epoch ${epoch + 1}: val_loss ${valLoss.toFixed(4)}, val_acc ${right.toFixed(3)}`);
}
