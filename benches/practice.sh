#!/bin/bash
# Measures practice storage, beside other S3 servers where some are named:
#
#   benches/practice.sh [--peer NAME=ENDPOINT,ACCESS_KEY_ID,SECRET_ACCESS_KEY]... [--only "4 KB"|"100 KB"|"1 GiB"|memory]
#                       [--connections N] [--requests N] [--rounds N]
#
# All servers take the same requests in the same run, so the ratios hold on a busy machine too. Objects go to the
# bucket "throughput" of each; the store that is measured lives in a temporary folder.
set -euo pipefail
cd "$(dirname "$0")/.."
exec cargo bench --locked --bench practice_load -- "$@"
