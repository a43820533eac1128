/**
 * The keeper: a small shell that `dbx run` starts beside its child, in the same process group. POSIX sh (dash, bash,
 * busybox). It reads orders, one a line, on stdin, and reports on descriptor 3.
 *
 * - At the start it reports `ignored …`: the signals that were ignored when dbx was started. A shell cannot trap those,
 * so a trap that does not run tells them.
 * - As a canary it reports `! SIGNAL` for each signal that it gets, so that dbx knows which went to the whole process
 * group. `? PID` asks: the answer `? same|other|gone` comes after all signals that arrived before, and says whether
 * that process is in the keeper's process group.
 * - As a holder it makes the FIFOs of the child's output (`pipes DIR`), holds their read ends (`hold`), and, when dbx
 * dies (its stdin ends) while a child is known (`child PID`), starts dbx again to go on recording (the words of `own
 * WORD` orders). Signals that this one writes into the FIFO `orders` go to the child, as long as its pid is still in
 * the same process group. If that fails it keeps the output in files in DIR, and tries again when the output has ended.
 * `killall PID` kills a process and all that descend from it, wherever they went: those are stopped first, so
 * that they start no other ones meanwhile; not the first one, with which a terminal's `script` would stop. What was left by a parent that has ended does not belong to it any more.
 * `pass` is for processes that outlive the child: what they still print goes to dbx's own stdout and stderr.
 *
 * In dash, `read` fails when a trapped signal interrupts it, as it does at the end of the input; `got` distinguishes
 * the two.
 */
export const KEEPER_SCRIPT = `
trap '' PIPE
ignored=
for s in HUP INT QUIT TERM USR1 USR2 ALRM XCPU; do
  hit=
  trap 'hit=1' $s
  kill -$s $$
  [ -n "$hit" ] || ignored="$ignored $s"
done
tell() { echo "$1" >&3; } 2>/dev/null
for s in HUP INT QUIT TERM USR1 USR2 ALRM XCPU CONT WINCH; do
  trap "got=1; tell '! $s'" $s
done
set --
dir= child= place=
tell "ignored$ignored"
groupof() {
  group=
  if { read -r line <"/proc/$1/stat"; } 2>/dev/null; then
    line=\${line##*) }
    line=\${line#* }
    line=\${line#* }
    group=\${line%% *}
  elif [ ! -e /proc/self/stat ]; then
    group=$(ps -o pgid= -p "$1" 2>/dev/null)
    group=\${group##* }
  fi
}
parents() {
  if [ -e /proc/self/stat ]; then
    for stat in /proc/[0-9]*/stat; do
      { read -r line <"$stat"; } 2>/dev/null || continue
      rest=\${line##*) }
      rest=\${rest#* }
      echo "\${line%% *} \${rest%% *}"
    done
  else ps -A -o pid= -o ppid= 2>/dev/null
  fi
}
killall() {
  all=$1 more=$1
  while [ -n "$more" ]; do
    more=$(parents | while read -r pid parent; do
      case " $all " in *" $pid "*) continue ;; esac
      case " $all " in *" $parent "*) echo "$pid" ;; esac
    done)
    [ -z "$more" ] || kill -STOP $more
    all="$all "$(echo $more)
  done
  kill -KILL $all
} 2>/dev/null
while :; do
  got=
  if IFS= read -r line; then
    rest=\${line#* }
    case $line in
      '? '*)
        groupof $$
        mine=$group
        groupof "$rest"
        if [ -z "$group" ]; then tell '? gone'
        elif [ "$group" = "$mine" ]; then tell '? same'
        else tell '? other'
        fi ;;
      'kill '*) kill -$rest 2>/dev/null ;;
      'killall '*) killall "$rest" ;;
      'own '*) set -- "$@" "$rest" ;;
      'child '*) child=$rest; groupof "$child"; place=$group ;;
      'pipes '*)
        if ! (umask 077; mkdir "$rest") 2>/dev/null
        then tell 'pipes no'
        elif (umask 077; mkfifo "$rest/out" "$rest/err" && [ -p "$rest/out" ] && [ -p "$rest/err" ]) 2>/dev/null
        then dir=$rest; tell 'pipes yes'
        else rm -rf "$rest" 2>/dev/null; tell 'pipes no'
        fi ;;
      hold) exec 7<"$dir/out" 8<"$dir/err"; tell held ;;
      bye) [ -z "$dir" ] || rm -rf "$dir"; exit 0 ;;
      pass)
        trap '' HUP INT QUIT TERM USR1 USR2 ALRM XCPU
        rm -rf "$dir"
        exec 3>&- 0</dev/null
        (cat <&7 2>/dev/null || cat <&7 >/dev/null) &
        (cat <&8 >&2 2>/dev/null || cat <&8 >/dev/null) &
        exit 0 ;;
    esac
  elif [ -z "$got" ]; then break
  fi
done
exec 3>&- 0</dev/null
if [ -z "$dir" ]; then exit 0; fi
if [ -z "$child" ]; then rm -rf "$dir"; exit 0; fi
trap '' HUP INT QUIT TERM USR1 USR2 ALRM XCPU
if [ $# -gt 0 ]; then
  mkfifo "$dir/orders" 2>/dev/null
  (while IFS= read -r signal; do
    groupof "$child"
    if [ "$group" != "$place" ]; then :
    elif [ "$signal" = KILL ]; then killall "$child"
    else kill "-$signal" "$child"
    fi
  done <"$dir/orders") 7<&- 8<&- 2>/dev/null &
  orders=$!
  "$@"
  ended=$?
  kill -9 $orders 2>/dev/null
  if [ $ended = 0 ]; then rm -rf "$dir"; exit 0; fi
fi
(cat <&7 >>"$dir/out.kept" || cat <&7 >/dev/null) 2>/dev/null &
(cat <&8 >>"$dir/err.kept" || cat <&8 >/dev/null) 2>/dev/null &
wait
exec 7<&- 8<&-
if [ $# -gt 0 ] && "$@" >/dev/null 2>&1; then rm -rf "$dir"; fi
`;
