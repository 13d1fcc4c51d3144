# The lab's kernel: the distribution's own package, unpacked and never installed. Sourced, never run.
# shellcheck shell=bash
# shellcheck disable=SC2154 # root and lab come from those who source this

# kernel_package: the newest kernel of this distribution, by the package that always depends on it.
kernel_package() {
  local meta
  for meta in linux-image-amd64 linux-image-generic; do
    apt-cache depends --no-recommends --no-suggests "$meta" 2>/dev/null |
      awk '/Depends: linux-image-[0-9]/ { print $NF; found = 1; exit } END { exit !found }' && return
  done
  die 69 "apt knows no kernel package (linux-image-amd64 or linux-image-generic); run apt-get update, or use Debian 12 or newer"
}

# fetch FOLDER PACKAGE…: downloads packages and unpacks them there.
fetch() {
  local into=$1 scratch
  shift
  scratch=$(mktemp -d "$lab/download.XXXXXX")
  chmod 755 "$scratch"
  if ! (cd "$scratch" && apt-get download -qq "$@" >/dev/null 2>"$scratch/errors"); then
    note "$(tail -n 1 "$scratch/errors")"
    rm -rf "$scratch"
    return 1
  fi
  local file
  for file in "$scratch"/*.deb; do dpkg -x "$file" "$into"; done
  rm -rf "$scratch"
}

# uncompressed KERNEL OUTPUT: the ELF program inside a bzImage, which qemu starts without a boot loader; a compressed
# one costs five seconds of an emulated processor.
uncompressed() {
  local magic tool at
  while read -r magic tool; do
    at=$(LC_ALL=C grep -aboP -m 1 "$magic" "$1" | head -n 1 | cut -d: -f1)
    [[ -n $at ]] || continue
    # What follows the compressed part is not ours, and some tools end badly for it: the result is what is judged.
    # shellcheck disable=SC2086
    tail -c "+$((at + 1))" "$1" | $tool >"$2" 2>/dev/null || true
    [[ $(head -c 4 "$2" | tail -c 3) != ELF ]] || return 0
  done <<'TOOLS'
\xfd7zXZ\x00 xz -dc --single-stream
\x28\xb5\x2f\xfd zstd -dcq
\x1f\x8b\x08 gzip -dc
TOOLS
  return 1
}

# get_kernel: sets release and kernel, the folder with vmlinux and modules.
get_kernel() {
  local package unpacked image
  package=$(kernel_package)
  release=${package#linux-image-}
  kernel=$lab/kernel-$release
  [[ ! $kernel/ready -nt $root/scripts/lib/lab-modules.sh ]] || return 0
  note "fetching $package (70 MB)"
  unpacked=$lab/unpacked-$release
  rm -rf "$unpacked" "$kernel"
  mkdir -p "$unpacked" "$kernel/lib/modules"
  fetch "$unpacked" "$package" || die 69 "cannot download $package; run apt-get update, or look at the network"
  # Ubuntu keeps the modules in packages of their own.
  if apt-cache show "linux-modules-extra-$release" >/dev/null 2>&1; then
    fetch "$unpacked" "linux-modules-$release" "linux-modules-extra-$release" || die 69 "cannot download linux-modules"
  fi
  image=$(find "$unpacked/boot" -name 'vmlinu[xz]-*' | head -n 1)
  [[ -n $image ]] || die 70 "$package holds no kernel"
  uncompressed "$image" "$kernel/vmlinux" || die 70 "cannot uncompress the kernel of $package (xz, zstd and gzip were tried)"
  mv "$(find "$unpacked" -type d -path "*lib/modules/$release")" "$kernel/lib/modules/"
  cp "$unpacked/boot/config-$release" "$kernel/config"
  rm -rf "$unpacked"
  build_modules || note "vicodec and gpio-sim, models of an encoder and a chip, are left out: their scenarios will fail and say so"
  "$(program depmod)" -b "$kernel" "$release"
  touch "$kernel/ready"
}

# program NAME: where it is, though /sbin be not in a person's PATH.
program() { PATH=$PATH:/sbin:/usr/sbin command -v "$1" || die 69 "$1 is missing"; }
