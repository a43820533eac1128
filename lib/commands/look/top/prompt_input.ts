import { messageOf } from "../../../base/errors.ts";
import type { Input } from "../../../terminal/screen/input.ts";
import type { Prompt, TopState } from "./state.ts";

/** Takes what is typed into a prompt. `changed`: is called when what is shown is another, also later. */
export function takePrompt(state: TopState, prompt: Prompt, input: Input, changed: () => void): void {
  const key = input.kind === "key" ? input.key : "";
  if (key === "escape" || key === "ctrl-c" || key === "ctrl-g") {
    if (prompt.suggestions.length > 0 && key === "escape") suggest(prompt, [], -1);
    else state.prompt = undefined;
    return;
  }
  if (key === "enter") return void accept(state, prompt, changed);
  if (key === "tab" || key === "down" || key === "shift-tab" || key === "up") {
    complete(prompt, key, changed).catch((error) => {
      prompt.error = messageOf(error);
      changed();
    });
    return;
  }
  if (!prompt.line.take(input)) return;
  prompt.error = undefined;
  suggest(prompt, [], -1);
}

async function accept(state: TopState, prompt: Prompt, changed: () => void): Promise<void> {
  try {
    await prompt.accept(prompt.line.text);
    if (state.prompt === prompt) state.prompt = undefined;
  } catch (error) {
    prompt.error = messageOf(error);
    suggest(prompt, [], -1);
  }
  changed();
}

/** The first time, what may stand there; then one after the other in the line. A single one is put there at once. */
async function complete(prompt: Prompt, key: string, changed: () => void): Promise<void> {
  if (prompt.complete === undefined) return;
  if (prompt.suggestions.length > 0) return next(prompt, key === "tab" || key === "down" ? 1 : -1);
  const { text, before } = prompt.line;
  const { replaces, suggestions } = await prompt.complete(before);
  // Somebody typed on meanwhile.
  if (prompt.line.text !== text || prompt.line.before !== before || suggestions.length === 0) return;
  const begun = replaces === 0 ? "" : [...before].slice(-replaces).join("");
  const common = commonStart(suggestions);
  const isLonger = replaces > 0 && common.length > begun.length && common.startsWith(begun);
  prompt.replaces = replaces;
  if (suggestions.length === 1 || isLonger) {
    prompt.line.replaceBefore(replaces, common);
    prompt.replaces = lengthOf(common);
  }
  if (suggestions.length > 1) suggest(prompt, suggestions, -1);
  changed();
}

/** Puts another suggestion into the line. */
function next(prompt: Prompt, by: number): void {
  const { suggestions, chosen } = prompt;
  const from = chosen < 0 && by < 0 ? 0 : chosen;
  prompt.chosen = (from + by + suggestions.length) % suggestions.length;
  prompt.line.replaceBefore(prompt.replaces, suggestions[prompt.chosen]);
  prompt.replaces = lengthOf(suggestions[prompt.chosen]);
}

function suggest(prompt: Prompt, suggestions: readonly string[], chosen: number): void {
  prompt.suggestions = suggestions;
  prompt.chosen = chosen;
}

function commonStart(texts: readonly string[]): string {
  let common = texts[0];
  for (const text of texts) while (!text.startsWith(common)) common = common.slice(0, -1);
  return common;
}

function lengthOf(text: string): number {
  return [...new Intl.Segmenter().segment(text)].length;
}
