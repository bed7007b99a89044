#!/usr/bin/env bash
# Tests a program that is not ours against a virtual printer: it must not say
# that it printed while there is no paper. Any language can do this: the
# printer is told what happens to it by lines of text.
#
#	test.sh PRINTERCTL PORT
#
# PRINTERCTL is the program, PORT a free TCP port; PORT+1 takes the commands.
set -euo pipefail
printerctl=$1 port=$2 control=$(($2 + 1))

"$printerctl" virtual --listen "127.0.0.1:$port" --control "127.0.0.1:$control" --paper 60 --speed 0 </dev/null >/dev/null &
trap 'kill $! 2>/dev/null; wait' EXIT

# tell sends one command to the printer, and prints what it says.
tell() {
	local line
	until { exec 3<>"/dev/tcp/127.0.0.1/$control"; } 2>/dev/null; do
		kill -0 $! # the printer has not started listening; is it still alive?
	done
	printf '%s\n' "$1" >&3
	read -r line <&3
	exec 3>&-
	printf '%s: %s\n' "$1" "$line"
	[[ $line == ok* ]]
}

# foreign stands for the program under test: it sends forty lines and a cut.
foreign() {
	exec 4<>"/dev/tcp/127.0.0.1/$port"
	for i in $(seq 40); do printf 'line %02d\n' "$i" >&4; done
	printf '\x1bd\x04\x1dV\x01' >&4
	exec 4>&-
}

tell 'wait online 5s'
foreign
tell 'wait offline 5s' # the paper has run out in the middle
tell 'load 2000'       # somebody loads a roll
tell 'wait receipt 2 5s'
tell 'receipt 1'
tell 'receipt 2'
