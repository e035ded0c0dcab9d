# One line per target; what takes more lives in ops/. `make` alone lists them.
PYTHON ?= python3
export PYTHON
PY := .venv/bin/python
WITH_DATABASE := $(PY) -m ops.cluster exec
.DEFAULT_GOAL := help
.PHONY: help run test check fix migrate import undo texts vendor screenshots lock database browser

help: ## diese Übersicht
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/app.stamp ## alles einrichten, dann auf http://127.0.0.1:8000 laufen lassen (PORT=8001 für einen anderen Port)
	@$(PY) -m ops.run

test: .venv/dev.stamp database browser ## alle Tests, mit Datenbank und Browser (args="-k name" für einzelne)
	@$(WITH_DATABASE) $(PY) -m pytest $(args)

check: .venv/dev.stamp database ## Stil, Typen, Schichten, Vorlagen, Migrationen
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	.venv/bin/lint-imports
	.venv/bin/djlint --lint --profile=jinja web/templates
	@$(WITH_DATABASE) $(PY) -m ops.model_check

fix: .venv/dev.stamp ## richten, was sich von selbst richten lässt
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

migrate: .venv/app.stamp database ## die Tabellen auf den neuesten Stand bringen
	@$(WITH_DATABASE) $(PY) -m alembic upgrade head

import: .venv/app.stamp database ## Angebote einlesen: f=datei mapping=zuordnung.toml [dry_run=1] [report=json]
	@$(WITH_DATABASE) $(PY) -m importers $(if $(f),"$(f)") $(if $(mapping),--mapping "$(mapping)") $(if $(dry_run),--dry-run) $(if $(report),--report $(report))

undo: .venv/app.stamp database ## einen ganzen Import zurücknehmen: batch=nummer
	@$(WITH_DATABASE) $(PY) -m importers.undo $(batch)

texts: .venv/dev.stamp ## die Texte aller Sprachen auf den neuesten Stand bringen
	@$(PY) -m ops.texts

vendor: ## die mitgelieferten Browser-Bibliotheken neu holen (braucht npm)
	sh ops/vendor.sh

screenshots: .venv/dev.stamp database browser ## Bilder der Seiten nach var/screenshots (paths="/ /angebote" args="--whole")
	@$(WITH_DATABASE) $(PY) -m ops.screenshots $(paths) $(args)

lock: ## requirements/*.txt neu auflösen (upgrade=1 mit neuen Fassungen)
	@upgrade=$(upgrade) sh ops/lock.sh

database:
	@[ -n "$$LANDKARTE_DATABASE_URL" ] || sh ops/packages.sh database

browser:
	@sh ops/packages.sh browser

.venv/app.stamp: requirements/app.txt
	@sh ops/venv.sh app

.venv/dev.stamp: requirements/dev.txt requirements/app.txt
	@sh ops/venv.sh dev
