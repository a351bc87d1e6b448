# Everything runs inside .venv, which the first target that needs it builds from requirements.lock.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup demo test lint format annotate bench bench-labels eval-scrub tagger lock docs

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
export PATH := $(CURDIR)/$(BIN):$(PATH)
# uv and pip name their folders of local wheels differently; honour either.
export UV_FIND_LINKS ?= $(PIP_FIND_LINKS)

help: ## Show this list.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

# The newest supported interpreter that runs; a shim that only names a missing version does not count.
define FIND_PYTHON
for python in "$$PYTHON" python3.11 python3.12 python3.13 python3; do \
  [ -n "$$python" ] && "$$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo "$$python" && exit; \
done; \
echo "Safelight needs Python 3.11, 3.12 or 3.13; set PYTHON=/path/to/python if it is not on the PATH." >&2; exit 1
endef

$(READY): requirements.lock pyproject.toml
	@python="$$($(FIND_PYTHON))" && [ -n "$$python" ] && \
	echo "==> $(VENV): creating it with $$($$python --version)" && "$$python" -m venv $(VENV)
	@echo "==> $(VENV): installing requirements.lock"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "$$(grep '^uv==' requirements.lock)"
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv --system-certs pip install --requirement requirements.lock
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv --system-certs pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

setup: $(READY) ## Create .venv and install the locked requirements into it.

# torch is pinned without its CUDA companions: a CPU wheel needs none, and the registry's own build names them exactly.
lock: $(READY) ## Resolve requirements.lock again from pyproject.toml.
	@$(BIN)/uv pip compile --quiet --universal --extra dev --no-annotate --no-header pyproject.toml --output-file requirements.resolved
	@grep -vE '^(nvidia-|cuda-|triton)' requirements.resolved \
	  | sed "s/ ; python_full_version < '3.14' and (sys_platform == 'darwin' or sys_platform == 'linux')$$//" > requirements.lock
	@rm requirements.resolved

demo: $(READY) ## Run the whole pipeline on the bundled synthetic sample.
	@dvc repro
	@safelight show

test: $(READY) ## Run the tests.
	@pytest $(PYTEST)

lint: $(READY) ## Check formatting, style, types and who imports whom.
	@ruff format --check .
	@ruff check .
	@mypy
	@lint-imports

format: $(READY) ## Format the code and mend what ruff can.
	@ruff check --fix --quiet . ; ruff format .

annotate: $(READY) ## Start Label Studio on this machine with the ads to label.
	@[ -e data/tasks.jsonl ] || dvc repro tasks
	@safelight annotate up
	@[ -n "$$VIRTUAL_ENV" ] || echo "In a new shell first: source $(BIN)/activate"

bench: $(READY) ## Measure the scrubber's speed beside plain Presidio's.
	@python -m bench.scrub --output docs/bench_scrub.json

bench-labels: $(READY) ## Measure how many labels active learning saves (ADS=emscad.csv).
	@python -m bench.label_efficiency --ads $(or $(ADS),../shared/data/ads/emscad.csv) --output docs/label_efficiency.json

eval-scrub: $(READY) ## Compare the scrubber with plain Presidio on gold sets (GOLD=folder).
	@python -m bench.eval_scrub $(if $(GOLD),--gold "$(GOLD)") --output docs/eval_scrub.json

tagger: $(READY) ## Train the tagger of names and places again from DATA.
	@python -m models.tagger.lexicon pipeline/taggers/lexicon.txt
	@python -m models.tagger.train $(DATA) --weights pipeline/taggers/tagger.safetensors --metrics docs/tagger.json

docs: $(READY) ## Write the generated parts of the documentation.
	@safelight docs stages
	@safelight codebook guidelines annotation/guidelines.md
	@dvc plots show --json | python -m bench.figure docs/precision_recall.svg
	@python -m bench.tables
