const LEVEL = "(?:TRACE|DEBUG|INFO|WARN(?:ING)?|ERROR|SUCCESS|CRITICAL|FATAL|NOTSET)";
const TIME = String.raw`\d{4}[-/]\d{2}[-/]\d{2}[ T]\d{2}:\d{2}:\d{2}(?:[.,]\d+)?(?:Z|[+-]\d{2}:?\d{2})?`;

/** What stands before the message: launchers' marks of ranks, times, levels, names of loggers, places in source. */
const PREFIXES: readonly RegExp[] = [
  // mpirun --tag-output, srun -l, torchrun: "[1,0]<stdout>:", "0: ", "[rank0]: ", "[default0]:"
  /^\[\d+,\d+\]<std(?:out|err)>:\s?/,
  /^\[(?:rank|default)\d+\]:\s?/,
  // Python's logging.basicConfig: "INFO:root:"
  new RegExp(`^${LEVEL}:[^:\\s]+:`),
  // absl and glog: "I1124 16:54:45.742824 139963396299648 train.py:30] "
  /^[IWEFD]\d{4} \d{2}:\d{2}:\d{2}\.\d+\s+\d+ [^\]\s]+\] /,
  // optuna: "[I 2026-11-24 16:54:45,600] "
  new RegExp(`^\\[[IWEDC] ${TIME}\\] `),
  // hydra: "[2026-11-24 16:54:45,600][train][INFO] - "
  new RegExp(`^\\[${TIME}\\](?:\\[[^\\]]*\\])*:?\\s*-?\\s*`),
  // "2026-11-24 16:54:45,728 - root - INFO - ", "… | INFO | fairseq.trainer | ", loguru's "… | INFO | __main__:main:3 - "
  new RegExp(
    `^${TIME}\\s*(?:[-|:]\\s+)?(?:[\\w.:<>-]+\\s*[|-]\\s+){0,3}(?:\\[?${LEVEL}\\]?\\s*[:|-]?\\s+)?(?:[\\w.:<>-]+\\s+[|-]\\s+)?`,
  ),
  // detectron2: "[07/01 12:00:00 d2.utils.events]: ", MAE: "[21:25:16.951899] "
  /^\[\d{2}\/\d{2} \d{2}:\d{2}:\d{2}[^\]]*\]:?\s*/,
  /^\[\d{2}:\d{2}:\d{2}(?:\.\d+)?\]\s*/,
  // mmengine: "07/07 14:04:20 - mmengine - INFO - "
  new RegExp(`^\\d{2}/\\d{2} \\d{2}:\\d{2}:\\d{2} - \\S+ - ${LEVEL} - `),
  // "INFO - ", "[INFO] ", "INFO: "
  new RegExp(`^\\[?${LEVEL}\\]?\\s*[:|-]?\\s+`),
];

/** A line without what a logger put before the message. */
export function withoutPrefix(line: string): string {
  if (!/^[[\dA-Z]/.test(line)) return line;
  let text = line;
  for (const prefix of PREFIXES) text = text.replace(prefix, "");
  return text;
}
