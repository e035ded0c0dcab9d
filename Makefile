# One line per target; what takes more lives in ops/. `make` alone lists them.
PYTHON ?= python3
export PYTHON
# What people say reaches the programs as it is: neither make nor the shell reads it a second time.
SAID := f mapping out known dry_run report batch args paths upgrade regions minutes region search ogc email role name new
$(foreach word,$(SAID),$(eval override $(word) := $$(value $(word))))
export $(SAID)
PY := .venv/bin/python
WITH_DATABASE := $(PY) -m ops.cluster exec
.DEFAULT_GOAL := help
.PHONY: help run test proof bench check fix migrate import mapping addresses place doubts duplicates undo index account sweep digest news texts vendor screenshots lock database browser tools

help: ## diese Übersicht
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/app.stamp ## alles einrichten, dann auf http://127.0.0.1:8000 laufen lassen (PORT=8001 für einen anderen Port)
	@$(PY) -m ops.run

test: .venv/dev.stamp .venv-check/check.stamp database browser tools ## alle Tests, mit Datenbank und Browser (args="-k name" für einzelne)
	@PYTEST_ADDOPTS="-n 2 --dist loadfile --no-loadscope-reorder $$PYTEST_ADDOPTS $$args" $(WITH_DATABASE) $(PY) -m pytest

proof: .venv/dev.stamp database browser tools ## der lange Beweis: Abstürze, volle Platten, Uhrsprünge, alle Anfragen (args="-k disk" für Teile)
	@sh ops/packages.sh image java && sh ops/npm.sh lighthouse && sh ops/npm.sh vnu
	@PYTEST_ADDOPTS="$$PYTEST_ADDOPTS $$args" $(WITH_DATABASE) $(PY) -m pytest -m proof

bench: .venv/dev.stamp .venv-bench/bench.stamp database ## messen und docs/reference/performance.md schreiben (regions=400 auch die große Anlage, search=1 auch die Suche, ogc=1 auch die OGC API)
	@sh ops/packages.sh bench
	@$(WITH_DATABASE) $(PY) -m bench $${regions:+--regions="$$regions"} $${minutes:+--minutes="$$minutes"} $${search:+--search} $${ogc:+--ogc} $$args

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
	@$(WITH_DATABASE) $(PY) -m importers $${mapping:+--mapping="$$mapping"} $${dry_run:+--dry-run} $${report:+--report="$$report"} -- $${f:+"$$f"}

mapping: .venv/app.stamp database ## eine Zuordnung vorschlagen lassen: f=datei region=kürzel [out=zuordnung.toml] [known=ordner mit früheren]
	@$(WITH_DATABASE) $(PY) -m importers.assistant $${region:+--region="$$region"} $${out:+--out="$$out"} $${known:+--known="$$known"} -- $${f:+"$$f"}

addresses: .venv/app.stamp database ## Adressen einer Region laden, um Orte ohne Koordinate zu finden: f=datei mapping=adressen.toml [dry_run=1]
	@$(WITH_DATABASE) $(PY) -m importers.geocoding $${mapping:+--mapping="$$mapping"} $${dry_run:+--dry-run} -- $${f:+"$$f"}

place: .venv/app.stamp database ## Orte ohne Koordinate noch einmal suchen: region=kürzel [dry_run=1]
	@$(WITH_DATABASE) $(PY) -m importers.geocoding --again $${region:+--region="$$region"} $${dry_run:+--dry-run}

doubts: .venv/app.stamp database ## Angebote prüfen, Auffälliges in die Warteschlange: region=kürzel [minutes=30] [dry_run=1]
	@$(WITH_DATABASE) $(PY) -m importers.checking $${region:+--region="$$region"} $${minutes:+--minutes="$$minutes"} $${dry_run:+--dry-run}

duplicates: .venv/app.stamp database ## Angebote suchen, die doppelt auf der Karte stehen (region=kürzel für eine); entschieden wird von Menschen
	@$(WITH_DATABASE) $(PY) -m importers.duplicates $${region:+--region="$$region"}

undo: .venv/app.stamp database ## einen ganzen Import oder eine Zusammenführung zurücknehmen: batch=nummer
	@$(WITH_DATABASE) $(PY) -m importers.undo -- $${batch:+"$$batch"}

index: .venv/app.stamp database ## die Suchindizes neu aufbauen (region=kürzel für eine)
	@$(WITH_DATABASE) $(PY) -m ops.index $${region:+"$$region"}

account: .venv/app.stamp database ## Konten: email=… name="…" region=kürzel role=admin lädt ein; ohne Angaben: alle; new=link, block oder free
	@$(WITH_DATABASE) $(PY) -m ops.account $${email:+--email="$$email"} $${region:+--region="$$region"} $${role:+--role="$$role"} $${name:+--name="$$name"} $${new:+--new="$$new"}

sweep: .venv/app.stamp database ## ankündigen und archivieren, was sehr lange niemand geprüft hat; abgelaufene Listen löschen (dry_run=1 sagt es nur)
	@$(WITH_DATABASE) $(PY) -m ops.sweep $${dry_run:+--dry-run}

digest: .venv/app.stamp database ## Anbietern schreiben, deren Angebote geprüft werden sollten (dry_run=1 zeigt es nur)
	@$(WITH_DATABASE) $(PY) -m ops.digest $${dry_run:+--dry-run}

news: .venv/app.stamp database ## Mitarbeitenden schreiben, was in ihren Suchen und auf ihren Listen neu ist (dry_run=1 zählt nur)
	@$(WITH_DATABASE) $(PY) -m ops.news $${dry_run:+--dry-run}

texts: .venv/dev.stamp ## die Texte aller Sprachen auf den neuesten Stand bringen
	@$(PY) -m ops.texts

vendor: ## die mitgelieferten Browser-Bibliotheken neu holen (braucht npm)
	sh ops/vendor.sh

screenshots: .venv/dev.stamp database browser ## Bilder aller Seiten für docs/ (paths="/ /angebote" args="--whole" macht nur diese, nach var/screenshots)
	@set -f; $(WITH_DATABASE) $(PY) -m ops.screenshots $$paths $$args

lock: ## requirements/*.txt neu auflösen (upgrade=1 mit neuen Fassungen)
	@sh ops/lock.sh

database:
	@[ -n "$$LANDKARTE_DATABASE_URL" ] || sh ops/packages.sh database

browser:
	@sh ops/packages.sh browser

tools:
	@sh ops/packages.sh clock bench && sh ops/npm.sh oracles

.venv/app.stamp: requirements/app.txt
	@sh ops/venv.sh app

.venv/dev.stamp: requirements/dev.txt requirements/app.txt
	@sh ops/venv.sh dev

.venv-bench/bench.stamp: requirements/bench.txt
	@sh ops/venv.sh bench

.venv-check/check.stamp: requirements/check.txt
	@sh ops/venv.sh check
