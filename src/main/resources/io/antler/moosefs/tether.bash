# Runs a program as the tether's child, all in one process group; whatever ends it ends the whole group.
#   arguments: the program and its arguments
#   standard input: the pipe to the owner; each line is a moment of /proc/uptime in hundredths of a second:
#     the group dies then, unless a later line names a later moment. Before the first line it may live for ever.
#     The end of the pipe (the owner died or let go) kills at once.
#   standard output: "pid N" when the program starts, "exit N" when it ended by itself
#   standard error: all the program prints
exec 3<&0 </dev/null

( echo "pid $BASHPID"; exec "$@" 1>&2 3<&- ) &
program=$!

(
  deadline=
  line=
  while :; do
    if [[ -z $deadline ]]; then
      read -r -u 3 part
      status=$?
    else
      read -r now _ </proc/uptime
      left=$((deadline - 10#${now/./}))
      ((left > 0)) || break
      # In steps: a timeout does not count time that the machine slept.
      ((left < 20)) || left=20
      printf -v seconds '0.%02d' "$left"
      read -r -t "$seconds" -u 3 part
      status=$?
    fi
    line+=$part # a timeout in the middle of a line leaves the rest of it to the next read
    ((status <= 128)) || continue
    ((status == 0)) || break
    deadline=$line
    line=
  done
  kill -9 -- "-$$"
) &

exec 3<&-
wait "$program"
echo "exit $?"
kill -9 -- "-$$"
