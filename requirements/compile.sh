#!/usr/bin/env bash
# Pins every dependency with its hashes, one file per image, one for the demo and one for development. Run by `make lock`.
set -euo pipefail
cd "$(dirname "$0")/.."

compile() { # compile OUTPUT PYPROJECT... : names no index, so that any mirror may serve the files
  local output=$1; shift
  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
    --no-emit-index-url --no-emit-find-links --no-emit-package kubedoor-core --no-emit-package kubedoor-collector \
    --custom-compile-command "make lock" --output-file "$output" "$@"
}

everything=(services/*/pyproject.toml libs/kubedoor/pyproject.toml tools/kubedoor_dev/pyproject.toml)
compile requirements/dev.txt "${everything[@]}" --group pyproject.toml:dev
# The same versions, so that an image has what was tested.
for service in collector webhook api; do
  compile "requirements/$service.txt" "services/$service/pyproject.toml" --constraint requirements/dev.txt
done
for group in build reload company; do
  compile "requirements/$group.txt" --group "pyproject.toml:$group"
done
# The same versions, so that an environment of the demo becomes one for development by adding to it.
compile requirements/demo.txt "${everything[@]}" --group pyproject.toml:demo --constraint requirements/dev.txt
