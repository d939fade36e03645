import base64
import email
import email.policy
import shutil
import ssl
import subprocess

import pytest

from projects.video_activity.alarms.actions.action import GivenUpError
from projects.video_activity.alarms.actions.mail import MailAction
from tests.video_activity.alarms.local_servers import PostOffice, free_port, running
from tests.video_activity.alarms.made_events import make_notice

TO = ("me@example.org", "you@example.org")


def make_mail(port, **changes):
    values = {"security": "none", "timeout": 5.0, "attempts": 3, "first_pause": 0.01}
    mail = MailAction(
        host="127.0.0.1", port=port, sender="w@example.org", to=TO, **values | changes
    )
    mail.told = []
    mail.tell = mail.told.append
    return mail


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Return the files of a key and of a certificate for 127.0.0.1."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed, which makes the certificate")
    folder = tmp_path_factory.mktemp("certificate")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
    command += f" -days 2 -subj /CN=127.0.0.1 -keyout {key} -out {certificate}"
    command += " -addext subjectAltName=IP:127.0.0.1"
    subprocess.run(command.split(), check=True, capture_output=True)
    return key, certificate


@pytest.fixture
def context(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate[1], certificate[0])
    return context


def test_a_message_arrives():
    with running(PostOffice()) as office:
        assert make_mail(office.port).deliver(make_notice(source="Tür")) == 1
        ((sender, recipients, text, encrypted),) = office.letters
    assert (sender, recipients, encrypted) == ("w@example.org", list(TO), False)
    message = email.message_from_bytes(text, policy=email.policy.default)
    assert message["Subject"] == "Alarm (begin): criminal 0.93 of Tür"
    assert message["To"] == "me@example.org, you@example.org"
    assert message["Date"].datetime.isoformat() == "2026-11-21T22:30:05+00:00"
    body = message.get_content()
    assert "ALARM criminal 0.93 at 00:09.0 of Tür (0123456789ab)" in body


def test_a_name_cannot_add_a_header():
    with running(PostOffice()) as office:
        notice = make_notice(source="x\r\nBcc: all@example.org", label="a\nSubject: b")
        make_mail(office.port).deliver(notice)
        ((_, recipients, text, _),) = office.letters
    message = email.message_from_bytes(text, policy=email.policy.default)
    assert message["Bcc"] is None
    assert recipients == list(TO)
    assert len(message.get_all("Subject")) == 1


def test_it_is_encrypted_before_the_password_is_told(certificate, context):
    with running(PostOffice(context)) as office:
        make_mail(
            office.port,
            security="starttls",
            user="me",
            password="geheim",
            ca_file=certificate[1],
        ).deliver(make_notice())
        assert [letter[3] for letter in office.letters] == [True]
        assert base64.b64decode(office.logins[0]) == b"\0me\0geheim"


def test_a_certificate_that_is_not_trusted_ends_it_at_once(context):
    with running(PostOffice(context)) as office:
        with pytest.raises(GivenUpError, match="CERTIFICATE_VERIFY_FAILED"):
            make_mail(office.port, security="starttls").deliver(make_notice())
        assert office.letters == []


def test_a_server_without_encryption_gets_nothing():
    with running(PostOffice()) as office:
        with pytest.raises(GivenUpError, match="STARTTLS"):
            make_mail(office.port, security="starttls").deliver(make_notice())
        assert office.letters == []


def test_it_tries_again_what_may_pass():
    refusals = {"MAIL": ["451 later"], "RCPT": ["450 grey", "450 grey"]}
    with running(PostOffice(refusals=refusals)) as office:
        assert make_mail(office.port).deliver(make_notice()) == 1
        assert len(office.letters) == 1
        assert refusals == {"MAIL": [], "RCPT": []}


def test_it_gives_up_what_is_refused_for_good():
    with running(PostOffice(refusals={"MAIL": ["550 never"]})) as office:
        with pytest.raises(GivenUpError, match="never"):
            make_mail(office.port).deliver(make_notice())
    with running(PostOffice(refusals={"RCPT": ["550 who?", "550 who?"]})) as office:
        with pytest.raises(GivenUpError, match="who?"):
            make_mail(office.port).deliver(make_notice())


def test_who_is_refused_is_told_and_the_others_get_it():
    with running(PostOffice(refusals={"RCPT": ["550 who?"]})) as office:
        mail = make_mail(office.port)
        assert mail.deliver(make_notice()) == 1
        assert office.letters[0][1] == ["you@example.org"]
    assert mail.told == ["email: not sent to me@example.org"]


def test_a_server_that_is_down_is_given_up():
    with pytest.raises(GivenUpError, match="refused; 3 attempts"):
        make_mail(free_port()).deliver(make_notice())
