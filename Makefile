# Every target installs what it needs from nothing. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help run test test-all lint bench lock
AS_OF ?= 2026-11-23
OUT ?= out

help: ## show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

run: ## set everything up and screen the sample ledgers into out/
	@sh scripts/install.sh core
	@sh scripts/screen_samples.sh $(AS_OF) $(OUT)

lint: ## style, types, floors
	@sh scripts/install.sh dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

test: lint ## everything that must pass before a change lands (at most 20 minutes on two cores)
	.venv/bin/python -m pytest -q -n 2

test-all: lint ## the above and the slow rest
	.venv/bin/python -m pytest -q -n 2 -m ""

bench: ## measure speed and size side by side; prints ratios, stores JSON
	@sh scripts/install.sh dev
	.venv/bin/python -m benchmarks

lock: ## write the hashed requirement files anew
	sh scripts/lock.sh
