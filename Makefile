# Every target installs what it needs from nothing. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help run screen test test-all lint bench lock settings plan-file bundle former
AS_OF ?= 2026-11-23
OUT ?= out
SINCE := $(shell date +%s)

help: ## show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

run: screen ## set everything up, screen the sample ledgers into out/, then serve the trial site until Ctrl-C
	@SINCE=$(SINCE) exec sh scripts/run.sh

screen: ## set everything up and screen the sample ledgers into out/
	@sh scripts/install.sh platform
	@sh scripts/screen_samples.sh $(AS_OF) $(OUT)

lint: ## style, types, floors
	@sh scripts/install.sh dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

test: lint ## everything that must pass before a change lands (at most 20 minutes on two cores)
	@sh scripts/test.sh quick

test-all: lint ## the above, the slow rest, and the one-office mode in full
	@sh scripts/test.sh all

bench: ## measure speed and size side by side; prints ratios, stores JSON
	@sh scripts/install.sh dev
	.venv/bin/python -m benchmarks

lock: ## write the hashed requirement files anew
	sh scripts/lock.sh

.PHONY: indicators
indicators: ## write docs/reference/indicators.zh.md from the register of indicators
	@sh scripts/install.sh dev
	.venv/bin/python scripts/indicators.py

.PHONY: questionnaire
questionnaire: ## write docs/reference/questionnaire.zh.md from the questionnaire of the diagnosis
	@sh scripts/install.sh dev
	.venv/bin/python scripts/questionnaire.py

settings: ## write docs/reference/settings.md from environment.csv
	@sh scripts/install.sh dev
	.venv/bin/python scripts/settings.py

plan-file: ## write docs/reference/plan-file.zh.md from the schema of the plan file
	@sh scripts/install.sh dev
	.venv/bin/python scripts/plan_file.py

former: ## keep a dump of the database as this release makes it, for the upgrade test of the next ones
	@sh scripts/install.sh dev
	.venv/bin/python scripts/former.py

bundle: ## make the offline installation folder in dist/
	@sh scripts/install.sh dev
	@sh scripts/assets.sh
	.venv/bin/python scripts/bundle.py dist
