"""The documentation keeps up with the code: what is missing there, or points nowhere, fails."""

import re
import shutil
import tomllib
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine
from sqlmodel import SQLModel

import api.models  # noqa: F401 - all tables in one place
from api.core.languages import LANGUAGES
from api.core.settings import Settings
from api.main import create_api
from importers import demo, identity, mapping, referrals, regions, rules, spaces
from importers.apply import import_file
from importers.record import Record
from importers.run import prepare

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
# Folders with pages that are not ours.
FOREIGN = re.compile(r"(^|/)(\.[^/]+|var|node_modules|vendor)/")
PAGES = sorted(path for path in ROOT.rglob("*.md") if not FOREIGN.search(str(path.relative_to(ROOT))))
ADRS = sorted((DOCS / "adr").glob("[0-9]*.md"))


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def called(path: Path) -> str:
    return str(path.relative_to(ROOT))


def prose(page: str) -> str:
    """A page without its blocks of code."""
    return re.sub(r"^```.*?^```", "", page, flags=re.DOTALL | re.MULTILINE)


def code_words(page: str) -> set[str]:
    """Every word that stands as `code` in the prose of a page."""
    return {
        word
        for span in re.findall(r"`([^`]+)`", prose(page))
        for word in re.split(r"[\s=,]+", span.replace("\\", ""))
    }


def anchors(page: str) -> set[str]:
    """The names under which the headings of a page can be linked."""
    headings = re.findall(r"^#+ +(.+)$", prose(page), flags=re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {name.strip().replace(" ", "-") for name in plain}


@pytest.mark.parametrize("path", PAGES, ids=called)
def test_relative_links_lead_somewhere(path: Path) -> None:
    for target, anchor in re.findall(r"\]\(([^)#\s]*)(?:#([^)\s]+))?\)", prose(text(path))):
        is_page = ROOT / "data" / "texts" in path.parents and target.startswith("/")
        if is_page or re.match(r"[a-z]+:", target):
            continue  # a page of the service, or elsewhere
        found = path.parent / target if target else path
        assert found.exists(), f"{called(path)} links to {target}, which does not exist"
        if anchor:
            assert anchor in anchors(text(found)), f"{called(path)}: {target} has no heading for #{anchor}"


def test_pages_that_the_code_names_exist() -> None:
    sources = [
        path
        for folder in ("api", "web", "importers", "ops", "alembic", "data")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".sql", ".toml", ".sh"}
    ]
    for path in (*sources, ROOT / ".env.example", ROOT / "Makefile", ROOT / "publiccode.yml"):
        for page in re.findall(r"docs/[\w./-]+\.(?:md|png)", text(path)):
            assert (ROOT / page).is_file(), f"{called(path)} names {page}, which does not exist"


def test_make_targets_that_the_docs_name_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", text(ROOT / "Makefile"), flags=re.MULTILINE))
    for path in PAGES:
        page = text(path)
        lines = re.findall(r"^(?:[A-Z]+=\S+ )?make ([a-z ]+)", page, flags=re.MULTILINE)
        spans = re.findall(r"`(?:[A-Z]+=\S+ )?make ([a-z ]+)", page)
        for line in (*lines, *spans):
            unknown = (
                set(line.partition("  ")[0].split()[:2])
                - targets
                - {
                    "args",
                    "f",
                    "batch",
                    "paths",
                    "region",
                    "regions",
                    "minutes",
                    "search",
                    "ogc",
                    "email",
                    "role",
                    "name",
                    "new",
                }
            )
            assert not unknown, f"{called(path)} names make {' '.join(unknown)}"


def test_the_changelog_has_a_place_for_what_is_new() -> None:
    assert re.search(r"^## \[Unreleased\]$", text(ROOT / "CHANGELOG.md"), flags=re.MULTILINE)


def test_every_setting_is_explained() -> None:
    explained = code_words(text(REFERENCE / "einstellungen.md"))
    names = {f"LANDKARTE_{name.upper()}" for name in Settings.model_fields}
    assert names == {word for word in explained if word.startswith("LANDKARTE_")}


def test_the_sample_of_the_settings_is_complete() -> None:
    names = re.findall(r"^#?(LANDKARTE_[A-Z_]+)=", text(ROOT / ".env.example"), flags=re.MULTILINE)
    assert sorted(names) == sorted(f"LANDKARTE_{name.upper()}" for name in Settings.model_fields)


def test_every_route_of_the_api_is_described_with_its_parameters() -> None:
    page = text(REFERENCE / "schnittstelle.md")
    described = code_words(page)
    paths = create_api(create_engine("postgresql+psycopg://")).openapi()["paths"]
    headings = set(re.findall(r"^## `([A-Z]+ \S+)`$", page, flags=re.MULTILINE))
    routes = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    assert headings == routes
    for path, methods in paths.items():
        for route in methods.values():
            for parameter in route.get("parameters", []):
                assert parameter["name"] in described, f"{path}: {parameter['name']}"


