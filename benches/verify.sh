#!/bin/bash
# How quickly many images are held against expectations: `brimful verify` on a server on loopback.
#
# usage: benches/verify.sh [-e ENDPOINT] [-n IMAGES] [-r RUNS] [-b BRIMFUL]
#   -e  an S3 server that lets anyone in [default: practice storage, which shares the processors and enforces everything]
#   -n  how many images [default: 10,000]
#   -r  how often each case runs; the median counts [default: 3]
#   -b  the program [default: target/release/brimful, built where it is not there]
#
# Cases: headers (type and bytes, size in pixels: the beginning of each file), decode (each file whole, decoded and compared
# with all others), signed (as headers, with a sign-in). All write all reports. Prints images a second, wall and processor time
# and peak memory of the client. Needs curl 7.76, openssl, Python 3 and GNU time.
set -euo pipefail

endpoint='' images=10000 runs=3
root=$(cd "$(dirname "$0")/.." && pwd)
brimful=$root/target/release/brimful
while getopts 'e:n:r:b:h' option; do
  case $option in
    e) endpoint=$OPTARG ;;
    n) images=$OPTARG ;;
    r) runs=$OPTARG ;;
    b) brimful=$OPTARG ;;
    *) sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0"; exit 2 ;;
  esac
done
[ -x "$brimful" ] || (cd "$root" && cargo build --release --locked)
time=$(type -P time) || { echo 'GNU time is needed (Debian: time)' >&2; exit 2; }
data=$(mktemp -d "${BENCH_DATA:-/dev/shm}/brimful-bench.XXXXXX")
server=''
end() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  rm -rf "$data"
}
trap end EXIT

export BRIMFUL_HOME=$data/home AWS_REGION=${AWS_REGION:-us-east-1} AWS_EC2_METADATA_DISABLED=true
if [ -z "$endpoint" ]; then
  "$brimful" practice --dir "$data/store" >"$data/practice.txt" 2>&1 &
  server=$!
  for _ in $(seq 100); do
    grep -q AWS_REGION "$data/practice.txt" && break
    sleep 0.1
  done
  eval "$(grep -oE 'export AWS_[A-Z_0-9]+=.*' "$data/practice.txt")"
  endpoint=$AWS_ENDPOINT_URL
fi
export AWS_ACCESS_KEY_ID=${AWS_ACCESS_KEY_ID:-bench} AWS_SECRET_ACCESS_KEY=${AWS_SECRET_ACCESS_KEY:-bench-secret}
unset AWS_ENDPOINT_URL AWS_ENDPOINT_URL_S3

bucket=brimful-verify-$$
signed() { # method, what follows the bucket, body
  local md5
  md5=$(printf %s "${3:-}" | openssl md5 -binary | base64)
  curl -sS --fail-with-body -o /dev/null --aws-sigv4 "aws:amz:$AWS_REGION:s3" \
    --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" -H 'x-amz-content-sha256: UNSIGNED-PAYLOAD' \
    ${3:+-H "content-md5: $md5" --data-binary "$3"} -X "$1" "$endpoint/$bucket$2"
}
signed PUT ''
# curl signs a query that has a value; of other servers it is said that they let anyone in.
if [ -n "$server" ]; then
  signed DELETE '?publicAccessBlock='
  signed PUT '?policy=' '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject",
    "Resource":"arn:aws:s3:::'"$bucket"'/*"}]}'
fi

# Small pictures of 120 × 90 pixels, all of them different.
python3 - "$data/images" "$images" <<'PYTHON'
import os, random, struct, sys, zlib
folder, count = sys.argv[1], int(sys.argv[2])
os.makedirs(folder)
width, height, chance = 120, 90, random.Random(1)
def chunk(kind, data):
    return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))
head = b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', width, height, 8, 2, 0, 0, 0))
for at in range(count):
    stripe = chance.randbytes(width * 3)
    rows = b''.join(b'\0' + stripe[y % 7 * 3:] + stripe[:y % 7 * 3] for y in range(height))
    with open(f'{folder}/{at:05}.png', 'wb') as file:
        file.write(head + chunk(b'IDAT', zlib.compress(rows, 1)) + chunk(b'IEND', b''))
PYTHON
"$brimful" upload "$data/images/" "s3://$bucket/images/" --endpoint-url "$endpoint" --quiet

cat >"$data/headers.toml" <<'TOML'
[[rule]]
access = "public"
content_type = "image/png"
content_type_matches_bytes = true
width = 120
height = { min = 90, max = 90 }
bytes = { max = "100 KB" }
TOML
sed 's/access = "public"//' "$data/headers.toml" >"$data/signed.toml"
{ cat "$data/headers.toml"; printf 'decodes = true\nunique_content = true\n'; } >"$data/decode.toml"

printf '%-8s %10s %8s %8s %8s   %s images, median of %s\n' case 'images/s' wall cpu MiB "$images" "$runs"
for case in headers decode signed; do
  : >"$data/runs"
  for _ in $(seq "$runs"); do
    "$time" -a -o "$data/runs" -f '%e %U %S %M' "$brimful" verify "s3://$bucket/images/" --expect "$data/$case.toml" \
      --report "$data/report" --endpoint-url "$endpoint" --quiet $([ $case = signed ] && echo --signed) >"$data/said" 2>&1 ||
      { echo "$case failed:" >&2; head -3 "$data/said" >&2; exit 1; }
  done
  sort -n "$data/runs" | awk -v name="$case" -v images="$images" '
    { wall[NR] = $1; cpu[NR] = $2 + $3; mib[NR] = $4 / 1024 }
    END { m = int((NR + 1) / 2); printf "%-8s %10.0f %7.2fs %7.2fs %8.0f\n", name, images / wall[m], wall[m], cpu[m], mib[m] }'
done
