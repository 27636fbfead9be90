# `make serve` and `make test` set everything up themselves; a second run starts at once.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# env.yml asks for Python 3.11; 3.12 and 3.10 do as well.
PYTHON ?= $(shell for v in 3.11 3.12 3.10; do command -v python$$v >/dev/null && \
	python$$v -c 'import venv, ensurepip' 2>/dev/null && echo python$$v && break; done || true)
ifeq ($(strip $(PYTHON)),)
PYTHON := python3
endif
PY := .venv/bin/python

PORT ?= 5001
WORKERS ?= 1
# What serves: Azure's own server, or the faster host (HOST=fast, docs/host.md).
HOST ?= azmlinfsrv
ENTRY ?= score/score.py
SAMPLE_MODEL := models/diabetes/1
DIGITS_MODEL := models/digits/1
IRIS_MODEL := models/iris/1
SPARK_MODEL := models/diabetes_spark/1
# The image door and the classifier have models of their own.
MODEL_DIR ?= $(if $(filter %/image.py,$(ENTRY)),$(DIGITS_MODEL),$(if $(filter \
	%/classifier.py,$(ENTRY)),$(IRIS_MODEL),$(SAMPLE_MODEL)))

# Debian packages that some tests need (on other systems: the same programs).
SYSTEM_PACKAGES := wrk curl
# NSwag, the generator of the C# client, and its compiler run on mono.
SYSTEM_PACKAGES += mono-devel mono-mcs
# The container image and its base.
SYSTEM_PACKAGES += podman runc debootstrap
# The browser page and the proxy in front of an endpoint.
SYSTEM_PACKAGES += chromium caddy
# Spark, behind score/spark_table.py.
SYSTEM_PACKAGES += openjdk-17-jre-headless
# Where node comes from elsewhere, as it often does, npm came with it.
SYSTEM_PACKAGES += $(shell command -v npm >/dev/null || echo npm)

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

# -- set-up ---------------------------------------------------------------------

.venv/bin/python:
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 10) <= v <= (3, 12) else \
	"Python %d.%d found; this project needs 3.10, 3.11 or 3.12: make PYTHON=python3.11" % v)'
	@echo "== creating .venv with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv .venv

# A stamp is newer than its lock file once everything in the lock is installed.
.venv/runtime.stamp: requirements.lock | .venv/bin/python
	@echo "== installing what env.yml lists, as pinned in $<"
	@$(PY) -m pip install --disable-pip-version-check --no-deps --require-hashes -r $<
	@touch $@

.venv/dev.stamp: requirements-dev.lock | .venv/runtime.stamp
	@echo "== installing the development tools, as pinned in $<"
	@$(PY) -m pip install --disable-pip-version-check --no-deps --require-hashes -r $<
	@touch $@

.PHONY: setup
setup: .venv/dev.stamp $(SAMPLE_MODEL)/model.joblib ## create .venv with everything, train the sample model

$(SAMPLE_MODEL)/model.joblib: training/train.py training/scoring_model/manifest.py | .venv/runtime.stamp
	@echo "== training the sample model"
	@$(PY) training/train.py --output $(SAMPLE_MODEL)

$(IRIS_MODEL)/model.joblib: training/iris.py training/scoring_model/manifest.py | .venv/runtime.stamp
	@echo "== training the iris model"
	@$(PY) training/iris.py --output $(IRIS_MODEL)

$(DIGITS_MODEL)/model.joblib: training/digits.py training/digit_grid.py training/image_input.py | .venv/runtime.stamp
	@echo "== training the digits model"
	@$(PY) training/digits.py --output $(DIGITS_MODEL)

$(SPARK_MODEL)/model/metadata/_SUCCESS: training/diabetes_spark.py | .venv/dev.stamp
	@echo "== training the Spark model"
	@$(PY) training/diabetes_spark.py --output $(SPARK_MODEL)

