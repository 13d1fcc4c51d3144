# Symbol graphs of our modules, which the documentation rule reads. Sourced, never run.
# shellcheck shell=bash
# shellcheck disable=SC2154 # root and products are common.sh's

# extract_symbols FOLDER: one graph a module from what the build left; fails when one cannot be made.
extract_symbols() {
  local folder=$1 module map maps=() triple
  rm -rf "$folder"
  mkdir -p "$folder"
  triple=$(swift -print-target-info | sed -n 's/.*"unversionedTriple": *"\([^"]*\)".*/\1/p' | head -n 1)
  # C modules that ours were built with: the build's own maps, ours, and those of the packages.
  while read -r map; do maps+=(-Xcc "-fmodule-map-file=$map"); done < <(
    find -L "$products" -maxdepth 2 -path '*.build/module.modulemap'
    find "$root/Sources" "$root/.build/checkouts" -path '*/Sources/*' -name module.modulemap -not -path '*/Benchmarks/*'
  )
  for module in "$root"/Sources/Pumpkii*; do
    module=$(basename "$module")
    swift symbolgraph-extract -module-name "$module" -I "$products/Modules" "${maps[@]}" -target "$triple" \
      -minimum-access-level package -skip-synthesized-members -output-dir "$folder" || return 1
    [[ -s $folder/$module.symbols.json ]] || { note "no symbol graph came out for $module"; return 1; }
  done
}
