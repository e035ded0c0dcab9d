"""The form for consultation hours as tests ask it, and what its answers say."""

import re
from collections.abc import Mapping
from html import unescape

from starlette.testclient import TestClient

PATH = "/sprechzeiten-formular"
BASE = {"z1-von": "9", "z1-bis": "12", "z1-feiertage": "offen"}
EVEN = ",".join(map(str, range(2, 53, 2)))
ODD = ",".join(map(str, range(1, 54, 2)))


def shown(visitor: TestClient, fields: Mapping[str, str | list[str]], **headers: str) -> str:
    answer = visitor.get(PATH, params=dict(fields), headers=headers)
    assert answer.status_code == 200
    return answer.text


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def dates(html: str) -> list[str]:
    """The rows of the preview, each as one text."""
    found = re.search(r'<ol class="hours-dates".*?</ol>', html, re.DOTALL)
    return [words(row) for row in re.findall(r"<li.*?</li>", found[0], re.DOTALL)] if found else []


def rrules(html: str) -> list[str]:
    found = re.search(r'<pre class="hours-technical"[^>]*>(.*?)</pre>', html, re.DOTALL)
    return re.findall(r"^RRULE:(.*)$", unescape(found[1]), re.MULTILINE) if found else []


def fault(html: str, field: str) -> str:
    found = re.search(rf'id="{field}-fehler">(.*?)</p>', html)
    assert found, f"nothing is said at {field}"
    assert f'href="#{field}"' in html
    assert re.search(rf'id="{field}"[^>]*aria-invalid="true"[^>]*aria-describedby="{field}-fehler', html)
    return unescape(found[1])