.PHONY: system-packages
system-packages: ## install the Debian packages that some tests need
	@missing=(); for p in $(SYSTEM_PACKAGES); do dpkg -s $$p >/dev/null 2>&1 || missing+=($$p); done; \
	if (( $${#missing[@]} )); then \
	  sudo=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	  $$sudo apt-get update -qq; \
	  DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq --no-install-recommends "$${missing[@]}"; \
	fi

.PHONY: lock
lock: .venv/dev.stamp ## compile both lock files from env.yml and pyproject.toml
	@$(PY) scripts/lock.py

# -- run ------------------------------------------------------------------------

.PHONY: serve
serve: .venv/runtime.stamp $(patsubst %,%/model.joblib,$(filter $(SAMPLE_MODEL) $(DIGITS_MODEL) $(IRIS_MODEL),$(MODEL_DIR))) ## train the sample model if needed and serve it (PORT= WORKERS= ENTRY= MODEL_DIR= HOST=)
	@$(PY) -m deploy serve --port $(PORT) --workers $(WORKERS) --host $(HOST) --entry $(ENTRY) --model-dir $(MODEL_DIR)

PAGE_PORT ?= 8080

# npm writes this file last. Without npm the page works, but for files and Swagger UI.
PAGE_PACKAGES := clients/browser/node_modules/.package-lock.json
$(PAGE_PACKAGES): clients/browser/package-lock.json
	@if command -v npm >/dev/null; then echo "== installing what the browser page needs of the npm registry"; \
	npm ci --prefix clients/browser --ignore-scripts --no-audit --no-fund --loglevel error && touch $@; fi

.PHONY: page
page: .venv/runtime.stamp $(SAMPLE_MODEL)/model.joblib $(DIGITS_MODEL)/model.joblib $(PAGE_PACKAGES) ## serve both doors, the browser page and Swagger UI beside them (PAGE_PORT=)
	@$(PY) -m deploy page --port $(PAGE_PORT)

SCRIPT ?= examples/studio/join/script.py
DATA ?= $(dir $(SCRIPT))request.json

.PHONY: studio
studio: .venv/dev.stamp ## run a script of Studio's without a server (SCRIPT= DATA= DATA2= BUNDLE=)
	@$(PY) -m deploy studio $(SCRIPT) --data $(DATA) $(if $(DATA2),--data2 $(DATA2)) $(if $(BUNDLE),--bundle $(BUNDLE))

# -- check ----------------------------------------------------------------------

.PHONY: lint
lint: .venv/dev.stamp ## ruff and mypy
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy

# npm writes this file last. Without npm the tests that need it are skipped.
NODE_TOOLS := tests/tools/node_modules/.package-lock.json
$(NODE_TOOLS): tests/tools/package-lock.json
	@if command -v npm >/dev/null; then echo "== installing the test tools of the npm registry"; \
	npm ci --prefix tests/tools --ignore-scripts --no-audit --no-fund --loglevel error && touch $@; fi

# CI builds the container image too: debootstrap wants root.
.PHONY: test
test: lint $(SAMPLE_MODEL)/model.joblib $(DIGITS_MODEL)/model.joblib $(NODE_TOOLS) $(PAGE_PACKAGES) ## lint, types and every test
	@$(PY) -m pytest -n 2 --dist loadfile $(if $(filter true,$(CI)),-m '')

.PHONY: test-processors
test-processors: .venv/dev.stamp $(SAMPLE_MODEL)/model.joblib $(DIGITS_MODEL)/model.joblib ## the numeric tests, computed as on three other processors
	@$(PY) scripts/other_processors.py

.PHONY: contract
contract: .venv/dev.stamp $(SAMPLE_MODEL)/model.joblib $(IRIS_MODEL)/model.joblib $(DIGITS_MODEL)/model.joblib $(SPARK_MODEL)/model/metadata/_SUCCESS ## take clients/contract from the running services; needs Java
	@$(PY) -m deploy contract

.PHONY: generate
generate: .venv/dev.stamp $(NODE_TOOLS) ## make the typed clients from clients/contract
	@clients/generate

FUZZ_CASES ?= 3000
.PHONY: fuzz
fuzz: .venv/dev.stamp $(SAMPLE_MODEL)/model.joblib $(DIGITS_MODEL)/model.joblib ## send every door 3 000 generated requests (FUZZ_CASES=)
	@FUZZ_CASES=$(FUZZ_CASES) $(PY) -m pytest -s --timeout 3600 tests/contract/test_fuzz.py

.PHONY: test-container
test-container: .venv/dev.stamp $(SAMPLE_MODEL)/model.joblib ## build the image with podman and score it; takes minutes
	@$(PY) -m pytest -m container --timeout 1800 tests/deploy/targets/test_container.py

.PHONY: format
format: .venv/dev.stamp ## let ruff put the code in order
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .
	@$(PY) -m nbstripout notebooks/*.ipynb

.PHONY: bench
bench: .venv/dev.stamp $(SAMPLE_MODEL)/model.joblib $(DIGITS_MODEL)/model.joblib ## measure the service; needs wrk (make system-packages)
	@$(PY) -m bench

.PHONY: clean
clean: ## remove the environment, the sample models and the caches
	@rm -rf .venv models build tests/tools/node_modules clients/browser/node_modules .mypy_cache .pytest_cache .ruff_cache .hypothesis
