# The lab's guest system: busybox, a few modules, and the programs people use on cameras. Sourced, never run.
# shellcheck shell=bash
# shellcheck disable=SC2154 # root, lab, kernel and release come from those who source this

# build_image OUTPUT: the uncompressed archive qemu hands to the kernel.
build_image() {
  local tree
  tree=$(mktemp -d "$lab/image.XXXXXX")
  # It becomes the guest's root folder, which everybody there may read.
  chmod 755 "$tree"
  mkdir -p "$tree"/{bin,dev,etc,lib64,proc,programs,root,share,sys,tmp,usr/bin,usr/share}
  install -m 755 "$root/scripts/lab.d/init" "$tree/init"
  printf 'root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n' >"$tree/etc/passwd"
  printf 'root:x:0:\naudio:x:29:\nvideo:x:44:\nnogroup:x:65534:\n' >"$tree/etc/group"
  printf '127.0.0.1 localhost\n::1 localhost\n' >"$tree/etc/hosts"
  add_modules "$tree"
  add_program "$tree" "$(program busybox)" /bin/busybox
  local name
  for name in v4l2-ctl v4l2-compliance arecord aplay ustreamer bash grep getconf; do add_program "$tree" "$(program "$name")" "/usr/bin/$name"; done
  # Clients that pin still make a list of the system's roots first.
  [[ ! -e /etc/ssl/certs/ca-certificates.crt ]] ||
    install -D -m 644 /etc/ssl/certs/ca-certificates.crt "$tree/etc/ssl/certs/ca-certificates.crt"
  cp -r /usr/share/alsa "$tree/usr/share/"
  rm -rf "$tree"/usr/share/alsa/{ucm,ucm2,topology}
  (cd "$tree" && find . | cpio -o -H newc --quiet) >"$1"
  rm -rf "$tree"
}

# add_program TREE FILE [PLACE]: a program or library with every library it needs.
add_program() {
  local tree=$1 file=$2 place=${3:-$2} library
  install -D -m 755 "$(realpath "$file")" "$tree$place"
  while read -r library; do
    [[ -e $tree$library ]] || install -D -m 755 "$(realpath "$library")" "$tree$library"
  done < <(ldd "$file" 2>/dev/null | grep -oE '/[^ ]+')
}

# add_modules TREE: those of lab.d/modules that this kernel has, with what they depend on, without what debuggers need.
add_modules() {
  local tree=$1 name word file target
  while read -r name; do
    [[ $name != \#* && -n $name ]] || continue
    while read -r word file _; do
      [[ $word == insmod ]] || continue
      target=$tree/lib/modules/$release/${file#*/modules/"$release"/}
      mkdir -p "${target%/*}"
      case $file in
      *.xz) xz -dc "$file" >"${target%.xz}" ;;
      *.zst) zstd -dcq "$file" >"${target%.zst}" ;;
      *) cp "$file" "$target" ;;
      esac
    done < <("$(program modprobe)" -d "$kernel" -S "$release" --show-depends "$name" 2>/dev/null)
  done <"$root/scripts/lab.d/modules"
  find "$tree/lib/modules" -name '*.ko' -exec strip --strip-debug {} +
  cp "$kernel/lib/modules/$release"/modules.{builtin,builtin.modinfo,order} "$tree/lib/modules/$release/"
  "$(program depmod)" -b "$tree" "$release"
}
