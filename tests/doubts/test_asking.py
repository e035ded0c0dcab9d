"""One web address is asked for, politely and within bounds, and never within the own network."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from api.doubts.models import Answer
from importers.checking.asking import Said, new_address
from importers.remote import Ways, is_public
from tests.doubts.hosts import CONTACT, INSIDE, PLAIN, SAFE, Net, Seen, serving


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Net]:
    with serving(tmp_path_factory.mktemp("net")) as net:
        yield net


@pytest.fixture
def net(running: Net) -> Net:
    running.seen = Seen()
    return running


def said(net: Net, path: str, host: str = SAFE) -> Said:
    return net.asker().ask(net.url(path, host))


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/", Answer.FINE),
        ("/heute", Answer.FINE),
        ("/nur-get", Answer.FINE),
        ("/legt-auf", Answer.FINE),
        ("/riesig", Answer.FINE),
        ("/antwort/404", Answer.GONE),
        ("/antwort/410", Answer.GONE),
        ("/antwort/500", Answer.SILENT),
        ("/antwort/403", Answer.UNJUDGED),
        ("/antwort/429", Answer.UNJUDGED),
        ("/antwort/503", Answer.UNJUDGED),
        ("/tropft", Answer.SILENT),
        ("/schweigt", Answer.SILENT),
        ("/kreis", Answer.SILENT),
        ("/nach-innen", Answer.UNJUDGED),
        ("/nach-nummer", Answer.UNJUDGED),
        ("/nach-datei", Answer.UNJUDGED),
    ],
)
def test_what_a_server_says_is_understood(net: Net, path: str, answer: Answer) -> None:
    assert said(net, path).answer == answer


def test_without_tls_it_is_asked_as_well(net: Net) -> None:
    assert said(net, "/", PLAIN) == Said(Answer.FINE, 200)
    assert net.seen.asked == [("HEAD", PLAIN, "/")]


def test_a_server_that_speaks_no_tls_where_it_should_does_not_answer_right(net: Net) -> None:
    assert net.asker().ask(f"https://{SAFE}:{net.plain}/").answer == Answer.SILENT


def test_a_certificate_that_nobody_trusts_is_no_silence(net: Net) -> None:
    other = replace(net.asker(), ways=replace(net.ways, context=Ways().context))
    assert other.ask(net.url("/")).answer == Answer.UNSAFE


def test_a_name_that_nobody_knows_has_no_host(net: Net) -> None:
    assert net.asker().ask("https://weg.example/") == Said(Answer.SILENT, has_host=False)


def test_a_closed_door_has_no_host(net: Net) -> None:
    ways = replace(net.ways, ports=net.ways.ports | {9})
    assert replace(net.asker(), ways=ways).ask(f"http://{PLAIN}:9/") == Said(Answer.SILENT, has_host=False)


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/umgezogen", "https://listen.example:{safe}/neu"),
        ("/weit", "http://anders.example:{plain}/haus?x=ä"),
        ("/dann-heute", "https://listen.example:{safe}/heute"),
        ("/heute", ""),
        ("/erst-heute", ""),
    ],
)
def test_only_what_has_moved_for_ever_has_a_new_address(net: Net, path: str, target: str) -> None:
    answer = said(net, path)
    assert (answer.answer, answer.moved_to) == (Answer.FINE, target.format(safe=net.safe, plain=net.plain))


@pytest.mark.parametrize("path", ["/nach-innen", "/nach-nummer"])
def test_a_redirect_into_the_own_network_is_not_followed(net: Net, path: str) -> None:
    said(net, path)
    assert {host for _, host, _ in net.seen.asked} == {SAFE}


def test_the_own_network_is_not_asked(net: Net) -> None:
    assert said(net, "/", INSIDE).answer == Answer.UNJUDGED
    private = replace(net.asker(), ways=replace(net.ways, is_allowed=is_public))
    assert private.ask(net.url("/")).answer == Answer.UNJUDGED
    assert net.seen.asked == []


def test_a_circle_is_left_after_a_few_rounds(net: Net) -> None:
    said(net, "/kreis")
    assert len(net.seen.asked) == 6


def test_no_page_is_read_however_large_it_is(net: Net) -> None:
    said(net, "/riesig")
    assert net.seen.sent < 20_000_000  # what fits into the buffers of this machine, of 131 MB


def test_whoever_is_asked_can_read_by_whom(net: Net) -> None:
    said(net, "/")
    (agent,) = net.seen.agents
    assert CONTACT in agent
    assert "Unterstuetzungs-Landkarte" in agent


@pytest.mark.parametrize(
    ("old", "moved_to", "new"),
    [
        ("http://a.de/x", "https://www.a.de/x/", ""),
        ("https://a.de", "https://a.de/de/start.html", ""),
        ("https://a.de/x", "https://a.de/y", "https://a.de/y"),
        ("https://a.de/x", "https://b.de/x#oben", "https://b.de/x"),
        ("https://a.de/", "https://b.de/", "https://b.de/"),
        ("https://a.de/x", "https://www.sedoparking.com/a.de", ""),
        ("https://a.de/x", "https://b.de/" + "x" * 600, ""),
        ("https://a.de/x", 'https://b.de/"x', ""),
        ("https://a.de/x", "", ""),
    ],
)
def test_a_new_address_is_proposed_where_it_is_worth_it(old: str, moved_to: str, new: str) -> None:
    assert new_address(old, moved_to) == new
