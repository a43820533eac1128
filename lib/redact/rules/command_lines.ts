import { byPattern, type Rule } from "./rule.ts";
import { isPlaceholder } from "./secret_values.ts";

/** Command lines as scripts hold them and shells print them (`set -x`); `redactWords` knows the words of one that is run. */
export const COMMAND_LINE_RULES: readonly Rule[] = [
  {
    name: "command-line",
    what: "a password in a short option whose name does not say so: curl -u, mysql -p, sshpass -p, redis-cli -a",
    source: "the manual pages of the programs",
    anchors: [
      "curl ",
      "wget ",
      "mysql",
      "mariadb",
      "sshpass ",
      "redis-cli ",
      "sqlcmd ",
      "docker login",
      "podman login",
    ],
    find: byPattern(
      /(?<before>(?:(?:curl|wget)\s(?:[^|;&\n]{0,500}?\s)?(?:-u\s*|--user[ =]|--proxy-user[ =])["']?[^\s:"']+:|(?:mysql(?:dump|admin|import)?|mariadb(?:-dump)?)\s(?:[^|;&\n]{0,500}?\s)?-p["']?|sshpass\s+-p\s*["']?|redis-cli\s(?:[^|;&\n]{0,500}?\s)?-a\s+["']?|sqlcmd\s(?:[^|;&\n]{0,500}?\s)?-P\s*["']?|(?:docker|podman) login\s(?:[^|;&\n]{0,500}?\s)?-p\s+["']?))(?<secret>[^\s"']{3,})/g,
      (secret) => !isPlaceholder(secret),
    ),
    catches: "+ curl -s -u admin:hunter2 https://host.example/x",
    leaves: "+ curl -s -u admin:$PASSWORD https://host.example/x",
  },
];
