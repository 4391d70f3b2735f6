"""The trail reaches a log collector, in order, and nothing is lost while it is down."""

from __future__ import annotations

import json
import re
import socket
import threading

import pytest
from django.db import transaction

from jigai.platform.audit.forward import collector, forward
from jigai.platform.audit.models import Forwarding, Link
from jigai.platform.audit.services import record
from jigai.platform.walls.actor import command
from jigai.platform.walls.scope import command_scope, use_scope

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


class Collector:
    """A log collector of one test: reads frames by octet count until the sender closes, then closes itself."""

    def __init__(self, port: int = 0, rude: bool = False) -> None:
        self.messages: list[str] = []
        self.rude = rude
        self.server = socket.create_server(("127.0.0.1", port))
        self.port = self.server.getsockname()[1]
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self) -> None:
        while True:
            try:
                stream, _ = self.server.accept()
            except OSError:
                return
            if self.rude:  # dies with unread bytes in hand
                stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
                stream.close()
                continue
            data = b""
            while part := stream.recv(65536):
                data += part
            while data:
                size, _, data = data.partition(b" ")
                self.messages.append(data[: int(size)].decode())
                data = data[int(size) :]
            stream.close()

    def close(self) -> None:
        self.server.shutdown(socket.SHUT_RDWR)
        self.thread.join()
        self.server.close()


def tell(*names):
    for name in names:
        with transaction.atomic(), use_scope(command_scope("test")):
            record(command("test"), "job.done", after={"name": name}, reason='say "yes"]', address="10.0.0.7")


def named(message):
    return json.loads(message.partition("\ufeff")[2])["after"]["name"]


@pytest.fixture
def heard(settings):
    one = Collector()
    settings.SYSLOG = f"127.0.0.1:{one.port}"
    yield one
    one.close()


def test_events_arrive_in_order_as_rfc_5424(heard):
    tell("甲", "乙", "丙")
    assert forward() == 3
    assert [named(one) for one in heard.messages] == ["甲", "乙", "丙"]
    first = heard.messages[0]
    pattern = (
        r"<109>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+08:00 \S+ jigai - audit \[jigai@32473 [^\]]*\] \ufeff\{.*\}"
    )
    assert re.fullmatch(pattern, first)
    assert 'position="1"' in first
    assert f'hash="{Link.objects.get(position=1).hash}"' in first
    assert 'address="10.0.0.7"' in first
    assert forward() == 0


def test_quotes_and_brackets_are_escaped(heard):
    with transaction.atomic(), use_scope(command_scope("test")):
        record(command('o"ne]\\'), "job.done")
    forward()
    assert r'actor="command: o\"ne\]\\"' in heard.messages[0]


def test_nothing_is_lost_while_the_collector_is_down(settings):
    down = socket.create_server(("127.0.0.1", 0))
    port = down.getsockname()[1]
    down.close()
    settings.SYSLOG = f"tcp://127.0.0.1:{port}"
    tell("a", "b")
    assert forward() == 0
    mark = Forwarding.objects.get()
    assert mark.position == 0
    assert mark.failing_since is not None
    assert mark.error
    since = mark.failing_since
    assert forward() == 0
    assert Forwarding.objects.get().failing_since == since
    tell("c")
    up = Collector(port)
    assert forward() == 3
    assert [named(one) for one in up.messages] == ["a", "b", "c"]
    mark = Forwarding.objects.get()
    assert (mark.position, mark.error, mark.failing_since) == (3, "", None)
    up.close()


def test_a_collector_that_dies_while_reading_gets_it_again(settings):
    rude = Collector(rude=True)
    settings.SYSLOG = f"127.0.0.1:{rude.port}"
    tell("a")
    assert forward() == 0
    rude.close()
    kind = Collector(rude.port)
    assert forward() == 1
    assert [named(one) for one in kind.messages] == ["a"]
    kind.close()


def test_more_than_a_batch(heard, monkeypatch):
    monkeypatch.setattr("jigai.platform.audit.forward.BATCH", 4)
    tell(*map(str, range(10)))
    assert forward() == 10
    assert [named(one) for one in heard.messages] == list(map(str, range(10)))


def test_by_udp(settings):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear:
        ear.bind(("127.0.0.1", 0))
        ear.settimeout(5)
        settings.SYSLOG = f"udp://127.0.0.1:{ear.getsockname()[1]}"
        tell("a", "b")
        assert forward() == 2
        assert [named(ear.recv(65536).decode()) for _ in range(2)] == ["a", "b"]


def test_without_a_collector_nothing_is_marked(settings):
    settings.SYSLOG = ""
    tell("a")
    assert forward() == 0
    assert not Forwarding.objects.exists()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("log.example:6514", ("tcp", "log.example", 6514)),
        ("udp://10.1.1.1", ("udp", "10.1.1.1", 514)),
        ("tcp://[::1]:601", ("tcp", "::1", 601)),
    ],
)
def test_addresses(settings, given, expected):
    settings.SYSLOG = given
    assert collector() == expected
