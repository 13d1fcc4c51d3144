# shellcheck shell=dash
# What the guest does: the tests that the share's filter names, one after the other, for they share one kernel.
export LD_LIBRARY_PATH=/programs PATH=/programs:$PATH TMPDIR=/tmp PUMPKII_LAB=1 PUMPKII_LAB_KEPT=/share/kept NO_COLOR=1
mkdir -p /tmp/work && cd /tmp/work || exit 70
exec /programs/pumpkiiPackageTests.xctest --testing-library swift-testing --no-parallel --filter "$(cat /share/filter)"
