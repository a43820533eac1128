import { under, type Vector, type VectorFile } from "./vector.ts";

const attempt = (run: string, attempt: number, derived: string): Vector => {
  return { id: `${run}/${attempt}`, run, attempt, derived };
};
const resume = (id: string, name: string, derived: string): Vector => {
  return { id: `resume-${id}`, repository: "0golden0repo1", name, derived };
};

/** Ids that follow from others by a hash. They were computed by another program than dbx. */
export const IDS: VectorFile = {
  about:
    "Ids that follow from others: of the attempts of a start (`attempt`, from the `run` in the request), and of the experiment that is found by a name in `resume` (`name`, in the `repository`).",
  vectors: [
    ...under("F59", [
      attempt("0resnet0run01", 0, "0resnet0run01"),
      attempt("0resnet0run01", 1, "knzh6at1z9qv7"),
      attempt("0resnet0run01", 2, "3cn4gewii7nt3"),
      attempt("0resnet0run01", 3, "6dgs41vuzx7lo"),
      attempt("0resnet0run01", 4, "dtav2g2n7i9ay"),
      attempt("zzzzzzzzzzzzz", 1, "m29f3optwcxa4"),
      attempt("zzzzzzzzzzzzz", 2, "c4ly4rpwoewqu"),
      attempt("zzzzzzzzzzzzz", 3, "xh0vv2z1hcblk"),
      attempt("zzzzzzzzzzzzz", 4, "ryb9fxwpokfwf"),
    ]),
    resume("plain", "job-7", "vja3xukasbu2s"),
    resume("unicode", "größe", "u004qgf73gd4c"),
    resume("line-feed", "a\nb", "auewaor5j80xc"),
  ],
};
