"""Lists are fetched from the open internet by https, and nothing else can be reached that way."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from importers import remote
from importers.errors import UnusableError
from importers.remote import Ways
from tests.importers.far import LIST, NAME, serving


@pytest.fixture(scope="module")
def far(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Ways]]:
    yield from serving(tmp_path_factory.mktemp("far"))


def fetched(far: tuple[int, Ways], path: str, folder: Path, host: str = NAME) -> Path:
    port, ways = far
    return remote.fetch(f"https://{host}:{port}{path}", folder, ways)


@pytest.mark.parametrize("path", ["/liste.csv", "/einmal", "/liste.csv?x=ä&y=%20#hier"])
def test_a_list_is_fetched(far: tuple[int, Ways], tmp_path: Path, path: str) -> None:
    file = fetched(far, path, tmp_path)
    assert (file.name, file.read_bytes()) == ("liste.csv", LIST)


def test_a_file_without_ending_gets_one_from_its_type(far: tuple[int, Ways], tmp_path: Path) -> None:
    assert fetched(far, "/daten", tmp_path).name == "daten.csv"


def test_a_name_with_folders_and_turned_text_stays_in_the_folder(
    far: tuple[int, Ways], tmp_path: Path
) -> None:
    file = fetched(far, "/benannt", tmp_path)
    assert file.parent == tmp_path
    assert file.name.isprintable()
    assert file.name.endswith("wd.csv")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/nach/http", "https://"),
        ("/nach/datei", "https://"),
        ("/nach/gopher", "https://"),
        ("/nach/nummer", "Namen eines Servers"),
        ("/nach/innen", "nicht im öffentlichen Internet"),
        ("/nach/protokoll", "nicht im öffentlichen Internet"),
        ("/nach/ausweis", "kein Kennwort"),
        ("/nach/anschluss", "Anschluss 22"),
        ("/nach/leer", "leitet mehr als 3-mal weiter"),
        ("/kreis", "leitet mehr als 3-mal weiter"),
        ("/gepackt", "gepackt"),
        ("/riesig", "zu groß"),
        ("/endlos", "zu groß"),
        ("/tropft", "länger als 2 Sekunden"),
        ("/tropft-kopf", "länger als 2 Sekunden"),
        ("/cut", "nicht ganz angekommen"),
        ("/fehlt", "Antwort 404"),
    ],
)
def test_a_server_that_means_harm_is_left_with_a_sentence(
    far: tuple[int, Ways], tmp_path: Path, path: str, said: str
) -> None:
    with pytest.raises(UnusableError, match=said):
        fetched(far, path, tmp_path)


def test_one_private_address_makes_all_suspicious(far: tuple[int, Ways], tmp_path: Path) -> None:
    with pytest.raises(UnusableError, match="nicht im öffentlichen Internet"):
        fetched(far, "/liste.csv", tmp_path, "halb.example")


def test_a_name_is_looked_up_once_for_each_request(far: tuple[int, Ways], tmp_path: Path) -> None:
    port, ways = far
    answers = iter([["127.0.0.1"], ["10.0.0.8"]])  # the second one would lead inside
    once = replace(ways, look_up=lambda _host, _port: next(answers))
    assert remote.fetch(f"https://{NAME}:{port}/liste.csv", tmp_path, once).read_bytes() == LIST
    assert next(answers) == ["10.0.0.8"]


def test_a_certificate_of_somebody_else_is_not_trusted(far: tuple[int, Ways], tmp_path: Path) -> None:
    port, ways = far
    with pytest.raises(UnusableError, match="Zertifikat"):
        remote.fetch(f"https://{NAME}:{port}/", tmp_path, replace(ways, context=Ways().context))
    other = replace(ways, look_up=lambda _host, _port: ["127.0.0.1"])
    with pytest.raises(UnusableError, match="Zertifikat"):
        remote.fetch(f"https://anders.example:{port}/", tmp_path, other)


def test_without_leave_this_machine_is_not_reached(far: tuple[int, Ways], tmp_path: Path) -> None:
    port, ways = far
    with pytest.raises(UnusableError, match="nicht im öffentlichen Internet"):
        remote.fetch(f"https://{NAME}:{port}/", tmp_path, replace(ways, is_allowed=remote.is_public))


def test_no_proxy_of_the_surroundings_is_used(
    far: tuple[int, Ways], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("https_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert fetched(far, "/liste.csv", tmp_path).read_bytes() == LIST


@pytest.mark.parametrize(
    "address",
    [
        "http://listen.example/liste.csv",
        "ftp://listen.example/",
        "file:///etc/passwd",
        "gopher://listen.example/",
        "javascript:alert(1)",
        "data:text/csv,a",
        "https://",
        "https:///etc/passwd",
        "https:listen.example",
        "//listen.example/",
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.1/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://0/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/",
        "https://[fe80::1%25eth0]/",
        "https://[64:ff9b::7f00:1]/",
        "https://①②⑦.0.0.1/",
        "https://localhost/",
        "https://db/",
        "https://listen.example@127.0.0.1/",
        "https://127.0.0.1#@listen.example/",
        "https://127.0.0.1\\@listen.example/",
        "https://user:pass@listen.example/",
        "https://@listen.example/",
        "https://listen.example:22/",
        "https://listen.example:80/",
        "https://listen.example:0/",
        "https://listen.example:99999/",
        "https://listen.example:abc/",
        "https://listen.example\r\nHost: innen/",
        "https://listen.example/a b",
        "https://listen\u202e.example/",
        "https://listen.example/\x00",
        "https://-listen.example/",
        "https://listen..example/",
        f"https://{'a' * 64}.example/",
        f"https://listen.example/{'a' * 2_000}",
    ],
)
def test_a_hostile_address_is_refused_before_anything_is_asked(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(*_asked: object) -> list[str]:
        raise AssertionError("somebody was asked")

    monkeypatch.setattr(socket, "create_connection", nobody)
    with pytest.raises(UnusableError):
        remote.fetch(address, tmp_path, Ways(look_up=nobody))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "0.1.2.3", "10.1.2.3", "100.64.0.1", "100.127.255.254", "127.0.0.1", "127.8.8.8",
        "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.168.1.1",
        "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1",
        "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:10.0.0.1", "::ffff:127.0.0.1",
        "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::",
        "2001::1", "2001:db8::1", "fc00::1", "fd12::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1",
        "100::1", "listen.example", "",
    ],
)  # fmt: skip
def test_addresses_that_are_not_on_the_open_internet(address: str) -> None:
    assert not remote.is_public(address)


@pytest.mark.parametrize("address", ["9.9.9.9", "2620:fe::fe", "64:ff9b::909:909", "::ffff:9.9.9.9"])
def test_addresses_on_the_open_internet(address: str) -> None:
    assert remote.is_public(address)


def test_a_name_with_umlauts_is_asked_for_in_its_ascii_form(tmp_path: Path) -> None:
    asked = []

    def look_up(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["10.0.0.1"]

    with pytest.raises(UnusableError, match="nicht im öffentlichen Internet"):
        remote.fetch("https://münster.example./liste.csv", tmp_path, Ways(look_up=look_up))
    assert asked == ["xn--mnster-3ya.example"]
