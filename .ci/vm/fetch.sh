#!/usr/bin/env bash
# fetch.sh fills the cache with what a guest boots from: a Debian kernel, the
# USB and configfs modules that go with it, and a static busybox, packed into
# an initramfs that wants only a test binary. Nothing is installed over the
# host's own kernel. A cache that is complete is left as it is.
#
# usage: fetch.sh CACHE
set -euo pipefail

cache=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# The stamp names everything that the cache is made from.
stamp=$(cat "$here/fetch.sh" "$here/init" | sha256sum | cut -c1-16)
if [[ -f $cache/stamp && $(<"$cache/stamp") == "$stamp" ]]; then
	exit 0
fi

mkdir -p "$cache"
cache=$(cd "$cache" && pwd)
work=$(mktemp -d "$cache/fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"

update() {
	local sudo=()
	[[ $(id -u) == 0 ]] || sudo=(sudo)
	echo "test-vm: updating the lists of packages" >&2
	"${sudo[@]}" apt-get update -qq
}

# What linux-image-amd64 depends on is the kernel's own package. As root, apt
# would drop to a user that cannot write here, and warn.
download() {
	local kernel
	kernel=$(apt-cache depends linux-image-amd64 2>/dev/null |
		sed -n 's/^ *Depends: \(linux-image-[0-9].*\)$/\1/p' | head -n 1)
	[[ -n $kernel ]] || return
	echo "test-vm: fetching $kernel and busybox" >&2
	apt-get -o APT::Sandbox::User=root download -qq "$kernel" busybox-static
}

# The lists may be missing, or name what is not there any more.
if ! download 2>/dev/null && ! { update && download; }; then
	echo "test-vm: cannot download linux-image-amd64 and busybox-static by apt; a Debian (amd64) with its package source is needed" >&2
	exit 1
fi

mkdir root deb
dpkg-deb --fsys-tarfile linux-image-*.deb | tar x -C deb --wildcards \
	'*/vmlinuz-*' '*/kernel/drivers/usb/*' '*/kernel/fs/configfs/*'
dpkg-deb --fsys-tarfile busybox-static_*.deb | tar x -C deb --wildcards '*/bin/busybox'

# QEMU enters an ELF kernel directly, by PVH. That saves the guest unpacking
# itself, which costs seconds without hardware virtualisation. The payload of
# a bzImage starts at the xz magic; where there is none, the bzImage serves.
image=$(echo deb/boot/vmlinuz-*)
offset=$(LC_ALL=C grep -obUaP '\xfd7zXZ\x00' "$image" | head -n 1 | cut -d: -f1 || true)
if [[ -n $offset ]]; then
	tail -c "+$((offset + 1))" "$image" | xz -dc --single-stream >vmlinux 2>/dev/null || true
fi
if [[ ! -s vmlinux || $(head -c 4 vmlinux) != $'\x7fELF' ]]; then
	cp "$image" vmlinux
fi

mkdir -p root/{bin,dev,etc,lib/modules,proc,sys,tmp,root,run}
cp "$(find deb -path '*/bin/busybox')" busybox
cp busybox root/bin/busybox
cp "$here/init" root/init
chmod 755 root/init root/bin/busybox

# In order of need: the package has no modules.dep.
for module in usb-common usbcore usbip-core vhci-hcd usblp cdc-acm usbserial ftdi_sio \
	udc-core configfs dummy_hcd libcomposite usb_f_printer; do
	file=$(find deb -name "$module.ko" -o -name "$module.ko.xz" | head -n 1)
	case $file in
	'') continue ;; # built into this kernel
	*.xz) xz -dc "$file" >"root/lib/modules/$module.ko" ;;
	*) cp "$file" "root/lib/modules/" ;;
	esac
	echo "$module" >>root/lib/modules/order
done

# The users of a system with a print group, for the tests of permissions.
printf '%s\n' 'root:x:0:0::/root:/bin/sh' 'clerk:x:1000:1000::/tmp:/bin/sh' >root/etc/passwd
printf '%s\n' 'root:x:0:' 'lp:x:7:' 'dialout:x:20:' 'clerk:x:1000:' >root/etc/group
printf '%s\n' '127.0.0.1 localhost' >root/etc/hosts

(cd root && find . | sort | "$work/busybox" cpio -o -H newc) >base.cpio 2>/dev/null

mv -f vmlinux base.cpio busybox "$cache/"
echo "$stamp" >"$cache/stamp"
