#!/bin/busybox sh
# SPDX-License-Identifier: MIT
# shellcheck shell=dash
# Process 1 of the system that arm64.py boots. What its job says it does, item by item, and says on the console how each ended;
# what the job leaves in /out goes out by the second serial line.

/bin/busybox mkdir -p /proc /sys /dev /tmp /out
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mount -t tmpfs tmp /tmp
ln -s /proc/self/fd /dev/fd
ln -s fd/0 /dev/stdin
ln -s fd/1 /dev/stdout
ln -s fd/2 /dev/stderr
exec </dev/null
export PATH=/bin HOME=/tmp
# This CPU is an emulated one, and what does little but wake threads takes it a minute beside other work.
export G0_TEST_SECONDS=600

# item NAME COMMAND...: run it, and say how it ended, and how many seconds it took: arm64.py counts these lines.
item()
{
	name=$1 from=$(date +%s)
	shift
	"$@"
	echo "@item $? $(($(date +%s) - from)) $name"
}

# ends STATUS NAME COMMAND...: the same of one that ends so; None: with any status but 0.
ends()
{
	want=$1 name=$2
	shift 2
	item "$name" ended "$@"
}

ended()
{
	"$@"
	is=$?
	[ "$is" = "$want" ] || { [ "$want" = None ] && [ "$is" != 0 ]; }
}

# told COMMAND...: what it says into a file. That a lesson does not hold to its end is no failure of this.
told()
{
	"$@" >/out/told
	[ "$?" -le 1 ]
}

# recorded TO COMMAND...: make TO.g0r, and the sum of its dump. One that was stopped at its limit has not failed.
recorded()
{
	to=$1
	shift
	"$@"
	build/g0scope dump "$to.g0r" --json | sha256sum >"$to.sum"
	[ -s "$to.g0r" ]
}

# By how much this kernel begins lower than 6.1 to give memory away, where nothing is by chance.
layout()
{
	echo 0 >/proc/sys/kernel/randomize_va_space
	from=$(sed -n 's/^\([0-9a-f]*\)-.*\[vvar.*/\1/p' /proc/self/maps | head -n 1)
	echo 2 >/proc/sys/kernel/randomize_va_space
	echo $((0xfffff7ffd000 - 0x$from)) >/out/shift
}

# shellcheck source=/dev/null
. /job
stty -F /dev/ttyS0 raw
tar -cz -C /out . >/dev/ttyS0
stty -F /dev/ttyS0 cooked
echo "@end"
poweroff -f
