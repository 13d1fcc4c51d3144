# Kernel modules that Debian does not build: vicodec, a model of a memory-to-memory encoder, with what it stands on, and
# gpio-sim, a chip with lines. They are built from Debian's own source, once a kernel. Sourced, never run.
# shellcheck shell=bash
# shellcheck disable=SC2154 # lab, kernel and release come from those who source this

# build_modules: leaves vicodec.ko, v4l2-mem2mem.ko and gpio-sim.ko among the kernel's modules.
build_modules() {
  local into=$lab/headers-$release
  rm -rf "$into"
  mkdir -p "$into"
  unpack_sources "$into" && compile "$into" && mkdir -p "$kernel/lib/modules/$release/extra" &&
    cp "$into"/build/*.ko "$kernel/lib/modules/$release/extra/" || return 1
  rm -rf "$into"
}

# unpack_sources FOLDER: the headers this kernel was built with, and the few files of its source.
unpack_sources() {
  local into=$1 version=${release%%-*} archive packages
  version=${version%.*}
  mapfile -t packages < <(apt-cache depends --no-recommends "linux-headers-$release" 2>/dev/null |
    awk '/Depends: linux-(headers|kbuild)-/ { print $NF }')
  note "fetching linux-headers-$release and linux-source-$version (150 MB)"
  fetch "$into" "linux-headers-$release" "${packages[@]}" "linux-source-$version" || return 1
  archive=$(find "$into/usr/src" -name 'linux-source-*.tar.*' | head -n 1)
  mkdir -p "$into/build"
  tar -xf "$archive" -C "$into/build" --strip-components=1 --wildcards '*/drivers/media/test-drivers/vicodec/*' \
    '*/drivers/media/v4l2-core/v4l2-mem2mem.c' '*/drivers/gpio/gpio-sim.c' '*/drivers/gpio/gpiolib.h' \
    '*/kernel/irq/irq_sim.c'
  rm "$archive"
}

# compile FOLDER: headers know themselves by absolute paths, which are moved to where they were unpacked.
compile() {
  local headers=$1/usr/src/linux-headers-$release build=$1/build
  note "building vicodec and gpio-sim"
  sed -i "s#/usr/src/#$1/usr/src/#g" "$headers/Makefile"
  find "$1/usr/src" -maxdepth 2 -type l -printf '%p %l\n' | while read -r link target; do
    [[ $target != /usr/* ]] || ln -sfn "$1$target" "$link"
  done
  find "$build" -name '*.[ch]' -exec mv -t "$build" {} + 2>/dev/null || true
  # A module of two files has the name of neither. What irq_sim calls is for the kernel itself; its twin is for modules.
  mv "$build/gpio-sim.c" "$build/sim.c"
  sed -i 's/handle_simple_irq(irq_to_desc(irqnum))/generic_handle_irq_safe(irqnum)/' "$build/irq_sim.c"
  cat >"$build/Makefile" <<'MAKE'
obj-m += v4l2-mem2mem.o vicodec.o gpio-sim.o
vicodec-objs := vicodec-core.o codec-fwht.o codec-v4l2-fwht.o
gpio-sim-objs := sim.o irq_sim.o
MAKE
  make -s -C "$headers" M="$build" modules >"$lab/modules.log" 2>&1 || { tail -n 5 "$lab/modules.log"; return 1; }
}
