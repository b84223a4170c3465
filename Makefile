# What a user or developer runs. `make help` lists it.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

PYTHON ?= python3
BIN := .venv/bin
export REGISTRY TAG
# Where it is set, each of the hundreds of programs that the tests start would compile every module anew.
unexport PYTHONDONTWRITEBYTECODE
PACKAGES := libs/kubedoor_core services/collector services/webhook services/api libs/kubedoor tools/kubedoor_dev

# install FILE: the pinned packages of a file and, editable, our own, into .venv.
define install
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "KubeDoor needs Python 3.11 or newer: set PYTHON=/path/to/python3.11")'
@test -x $(BIN)/python || $(PYTHON) -m venv .venv
@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r $(1)
@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation $(PACKAGES:%=-e %)
endef

# What the tests run besides our own programs.
TESTED_WITH := prometheus prometheus-alertmanager victoria-metrics nginx slapd jcmd chromium

.PHONY: images images-list help setup tools demo test test-dates kube-assets e2e bench faults lint fmt dev generate lock clean

help: ## List the commands
	@grep -E '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## /\1\t/' | expand -t 12

setup: .venv/.installed frontend/node_modules/.installed ## Install everything into the checkout (.venv, node_modules)

.venv/.installed: requirements/dev.txt $(PACKAGES:%=%/pyproject.toml)
	@echo "Installing the Python packages into .venv (about a minute the first time)"
	$(call install,requirements/dev.txt)
	@touch $@

# What the demo needs, and no more: a fraction of what development does. Where that is installed, it serves the demo too.
.venv/.demo: requirements/demo.txt $(PACKAGES:%=%/pyproject.toml)
	@echo "Installing the Python packages of the demo into .venv"
	$(call install,requirements/demo.txt)
	@touch $@

frontend/node_modules/.installed: frontend/package-lock.json
	@echo "Installing the console's packages into frontend/node_modules"
	@cd frontend && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

demo: $(if $(wildcard .venv/.installed),.venv/.installed,.venv/.demo) frontend/node_modules/.installed ## Run the whole system on this machine and do the main job on it (DEMO_ONCE=1: then stop)
	@$(BIN)/python -m kubedoor_dev.demo

tools: setup ## Install every program that the tests run
	@$(BIN)/python -m kubedoor_dev.tools --install $(TESTED_WITH) faketime

test: setup ## Run every test that needs no cluster
	@$(BIN)/python -m kubedoor_dev.tools --install $(TESTED_WITH)
	@$(BIN)/python -m kubedoor_dev.run_tests

test-dates: setup ## Run every test a year ahead and on 29 February (ONLY=tests/unit/core: some of them)
	@$(BIN)/python -m kubedoor_dev.tools --install $(TESTED_WITH)
	@$(BIN)/python -m kubedoor_dev.another_day

kube-assets: setup ## Build a real control plane, kwok and Helm with Go, once, outside the checkout (KUBE_VERSION=1.35.4: another)
	@$(BIN)/python -m kubedoor_dev.control_plane

e2e: setup ## Run the tests against a real Kubernetes control plane, built by Go where KUBEBUILDER_ASSETS is not set
	@$(BIN)/python -m kubedoor_dev.control_plane > /dev/null
	@$(BIN)/python -m kubedoor_dev.tools --install prometheus victoria-metrics nginx jcmd
	@$(BIN)/python -m kubedoor_dev.run_e2e

bench: setup ## Run the benchmarks, side by side, as ratios (ONLY=admission: one suite; PROFILE=1: profiles; WRITE_DOCS=1: docs/benchmarks.md)
	@cd tests && PYTHONPATH=. ../$(BIN)/python -m bench

faults: setup ## Run the fault suite: parts killed, frozen, lying, overloaded (SHORT=1: less of each; ONLY=words)
	@$(BIN)/python -m kubedoor_dev.tools --install prometheus nginx slapd faketime
	@cd tests && PYTHONPATH=. ../$(BIN)/python -m faults

lint: setup ## Run the static checks
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy libs services tools tests
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python -m kubedoor_dev.generate --check
	@cd frontend && npm run --silent lint

fmt: setup ## Format the code
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format .
	@cd frontend && npm run --silent fmt

generate: setup ## Make the committed generated files again (OpenAPI document, TypeScript types, schema snapshot, dashboards)
	@$(BIN)/python -m kubedoor_dev.generate

dev: ## Run the containers for development
	docker compose up --build

comma := ,
images: ## Build the four images (REGISTRY=registry.example.org/kubedoor TAG=0.1.0; PUSH=1: for amd64 and arm64, and push)
	@docker buildx version > /dev/null 2>&1 || { echo "make images: Docker with buildx is needed, and does not answer" >&2; exit 1; }
	@REVISION=$$(git rev-parse HEAD) docker buildx bake --file deploy/images.yaml $(if $(METADATA),--metadata-file $(METADATA)) \
	  $(if $(PUSH),--push --provenance=mode=max --sbom=true --set '*.platform=linux/amd64$(comma)linux/arm64',--load)

images-list: ## List every image that the chart uses, for a mirror
	@cat deploy/images.txt

lock: .venv/.installed ## Pin the Python dependencies again, with hashes
	@PATH="$(CURDIR)/$(BIN):$$PATH" requirements/compile.sh

clean: ## Remove what the commands above made
	rm -rf .venv .cache .demo .bench .faults frontend/node_modules frontend/dist
