#!/usr/bin/env bash
# test.sh runs every VM test, each package in a guest of its own, from a bare
# Debian machine with Go. It installs what is missing; where it may not, it
# says what that is and fails. Arguments go to go test:
#
#	.ci/vm/test.sh -coverprofile=vm.out
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
cd "$root"

if [[ $(uname -sm) != 'Linux x86_64' ]]; then
	echo "test-vm: needs Linux on x86-64, this is $(uname -sm)" >&2
	exit 1
fi
if ! command -v go >/dev/null; then
	echo "test-vm: needs Go, see https://go.dev/doc/install" >&2
	exit 1
fi

missing=()
need() { # need PACKAGE COMMAND...: the command shows that the package is there
	local package=$1
	shift
	"$@" >/dev/null 2>&1 || missing+=("$package")
}
need qemu-system-x86 qemu-system-x86_64 --version
need xz-utils xz --version
need gcc gcc --version
need libc6-dev test -e /usr/include/stdlib.h
need pkg-config pkg-config --version
need libusb-1.0-0-dev pkg-config --exists libusb-1.0
if ((${#missing[@]})); then
	echo "test-vm: installing ${missing[*]}" >&2
	sudo=()
	[[ $(id -u) == 0 ]] || sudo=(sudo)
	if ! command -v apt-get >/dev/null || { ((${#sudo[@]})) && ! command -v sudo >/dev/null; }; then
		echo "test-vm: missing, and cannot be installed from here: ${missing[*]}" >&2
		echo "test-vm: run, as root: apt-get install --no-install-recommends ${missing[*]}" >&2
		exit 1
	fi
	install=("${sudo[@]}" env DEBIAN_FRONTEND=noninteractive
		apt-get install -y -qq --no-install-recommends "${missing[@]}")
	"${install[@]}" >/dev/null 2>&1 ||
		{ "${sudo[@]}" apt-get update -qq && "${install[@]}" >/dev/null; } || {
		echo "test-vm: missing, and apt-get could not install: ${missing[*]}" >&2
		exit 1
	}
fi

"$here/fetch.sh" "${VM_CACHE:-$root/.cache/vm}"

# Those that take longest go first, so that no guest runs alone in the end.
packages=(./escpos/queue ./transport/serial)
mapfile -t others < <(grep -rlE '^//go:build .*\bvm\b' --include='*_test.go' . | xargs -r -n 1 dirname | sort -u |
	grep -vxF "$(printf '%s\n' "${packages[@]}")")
packages+=("${others[@]}")
echo "test-vm: ${packages[*]}" >&2

# Three guests at a time keep two cores busy: each waits for its devices about
# half of the time.
go test -tags vm -run '^TestVM' -count 1 -p 3 -timeout 270s -v "$@" -exec "$here/exec" "${packages[@]}"