def test_every_key_of_a_mapping_is_described() -> None:
    described = code_words(text(REFERENCE / "zuordnungsdatei.md"))
    for table in (Record, mapping.SourceTable, mapping.FileTable, rules.Skip, rules.Rule):
        missing = set(table.model_fields) - described
        assert not missing, f"{table.__name__}: {missing}"


def test_every_key_of_a_region_file_is_described() -> None:
    described = code_words(text(REFERENCE / "regionsdatei.md"))
    tables = (
        regions.RegionTable,
        identity.IdentityTable,
        regions.HelpTable,
        regions.DivisionTable,
        regions.DivisionSource,
        regions.Import,
        referrals.ReferralTable,
        spaces.Level,
    )
    for table in tables:
        missing = set(table.model_fields) - described
        assert not missing, f"{table.__name__}: {missing}"


def test_every_table_and_column_is_described() -> None:
    page = text(REFERENCE / "datenmodell.md")
    for table in SQLModel.metadata.sorted_tables:
        row = re.search(rf"^\| `{table.name}` \|.*$", page, flags=re.MULTILINE)
        assert row, f"the table {table.name} is missing"
        missing = {column.name for column in table.columns} - {"id"} - code_words(row[0])
        assert not missing, f"{table.name}: {missing}"


def test_every_direct_dependency_has_its_reason() -> None:
    page = text(DOCS / "explanation" / "abhaengigkeiten.md")
    given = set(re.findall(r"^\| `([^`]+)` \|", page, flags=re.MULTILINE))
    project = tomllib.loads(text(ROOT / "pyproject.toml"))
    groups = project["dependency-groups"]
    said = (*project["project"]["dependencies"], *groups["dev"], *groups["bench"], *groups["check"])
    wanted = {name.partition("==")[0] for name in said}
    wanted |= {path.name for path in (ROOT / "web/static/vendor").iterdir() if path.is_dir()}
    system = {"postgresql", "postgresql-…-postgis-3", "python3-venv", "chromium-headless-shell"}
    system |= {"libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-dejavu-core"}
    system |= {"nodejs", "npm", "wrk", "faketime", "debootstrap", "default-jre-headless"}
    assert given == wanted | system


def test_decisions_are_numbered_listed_and_complete() -> None:
    assert [path.name[:4] for path in ADRS] == [f"{number:04}" for number in range(1, len(ADRS) + 1)]
    overview = text(DOCS / "adr" / "README.md")
    for path in ADRS:
        assert f"]({path.name})" in overview
        headings = re.findall(r"^## (.+)$", text(path), flags=re.MULTILINE)
        assert headings == ["Context", "Decision", "Consequences", "Alternatives", "Enforced by"], path.name


def test_the_overview_lists_every_page() -> None:
    overview = text(DOCS / "README.md")
    for path in DOCS.rglob("*.md"):
        page = path.relative_to(DOCS)
        if page.parts[0] != "adr" and page.name != "README.md":
            assert f"]({page})" in overview, f"{page} is missing"


def test_publiccode_agrees_with_the_project() -> None:
    project = tomllib.loads(text(ROOT / "pyproject.toml"))["project"]
    page = text(ROOT / "publiccode.yml")
    assert f"  license: {project['license']}\n" in page
    described = re.search(r"availableLanguages:\n((?: +- \w+\n)+)", page)
    assert described
    assert set(re.findall(r"- (\w+)", described[1])) == {language.tag for language in LANGUAGES.values()}


def test_pictures_stay_small() -> None:
    for path in (DOCS / "bilder").iterdir():
        assert path.stat().st_size < 250_000, path.name


def _files(page: str) -> dict[str, str]:
    """The files that a reader of the tutorial makes."""
    return dict(re.findall(r"^Datei `([^`]+)`:\n\n```\w+\n(.*?)^```", page, flags=re.DOTALL | re.MULTILINE))


def test_the_tutorial_comes_out_as_it_says(database: Engine, tmp_path: Path) -> None:
    page = text(DOCS / "tutorial" / "erste-schritte.md")
    shutil.copytree(ROOT / "data" / "taxonomy", tmp_path / "data" / "taxonomy")
    for name, content in _files(page).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    assert demo.load_all(database, tmp_path / "data") == 0
    folder = tmp_path / "data" / "beispielstadt"
    job = prepare(folder / "offers/liste.csv", folder / "mappings/liste.toml")
    report = import_file(database, job, dry_run=True).text()
    shown = re.search(r"^3 Zeilen: .*?(?=^```)", page, flags=re.DOTALL | re.MULTILINE)
    assert shown
    assert shown[0].strip() in report
