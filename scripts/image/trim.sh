#!/bin/sh
# trim.sh <service> <source> <target>: copies what one service runs.
set -eu
service=$1
source=$2
target=$3

cd "$source"
[ -f "services/$service/main.ts" ] || { echo "there is no service $service" >&2; exit 1; }
mkdir -p "$target/services" "$target/scripts"
cp -r "services/$service" "$target/services/"
cp -r shared "$target/"
rm -rf "$target/shared/testing"
cp -r scripts/jobs "$target/scripts/"
mkdir -p "$target/scripts/journeys"
cp scripts/journeys/person.ts "$target/scripts/journeys/"
if [ "$service" = web ]; then cp -r scripts/image "$target/scripts/"; fi
if grep -q '"@florin/ml"' "services/$service/package.json"; then cp -r ml "$target/"; fi
find "$target" -name node_modules -prune -o \( -name '*.test.ts' -o -name tsconfig.json \) -exec rm -f {} +
printf "import './services/%s/main.ts';\n" "$service" > "$target/start.mjs"
