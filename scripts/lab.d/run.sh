# shellcheck shell=dash
# What the guest does: the tests that the share's filter names, one after the other, for they share one kernel.
export LD_LIBRARY_PATH="$PROGRAMS" PATH="$PROGRAMS:$PATH" TMPDIR=/tmp PUMPKII_LAB=1 PUMPKII_LAB_KEPT="$KEPT" NO_COLOR=1
export PUMPKII_LAB_SCRIPTS=/share/scripts
mkdir -p /tmp/work && cd /tmp/work || exit 70
exec "$PROGRAMS/pumpkiiPackageTests.xctest" --testing-library swift-testing --no-parallel --filter "$(cat /tmp/filter)"
