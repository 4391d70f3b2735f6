"""The ways out: a real mail server, a real folder, and both failing for a while."""

from __future__ import annotations

import email
import email.policy
import json
import socketserver
import threading
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from jigai.platform.accounts.models import User
from jigai.platform.notices.data import waits
from jigai.platform.notices.delivering import deliver
from jigai.platform.notices.models import Delivery
from jigai.platform.notices.services import send
from jigai.platform.walls.actor import command
from jigai.platform.walls.scope import command_scope, use_scope

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
LOOK = command_scope("tests look")


class PostOffice(socketserver.ThreadingTCPServer):
    """A mail server of one test: takes letters, or refuses receivers it does not like."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        self.letters: list[email.message.EmailMessage] = []
        self.refuse = False
        super().__init__(("127.0.0.1", port), Counter)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return self.server_address[1]

    def close(self) -> None:
        self.shutdown()
        self.server_close()


class Counter(socketserver.StreamRequestHandler):
    """One conversation by RFC 5321."""

    def handle(self) -> None:
        self.say("220 here")
        while line := self.rfile.readline():
            match line.split()[0].upper() if line.split() else b"":
                case b"EHLO" | b"HELO" | b"MAIL" | b"RSET" | b"NOOP":
                    self.say("250 ok")
                case b"RCPT":
                    self.say("550 no such person" if self.server.refuse else "250 ok")
                case b"DATA":
                    self.say("354 go on")
                    text = b""
                    while (line := self.rfile.readline()) != b".\r\n":
                        text += line
                    self.server.letters.append(email.message_from_bytes(text, policy=email.policy.default))
                    self.say("250 taken")
                case b"QUIT":
                    self.say("221 bye")
                    return
                case _:
                    self.say("500 what?")

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@pytest.fixture
def office(settings):
    one = PostOffice()
    settings.MAIL_URL = f"smtp://127.0.0.1:{one.port}"
    settings.MAIL_FROM = "jigai@example.org"
    settings.SITE_URL = "https://jigai.example.org/"
    yield one
    one.close()


def tell(city, **more):
    user = city.people["county_officer"]
    User.objects.filter(pk=user.pk).update(email="officer@example.org", phone="13800000000")
    more = {"kind": "fact", "title": "请核对年度数据", "text": "共 3 户", "url": "/enterprises/", **more}
    return send(command("test"), to=user, **more)[0]


def deliveries():
    with transaction.atomic(), use_scope(LOOK):
        return list(Delivery.objects.order_by("pk"))


def later():
    """Let the waiting time pass."""
    with transaction.atomic(), use_scope(LOOK):
        Delivery.objects.exclude(next_at=None).update(next_at=timezone.now() - timedelta(seconds=1))


def test_a_letter_arrives_whole(city, office, settings):
    tell(city, due=timezone.localdate())
    assert deliver() == 1
    [letter] = office.letters
    assert letter["Subject"] == f"[{settings.CITY_NAME}] 请核对年度数据"
    assert (letter["To"], letter["From"]) == ("officer@example.org", "jigai@example.org")
    text = letter.get_content()
    for words in ("共 3 户", "期限：", "https://jigai.example.org/enterprises/"):
        assert words in text
    assert deliver() == 0
    [one] = deliveries()
    assert (one.state, one.attempts, one.error) == ("sent", 1, "")
    assert one.sent_at
    page = city.client("county_officer").get(f"/notices/{one.notice_id}/").content.decode()
    assert "邮件" in page
    assert "已发" in page


def test_a_letter_is_in_the_language_of_the_person(city, office):
    User.objects.filter(pk=city.people["county_officer"].pk).update(language="en")
    tell(city)
    deliver()
    assert "sent by the system" in office.letters[0].get_content()


def test_while_the_server_is_down_it_waits_longer_each_time_and_then_arrives(city, office, settings):
    port = office.port
    office.close()
    tell(city)
    times = []
    for attempt in (1, 2, 3):
        assert deliver() == 0
        [one] = deliveries()
        assert (one.state, one.attempts) == ("waiting", attempt)
        assert "ConnectionRefused" in one.error
        times.append(one.next_at - timezone.now())
        assert deliver() == 0, "not before its time"
        later()
    assert times[0] < times[1] < times[2]
    again = PostOffice(port)
    assert deliver() == 1
    assert len(again.letters) == 1
    assert deliveries()[0].error == ""
    again.close()


def test_a_letter_nobody_takes_is_given_up_in_the_end(city, office):
    office.refuse = True
    tell(city)
    for _ in waits():
        deliver()
        later()
    [one] = deliveries()
    assert (one.state, one.attempts) == ("given_up", len(waits()))
    assert "no such person" in one.error
    assert office.letters == []
    assert deliver() == 0


def test_one_bad_letter_does_not_hold_up_the_others(city, office, settings):
    tell(city)
    office.refuse = True
    deliver()
    office.refuse = False
    tell(city)
    assert deliver() == 1


def test_files(city, settings, tmp_path):
    settings.NOTICE_DIR = tmp_path / "out"
    notice = tell(city, due=timezone.localdate())
    assert deliver() == 1
    [path] = (tmp_path / "out").iterdir()
    assert path.name == f"notice-{notice.pk}.json"
    said = json.loads(path.read_text(encoding="utf-8"))
    assert said["title"] == "请核对年度数据"
    assert said["to"]["phone"] == "13800000000"
    assert said["url"].endswith("/enterprises/")
    assert said["due"] == timezone.localdate().isoformat()


def test_a_folder_that_cannot_be_written_is_tried_again(city, settings, tmp_path):
    blocked = tmp_path / "out"
    blocked.write_text("a file where the folder should be")
    settings.NOTICE_DIR = blocked
    tell(city)
    assert deliver() == 0
    assert deliveries()[0].state == "waiting"
    blocked.unlink()
    later()
    assert deliver() == 1


def test_without_ways_out_there_is_nothing_to_deliver(city, settings):
    tell(city)
    assert deliveries() == []


def test_a_way_that_is_switched_off_keeps_its_letters(city, office, settings):
    tell(city)
    settings.MAIL_URL = ""
    assert deliver() == 0
    assert deliveries()[0].attempts == 0


@pytest.mark.parametrize(
    ("url", "port", "ssl", "tls"),
    [("smtp://a", 25, False, False), ("smtps://a", 465, True, False), ("starttls://u:p%40@a", 587, False, True)],
)
def test_addresses_of_mail_servers(settings, url, port, ssl, tls):
    from jigai.platform.notices.adapters import post_office

    settings.MAIL_URL = url
    found = post_office()
    assert (found.host, found.port, found.use_ssl, found.use_tls) == ("a", port, ssl, tls)
    if "@" in url:
        assert (found.username, found.password) == ("u", "p@")
