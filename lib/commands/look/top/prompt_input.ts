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
  if (key === "tab" || key === "down" || key === "shift-tab" || key === "up") return complete(prompt, key);
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
function complete(prompt: Prompt, key: string): void {
  const by = key === "tab" || key === "down" ? 1 : -1;
  if (prompt.complete === undefined) return;
  if (prompt.suggestions.length === 0) {
    const { replaces, suggestions } = prompt.complete(prompt.line.before);
    if (suggestions.length === 0) return;
    const begun = [...prompt.line.before].slice(-replaces).join("");
    const common = commonStart(suggestions);
    if (suggestions.length === 1 || (common.length > begun.length && replaces > 0 && common.startsWith(begun))) {
      prompt.line.replaceBefore(replaces, common);
    }
    if (suggestions.length > 1) suggest(prompt, suggestions, -1);
    return;
  }
  const at = (prompt.chosen + by + prompt.suggestions.length) % prompt.suggestions.length;
  const shown = prompt.chosen < 0
    ? prompt.complete(prompt.line.before).replaces
    : lengthOf(prompt.suggestions[prompt.chosen]);
  prompt.line.replaceBefore(
    shown,
    prompt.suggestions[prompt.chosen < 0 && by < 0 ? prompt.suggestions.length - 1 : at],
  );
  prompt.chosen = at;
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
