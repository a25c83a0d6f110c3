# shellcheck shell=bash
# Sourced by scripts that look at what make install leaves, in $tree: make is called by in_tree, pkg-config by of_g0.
# shellcheck source=tests/tap.sh
. "$(dirname "${BASH_SOURCE[0]}")/tap.sh"
command -v pkg-config >/dev/null || skip_all "no pkg-config here"
tree=$work/tree prefix=/opt/g0

# The flags as somebody gets them whose system the tree is.
of_g0()
{
	PKG_CONFIG_LIBDIR=$tree$prefix/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$tree pkg-config "$@" g0
}

explain()
{
	sed 's/^/# /' "$work/out"
}

# quietly COMMAND...: what it says is in $work/out.
quietly()
{
	"$@" >"$work/out" 2>&1
}

in_tree()
{
	quietly make -s -C "$root" "$1" O="${O#"$root"/}" DESTDIR="$tree" PREFIX="$prefix"
}
